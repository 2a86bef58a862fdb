// How much a test with random choices does, and which: FORGE_EXHAUSTIVE=1 takes all there is, FORGE_SEED the same once more.
#pragma once

#include <cstdlib>
#include <iostream>
#include <random>

namespace forge::test {

inline bool is_exhaustive()
{
    return std::getenv("FORGE_EXHAUSTIVE") != nullptr;
}

/// Given, or new; printed, so that it can be given.
inline unsigned seed()
{
    const char* const given = std::getenv("FORGE_SEED");
    const unsigned chosen = given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
    std::cout << "FORGE_SEED=" << chosen << '\n';
    return chosen;
}

}
