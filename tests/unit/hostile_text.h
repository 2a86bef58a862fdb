// Texts for tests of what looks for secrets: random, dense with them, with what almost is one, and with what breaks off.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace forge::test {

/// So many times fewer texts are tried where a sanitizer makes each take that long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int slowness = 20;
#else
constexpr int slowness = 1;
#endif

/// Of a few dozen fragments.
std::string hostile_text(std::mt19937& random);

/// The text in random pieces, of 1 byte or of many; joined they are the text again.
std::vector<std::string_view> cut_at_random(std::string_view text, std::mt19937& random);

}
