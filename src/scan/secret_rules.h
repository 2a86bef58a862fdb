// The table of what counts as a secret.
#pragma once

#include "scan/risk.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace forge {

/// How a rule's match is judged.
enum class SecretKind {
    format,     // group 1 has a format of its own: only placeholders and too little entropy are sorted out
    login,      // group 1 is the password of an address: weak ones that documents use are sorted out too
    password,   // the pattern is a name, and what it is assigned looks like a password
    token,      // the pattern is a name, and what it is assigned looks random
};

/// One kind of secret.  `keywords` (apart by blanks, in any case) are what a match begins with: they make the scan
/// fast.  `pattern` is RE2 on bytes, anchored at the keyword, or `back` bytes before it.
struct SecretRule {
    std::string_view name;
    Risk risk;
    std::string_view keywords;
    std::string_view pattern;
    std::string_view what;           // "AWS access key id"
    std::string_view issuer;         // where it is revoked: "AWS IAM"
    double entropy = 2.5;            // bits per character that the secret must have
    SecretKind kind = SecretKind::format;
    bool word_start = true;          // nothing but a separator may stand before the keyword
    std::size_t back = 0;
    std::size_t reach = 768;         // bytes that a match may span
};

/// In order of precedence: where two match the same text, the first is reported.
std::span<const SecretRule> secret_rules();

/// What to do about a finding of this rule, in a sentence or two.
std::string remedy(const SecretRule& rule);

}
