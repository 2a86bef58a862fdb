// Canonical JSON (RFC 8785): made from a tree, and checked on bytes without one.
#pragma once

#include "lib/json.h"
#include "tlog/slices.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// The ledger refuses some of what RFC 8785 allows: integers beyond 2^53-1, U+0000, nesting beyond 32.
enum class JcsProfile { ledger, rfc8785 };

constexpr int canonical_depth = 32;                            // brackets around the innermost value of a line
constexpr long long canonical_integer_limit = (1LL << 53) - 1;

/// The one form of a value.  Throws Error for what the profile refuses, and for an absent value.
std::string canonical_json(const Json& json, JcsProfile profile = JcsProfile::ledger);

/// A number as ECMAScript prints it (RFC 8785 section 3.2.2.3).  Throws Error when it is not finite.
std::string canonical_number(double number);

/// True when `a` sorts before `b` by UTF-16 code units (RFC 8785 section 3.2.3); both are UTF-8.
bool canonical_less(std::string_view a, std::string_view b) noexcept;

struct CanonicalFault {
    std::size_t position;      // of the first wrong byte, from 0
    std::string_view reason;   // a literal
};

struct CanonicalRules {
    int depth = canonical_depth;
    bool object = true;                          // the outermost value must be an object
    std::vector<JsonSlice>* members = nullptr;   // gets the outermost object's members
};

/// Nothing when `bytes` are exactly one canonical value of the ledger profile, else the first fault.
/// One pass, no allocation but for keys with escapes.
std::optional<CanonicalFault> canonical_error(std::string_view bytes, CanonicalRules rules = {});

}
