// A secret: a value that no log, error, listing or core dump can show by accident.
#pragma once

#include <string>
#include <string_view>

#include "os/secret_memory.h"

namespace forge {

/// Holds the bytes of a secret, moves but does not copy.
class Secret {
public:
    Secret() = default;
    /// Takes the text over; what the caller held is zeroed.
    explicit Secret(std::string&& text);
    explicit Secret(SecretMemory bytes) noexcept : bytes_(std::move(bytes)) {}

    bool empty() const noexcept { return bytes_.size() == 0; }
    /// The secret itself.  It lives as long as this object: do not keep it, do not print it.
    std::string_view reveal() const noexcept { return bytes_.view(); }

private:
    SecretMemory bytes_;
};

struct SecretFile {
    Secret secret;
    bool is_exposed = false;   // its group or others may read it
};
/// Reads the secret in a file: a regular one of at most 64 KiB, one newline at its end removed.  Throws Error.
SecretFile read_secret(const std::string& path);

/// Of a file's mode: its group or others may read it.
constexpr bool is_exposed(unsigned mode) { return (mode & 077U) != 0; }

}
