// Versions of templates: Semantic Versioning 2.0.0.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// "1.2.0-rc.1+build".  Ordered by precedence (section 11); build metadata does not count there.
class Version {
public:
    Version() = default;

    /// Nothing for what is no semantic version (section 9 and 10; numbers up to 64 bits).
    static std::optional<Version> parse(std::string_view text);

    std::string text() const;

    friend std::strong_ordering operator<=>(const Version& a, const Version& b);
    friend bool operator==(const Version& a, const Version& b) { return (a <=> b) == 0; }

private:
    std::uint64_t major_ = 0;
    std::uint64_t minor_ = 0;
    std::uint64_t patch_ = 0;
    std::vector<std::string> prerelease_;
    std::string build_;
};

/// The order of a catalog: by precedence, then by text, so that equal precedence has an order too.
std::strong_ordering version_order(std::string_view a, std::string_view b);

}
