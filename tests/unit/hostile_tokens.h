// Tokens that must not be accepted, each with the reason for which it is refused.
#pragma once

#include "auth/reason.h"

#include <string>
#include <vector>

namespace forge::test {

struct HostileToken {
    std::string what;
    std::string token;
    Reason reason;
};

/// Against the keys of hostile_key_set() and the rules of auth_fixture.h, now.
std::vector<HostileToken> hostile_tokens();

/// The keys rs, ps, es and ed of the four algorithms, and some that must not be used.
std::string hostile_key_set();

}
