// Errors: one type that is thrown where a fault is found, and what adds context on the way up.
#pragma once

#include <exception>
#include <stdexcept>
#include <string>

namespace forge {

/// Anything that went wrong at run time.  The message names the object and starts in lower case.
struct Error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A failed system call; `code` is the errno value.
struct SystemError : Error {
    SystemError(const std::string& message, int code_) : Error(message), code(code_) {}
    int code;
};

/// Settings that cannot work.  A program that meets one at start exits with 78 (EX_CONFIG).
struct ConfigError : Error {
    using Error::Error;
};

/// "open /srv/x: No such file or directory", from errno as it is now.
SystemError errno_error(const std::string& what);

/// In a catch block: throws "what: message of the current exception", keeping its type if it is one of ours.
[[noreturn]] void rethrow_while(const std::string& what);

/// The whole message of an exception, nested ones joined with ": ".
std::string describe(const std::exception& error);

constexpr int exit_usage = 64;    // EX_USAGE of sysexits.h
constexpr int exit_config = 78;   // EX_CONFIG of sysexits.h

}
