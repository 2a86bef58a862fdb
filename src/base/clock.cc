// Time: formatting and parsing of UTC, proleptic Gregorian.
#include "base/clock.h"

#include <sys/timex.h>

#include <algorithm>

namespace forge {

using namespace std::chrono;

WallTime wall_now()
{
    return floor<Micros>(system_clock::now());
}

SteadyTime steady_now()
{
    return steady_clock::now();
}

bool wall_is_synchronised()
{
    timex status{};
    return ::adjtimex(&status) >= 0 && (status.status & STA_UNSYNC) == 0;
}

std::string utc_day(WallTime time)
{
    return rfc3339(time).substr(0, 10);
}

std::string rfc3339(WallTime time)
{
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    std::string out = "0000-00-00T00:00:00.000000Z";
    const auto put = [&](std::size_t end, long number) {
        for (; number > 0; number /= 10)
            out[--end] = static_cast<char>('0' + number % 10);
    };
    put(4, std::min(static_cast<int>(date.year()), 9999));
    put(7, static_cast<unsigned>(date.month()));
    put(10, static_cast<unsigned>(date.day()));
    put(13, clock.hours().count());
    put(16, clock.minutes().count());
    put(19, clock.seconds().count());
    put(26, clock.subseconds().count());
    return out;
}

namespace {

// A number of exactly `width` digits at `at`, at most `limit`; -1 otherwise.
int digits(std::string_view text, std::size_t at, std::size_t width, int limit)
{
    if (at + width > text.size())
        return -1;
    int number = 0;
    for (const char c : text.substr(at, width)) {
        if (c < '0' || c > '9')
            return -1;
        number = number * 10 + (c - '0');
    }
    return number <= limit ? number : -1;
}

std::optional<sys_days> parse_day(std::string_view text)
{
    const int year_number = digits(text, 0, 4, 9999);
    const int month_number = digits(text, 5, 2, 12);
    const int day_number = digits(text, 8, 2, 31);
    if (text.size() < 10 || text[4] != '-' || text[7] != '-' || year_number < 0 || month_number < 1 || day_number < 1)
        return std::nullopt;
    const year_month_day date{year{year_number}, month{static_cast<unsigned>(month_number)},
                              day{static_cast<unsigned>(day_number)}};
    if (!date.ok())
        return std::nullopt;
    return sys_days{date};
}

// "Z" or "+hh:mm" or "-hh:mm"
std::optional<minutes> parse_offset(std::string_view text)
{
    if (text == "Z" || text == "z")
        return minutes{0};
    const int hour_count = digits(text, 1, 2, 23);
    const int minute_count = digits(text, 4, 2, 59);
    if (text.size() != 6 || text[3] != ':' || (text[0] != '+' && text[0] != '-') || hour_count < 0 || minute_count < 0)
        return std::nullopt;
    const minutes offset = hours{hour_count} + minutes{minute_count};
    return text[0] == '+' ? offset : -offset;
}

}

std::optional<WallTime> parse_rfc3339(std::string_view text)
{
    const auto date = parse_day(text);
    if (!date || text.size() == 10)
        return date ? std::optional<WallTime>{*date} : std::nullopt;
    const int hour = digits(text, 11, 2, 23);
    const int minute = digits(text, 14, 2, 59);
    const int second = digits(text, 17, 2, 60);
    if ((text[10] != 'T' && text[10] != 't') || hour < 0 || minute < 0 || second < 0 || text[13] != ':' || text[16] != ':')
        return std::nullopt;
    text.remove_prefix(19);
    long long nanos = 0;
    if (text.starts_with('.')) {
        auto end = text.find_first_not_of("0123456789", 1);
        end = end == std::string_view::npos ? text.size() : end;
        if (end < 2 || end > 10)
            return std::nullopt;
        for (std::size_t i = 1; i < 10; ++i)
            nanos = nanos * 10 + (i < end ? text[i] - '0' : 0);
        text.remove_prefix(end);
    }
    const auto offset = parse_offset(text);
    if (!offset)
        return std::nullopt;
    return *date + hours{hour} + minutes{minute} + seconds{second} + floor<Micros>(nanoseconds{nanos}) - *offset;
}

long long unix_millis(WallTime time)
{
    return duration_cast<Millis>(time.time_since_epoch()).count();
}

}
