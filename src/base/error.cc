// Errors: context added on the way up.
#include "base/error.h"

#include <cerrno>
#include <system_error>

namespace forge {

SystemError errno_error(const std::string& what)
{
    const int code = errno;
    return {what + ": " + std::generic_category().message(code), code};
}

void rethrow_while(const std::string& what)
{
    try {
        throw;
    } catch (const SystemError& error) {
        throw SystemError(what + ": " + error.what(), error.code);
    } catch (const ConfigError& error) {
        throw ConfigError(what + ": " + error.what());
    } catch (const std::exception& error) {
        throw Error(what + ": " + error.what());
    }
}

std::string describe(const std::exception& error)
{
    std::string message = error.what();
    try {
        std::rethrow_if_nested(error);
    } catch (const std::exception& inner) {
        message += ": " + describe(inner);
    }
    return message;
}

}
