// Regular expressions in time linear to the text, on RE2.
#include "lib/regex.h"

#include <re2/re2.h>

#include "base/error.h"

namespace forge {

namespace {

re2::StringPiece piece(std::string_view text)
{
    return {text.data(), text.size()};
}

re2::RE2::Options re2_options(const RegexOptions& options)
{
    re2::RE2::Options chosen;
    chosen.set_log_errors(false);
    chosen.set_case_sensitive(options.case_sensitive);
    chosen.set_encoding(options.bytes ? re2::RE2::Options::EncodingLatin1 : re2::RE2::Options::EncodingUTF8);
    chosen.set_max_mem(options.memory_bytes);
    return chosen;
}

}

Regex::Regex(std::string_view pattern, const RegexOptions& options)
    : compiled_(std::make_unique<const re2::RE2>(piece(pattern), re2_options(options)))
{
    if (!compiled_->ok())
        throw Error("pattern " + std::string{pattern} + ": " + compiled_->error());
}

Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

Regex Regex::ecma(std::string_view pattern)
try {
    return Regex{re2_from_ecma(pattern), {.memory_bytes = 1 << 20}};
} catch (const Error&) {
    rethrow_while("pattern " + std::string{pattern});
}

bool Regex::matches(std::string_view text) const
{
    return compiled_->Match(piece(text), 0, text.size(), re2::RE2::ANCHOR_BOTH, nullptr, 0);
}

bool Regex::finds(std::string_view text) const
{
    return compiled_->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

std::optional<Regex::Groups> Regex::search(std::string_view text, std::size_t from) const
{
    const int count = compiled_->NumberOfCapturingGroups() + 1;
    std::vector<re2::StringPiece> found(static_cast<std::size_t>(count));
    if (from > text.size()
        || !compiled_->Match(piece(text), from, text.size(), re2::RE2::UNANCHORED, found.data(), count))
        return std::nullopt;

    Groups groups;
    groups.reserve(found.size());
    for (const auto& group : found)
        groups.push_back(group.data() ? std::optional{std::string_view{group.data(), group.size()}} : std::nullopt);
    return groups;
}

const std::string& Regex::pattern() const
{
    return compiled_->pattern();
}

}
