// Finds secrets in a text, and takes them out of it.
#pragma once

#include "scan/secret_rules.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// A secret: the bytes [offset, offset + length) of the text.
struct SecretFinding {
    const SecretRule* rule = nullptr;
    std::size_t offset = 0;
    std::size_t length = 0;
};

struct SecretScan {
    std::vector<SecretFinding> findings;   // by offset, none overlapping another
    std::size_t allowed = 0;               // findings that a comment in the text allows
    bool cut = false;                      // there were more than asked for
};

/// All secrets of a text of any bytes.  What people write in place of a secret is none.  A comment
/// "forge:allow-secret", "gitleaks:allow" or "pragma: allowlist secret" on the line, or alone on the line before,
/// allows what stands there.  Time is linear in the text.  Any thread.
SecretScan find_secrets(std::string_view text, std::size_t limit = 10'000);

/// True when a comment allows what stands at the offset.
bool is_secret_allowed(std::string_view text, std::size_t offset);

/// The text with each secret, allowed or not, replaced by "[redacted:RULE]".
std::string redact(std::string_view text);

/// A secret as it may be shown: its first characters where they are public knowledge ("ghp_…"), and its length.
std::string masked(const SecretFinding& finding, std::string_view text);

}
