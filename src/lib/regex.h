// Regular expressions in time linear to the text, on RE2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace forge {

struct RegexOptions {
    bool case_sensitive = true;
    bool bytes = false;                       // the text is any bytes (Latin-1), not UTF-8
    std::int64_t memory_bytes = 4 << 20;      // for the program and its automata; a larger pattern is refused
};

/// A compiled expression.  Immutable: any number of threads may use one at once.
class Regex {
public:
    /// Group 0 is the whole match; a group that took no part is absent.
    using Groups = std::vector<std::optional<std::string_view>>;

    /// RE2 syntax; throws Error "pattern …: reason".
    explicit Regex(std::string_view pattern, const RegexOptions& options = {});
    Regex(Regex&&) noexcept;
    Regex& operator=(Regex&&) noexcept;
    ~Regex();

    /// An ECMA-262 pattern as JSON Schema uses it; throws Error that names the construct which cannot be had.
    static Regex ecma(std::string_view pattern);

    /// The whole text matches.
    bool matches(std::string_view text) const;
    /// Some part of the text matches.
    bool finds(std::string_view text) const;
    /// The first match at or after a position, with all groups; its views live as long as the text.  Anchors and word
    /// boundaries see the text before the position.
    std::optional<Groups> search(std::string_view text, std::size_t from = 0) const;

    const std::string& pattern() const;

private:
    std::unique_ptr<const re2::RE2> compiled_;
};

/// The same expression in RE2's syntax: anchors, classes and escapes mean what ECMA-262 (with flag u) says.  Throws
/// Error for what RE2 cannot do (lookaround, back references) and for what is no ECMA-262 pattern.
std::string re2_from_ecma(std::string_view pattern);

}
