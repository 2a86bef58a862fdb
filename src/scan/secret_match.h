// Whether what a rule matched is a secret.
#pragma once

#include "lib/regex.h"
#include "scan/secret_rules.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace forge {

/// A match of a rule's pattern: its keyword stands in the text at `at`.
struct SecretMatch {
    const SecretRule& rule;
    std::string_view text;
    std::size_t at = 0;
    const Regex::Groups& groups;
};

/// True where a keyword of the rule may stand: a word may begin there, if the rule's keywords are words.
bool may_stand(const SecretRule& rule, std::string_view text, std::size_t at);

/// True where a word may begin.
bool may_begin_word(std::string_view text, std::size_t at);

/// The secret within the text, or nothing for what people write in place of one.
std::optional<std::string_view> judged(const SecretMatch& match);

/// True when more text could change the judgement: the host behind a login is not there to its end.
bool is_host_cut(const SecretMatch& match);

}
