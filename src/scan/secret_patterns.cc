// The table of secrets, compiled.
#include "scan/secret_patterns.h"

#include <algorithm>

#include "base/text.h"
#include "scan/prefix_pattern.h"

namespace forge {

namespace {

// What follows a name: group 1 is the rest of it, 2 to 4 a quoted value, 5 a bare one.  As in
//   password: str = "x"   password=x   "password": "x"   <password>x<   ("password", "x")   key="password" value="x"
constexpr std::string_view assigned =
    R"(([\w.\-]{0,40})\\?["'\])]{0,2}(?:\[\d*\])?)"
    R"((?:[ \t]{0,20}(?::[ \t]{0,2}[A-Za-z_][\w.<>&]{0,30}[ \t]{0,2}=|=>|:=|={1,3}|\|\|=|:|,|\()[ \t]{0,4}|>)"
    R"(|[ \t]{1,2}value[ \t]?=[ \t]?))"
    R"((?:[bfru]?\\?"([^"\s\\]{6,256})\\?"|[bfru]?\\?'([^'\s\\]{6,256})\\?'|`([^`\s]{6,256})`)"
    R"(|([^\s"'`,;<>(){}\[\]|\\]{8,256})(?:[\s,;<"'|\\]|\z)))";

constexpr RegexOptions options{.bytes = true, .memory_bytes = 16 << 20};

/// The keyword is the secret's own beginning.
bool begins_with_secret(const SecretRule& rule)
{
    return rule.pattern.starts_with('(') && !rule.pattern.starts_with("(?");
}

/// Where the group with the secret stands in a pattern.
std::size_t secret_group(std::string_view pattern)
{
    auto at = pattern.find('(');
    while (pattern.substr(at).starts_with("(?"))
        at = pattern.find('(', at + 1);
    return at;
}

std::string at_the_end(std::string_view pattern)
{
    return "(?:" + prefix_pattern(pattern) + ")\\z";
}

}

const SecretPatterns& SecretPatterns::instance()
{
    static const SecretPatterns compiled;
    return compiled;
}

SecretPatterns::SecretPatterns() : beginning_patterns_(std::make_unique<Lazy[]>(secret_rules().size()))
{
    for (const auto& rule : secret_rules()) {
        add(rule, patterns_.size());
        if (rule.back > 0)
            add_before_keyword(rule);
    }
}

void SecretPatterns::add_before_keyword(const SecretRule& rule)
{
    const auto group = secret_group(rule.pattern);
    BeforeKeyword before{Regex{at_the_end(rule.pattern.substr(group)), options}, {}};
    if (rule.pattern.substr(0, group).ends_with("|\\A)"))
        before.in_context.emplace(at_the_end(rule.pattern), options);
    before_keyword_.push_back(std::move(before));
}

void SecretPatterns::add(const SecretRule& rule, std::size_t number)
{
    auto shortest = std::string_view::npos;
    for (const auto keyword : split(rule.keywords, ' ')) {
        keywords_.add(keyword, number);
        beginnings_.add(keyword);
        if (begins_with_secret(rule))
            own_beginnings_[rule.word_start].add(keyword);
        shortest = std::min(shortest, keyword.size());
    }
    distances_.push_back(begins_with_secret(rule) || rule.back > 0 ? 0 : shortest);
    patterns_.emplace_back((rule.back > 0 ? "(?:" : "\\A(?:") + whole_pattern(rule) + ")", options);
}

std::string SecretPatterns::whole_pattern(const SecretRule& rule) const
{
    return std::string{rule.pattern} + std::string{assigns(rule) ? assigned : std::string_view{}};
}

bool SecretPatterns::may_go_on(std::size_t rule, std::string_view window) const
{
    Lazy& lazy = beginning_patterns_[rule];
    std::call_once(lazy.once, [&] {
        lazy.regex = std::make_unique<const Regex>(prefix_pattern(whole_pattern(secret_rules()[rule])), options);
    });
    return lazy.regex->matches(window);
}

std::size_t SecretPatterns::bytes_before_a_keyword(std::string_view text) const
{
    constexpr std::size_t most = 64;
    const auto tail = text.substr(text.size() - std::min(text.size(), most));
    const auto length = [&](const Regex& at_end) { return (*at_end.search(tail))[0]->size(); };
    std::size_t held = 0;
    for (const BeforeKeyword& before : before_keyword_) {
        auto bytes = length(before.beginning);
        if (bytes > held && before.in_context)
            if (const auto with_context = length(*before.in_context); with_context < tail.size())
                bytes = std::min(bytes, with_context - std::min<std::size_t>(with_context, 1));
        held = std::max(held, bytes);
    }
    return held;
}

}
