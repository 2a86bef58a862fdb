// Random JSON values, made of everything that has a form of its own.
#pragma once

#include "lib/json.h"

#include <bit>
#include <cmath>
#include <iterator>
#include <random>
#include <string>

namespace forge::test {

inline std::string random_text(std::mt19937_64& random)
{
    static const std::string characters[] = {"a",    "Z", "\"", "\\",     "/",      "\n", "\x01",      "\x1F",
                                             "\x7F", "é", "€",  "\uE000", "\uFFFF", "😀",  "\U0010FFFF"};
    std::string text;
    for (auto left = random() % 12; left > 0; --left)
        text += characters[random() % std::size(characters)];
    return text;
}

/// A double that the ledger takes: its canonical form is no integer beyond 2^53-1.
inline Json random_number(std::mt19937_64& random)
{
    const auto real = std::bit_cast<double>(random());
    const bool is_fine = std::isfinite(real) && (std::fabs(real) > 1e21 || std::fabs(real) < 1e15);
    return is_fine ? Json{real} : Json{static_cast<double>(random() % 1000) / 8};
}

/// Nested to a depth of five at most.
inline Json random_json(std::mt19937_64& random, int depth = 0)
{
    if (depth > 3 || random() % 3 == 0)
        return random() % 3 == 0 ? Json{random_text(random)}
               : random() % 2    ? random_number(random)
                                 : Json{static_cast<long>(random() % 100000) - 50000};
    Json json = random() % 2 ? Json::object() : Json::array();
    for (auto left = random() % 6; left > 0; --left)
        json.is_object() ? json.set(random_text(random), random_json(random, depth + 1))
                         : json.append(random_json(random, depth + 1));
    return json;
}

}
