// How long to wait before asking a provider again.
#include "llm/patience.h"

#include <algorithm>
#include <array>
#include <random>

#include "base/text.h"

namespace forge {

namespace {

constexpr Millis first_bound{500};
constexpr Millis last_bound{8'000};
constexpr std::uint64_t day_seconds = 86'400;

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// "Sun, 06 Nov 1994 08:49:37 GMT": the one form that may still be sent (RFC 9110 section 5.6.7).
std::optional<WallTime> parse_http_date(std::string_view text)
{
    const auto words = split(text, ' ');
    if (words.size() != 6 || words[0].size() != 4 || words[5] != "GMT" || words[4].size() != 8)
        return std::nullopt;
    const auto month = std::ranges::find(months, words[2]);
    if (month == months.end())
        return std::nullopt;
    const auto number = static_cast<std::size_t>(month - months.begin()) + 1;
    return parse_rfc3339(std::string{words[3]} + (number < 10 ? "-0" : "-") + std::to_string(number) + "-"
                         + std::string{words[1]} + "T" + std::string{words[4]} + "Z");
}

}

double Surroundings::random_fraction()
{
    thread_local std::minstd_rand source{std::random_device{}()};   // only spreads load: nobody gains by guessing it
    return std::uniform_real_distribution<double>{0, 1}(source);
}

Millis jittered(long retry, double chance)
{
    Millis bound = first_bound;
    for (long i = 0; i < retry && bound < last_bound; ++i)
        bound *= 2;
    return Millis{static_cast<Millis::rep>(static_cast<double>(std::min(bound, last_bound).count()) * chance)};
}

std::optional<Millis> parse_retry_after(std::string_view value, WallTime now)
{
    if (const auto seconds = parse_unsigned(value))
        return *seconds <= day_seconds ? std::optional{Millis{*seconds * 1000}} : std::nullopt;
    const auto date = parse_http_date(value);
    if (!date || *date > now + std::chrono::seconds{day_seconds})
        return std::nullopt;
    return std::max(std::chrono::ceil<Millis>(*date - now), Millis{0});
}

}
