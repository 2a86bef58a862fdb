// A secret: a value that no log, error or listing can show by accident.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// Holds the bytes of a secret, moves but does not copy, and zeroes them when it ends.
class Secret {
public:
    Secret() = default;
    /// Takes the text over; what the caller held is zeroed.
    explicit Secret(std::string&& text);
    Secret(Secret&&) noexcept = default;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() { wipe(); }

    bool empty() const noexcept { return bytes_.empty(); }
    /// The secret itself.  It lives as long as this object: do not keep it, do not print it.
    std::string_view reveal() const noexcept { return {bytes_.data(), bytes_.size()}; }

private:
    void wipe() noexcept;

    std::vector<char> bytes_;   // not a string: a short one would leave a copy behind when it is moved
};

/// Overwrites a text that held a secret.
void wipe(std::string& text) noexcept;

/// Reads the secret in a file: a regular one of at most 64 KiB, one newline at its end removed.  Throws Error.
Secret read_secret(const std::string& path);

}
