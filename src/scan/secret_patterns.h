// The table of secrets, compiled: once per process.
#pragma once

#include "lib/regex.h"
#include "scan/keywords.h"
#include "scan/secret_rules.h"

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// True for rules of which the pattern goes on with what is assigned.
constexpr bool assigns(const SecretRule& rule)
{
    return rule.kind == SecretKind::password || rule.kind == SecretKind::token;
}

/// Where in a text of `assigns` rules a bare value stands: groups 2 to 4 are quoted ones.
constexpr std::size_t bare_value_group = 5;

/// Immutable but for what is compiled at its first use.  Any thread.
class SecretPatterns {
public:
    static const SecretPatterns& instance();

    /// By number of the rule.
    const Regex& pattern(std::size_t rule) const { return patterns_[rule]; }
    const Keywords& keywords() const { return keywords_; }
    const KeywordBeginnings& keyword_beginnings() const { return beginnings_; }
    /// Of those keywords alone with which a secret itself begins.
    const KeywordBeginnings& secret_beginnings(bool word_start) const { return own_beginnings_[word_start]; }

    /// True when a match of the rule may begin with the whole window.
    bool may_go_on(std::size_t rule, std::string_view window) const;
    /// How much at a text's end may belong to a secret of which the keyword is still to come.
    std::size_t bytes_before_a_keyword(std::string_view text) const;
    /// Bytes from the keyword's place behind which a rule's secret begins at the earliest.
    std::size_t secret_distance(std::size_t rule) const { return distances_[rule]; }

private:
    SecretPatterns();
    void add(const SecretRule& rule, std::size_t number);
    void add_before_keyword(const SecretRule& rule);
    std::string whole_pattern(const SecretRule& rule) const;

    /// What a secret that begins before its rule's keyword begins with, at the end of a text.
    struct BeforeKeyword {
        Regex beginning;
        std::optional<Regex> in_context;   // with the character that must stand before it
    };

    struct Lazy {
        std::once_flag once;
        std::unique_ptr<const Regex> regex;
    };

    std::vector<Regex> patterns_;
    std::vector<std::size_t> distances_;
    Keywords keywords_;
    KeywordBeginnings beginnings_{true};
    KeywordBeginnings own_beginnings_[2]{KeywordBeginnings{false}, KeywordBeginnings{false}};
    std::unique_ptr<Lazy[]> beginning_patterns_;   // by rule
    std::vector<BeforeKeyword> before_keyword_;
};

}
