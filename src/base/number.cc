// Numbers as text.
#include "base/number.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace forge {

std::string ecmascript_number(double number)
{
    if (number == 0)
        return "0";   // also for -0
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.begin(), buffer.end(), std::fabs(number), std::chars_format::scientific).ptr;
    const std::string text{buffer.begin(), end};
    const auto mark = text.find('e');
    std::string digits = text.substr(0, mark);
    std::erase(digits, '.');
    const int size = static_cast<int>(digits.size());
    const int point = std::atoi(text.c_str() + mark + 1) + 1;   // the value is 0.DIGITS times ten to this

    const std::string sign = number < 0 ? "-" : "";
    if (point > 21 || point < -5)
        return sign + digits.substr(0, 1) + (size > 1 ? "." + digits.substr(1) : "") + (point > 0 ? "e+" : "e-")
               + std::to_string(std::abs(point - 1));
    if (point >= size)
        return sign + digits + std::string(static_cast<std::size_t>(point - size), '0');
    if (point > 0)
        return sign + digits.insert(static_cast<std::size_t>(point), 1, '.');
    return sign + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
}

}
