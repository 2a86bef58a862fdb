// How long to wait before asking again.
#include "llm/patience.h"

#include "tests/unit/test.h"

using namespace forge;
using namespace std::chrono_literals;

namespace {

const WallTime now = *parse_rfc3339("1994-11-06T08:49:30.5Z");

}

TEST(jitter_is_anything_below_a_bound_that_doubles)
{
    CHECK(jittered(0, 0) == 0ms);
    CHECK(jittered(0, 0.5) == 250ms);
    CHECK(jittered(1, 0.5) == 500ms);
    CHECK(jittered(4, 0.999) == 7992ms);
    CHECK(jittered(1'000'000'000, 0.5) == 4s);
    for (int i = 0; i < 1000; ++i) {
        const double chance = Surroundings::random_fraction();
        CHECK(chance >= 0 && chance < 1);
    }
}

TEST(retry_after_is_seconds)
{
    CHECK(parse_retry_after("7", now) == 7s);
    CHECK(parse_retry_after("0", now) == 0s);
    CHECK(parse_retry_after("86400", now) == 24h);
    for (const auto* text : {"", "86401", "-1", "1.5", "7 s", "soon", "99999999999999999999999"})
        CHECK(!parse_retry_after(text, now));
}

TEST(retry_after_is_a_date)
{
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now) == 6500ms);
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:30 GMT", now) == 0ms);
    CHECK(parse_retry_after("Sat, 05 Nov 1994 08:49:37 GMT", now) == 0ms);
    CHECK(!parse_retry_after("Tue, 08 Nov 1994 08:49:37 GMT", now));
    for (const auto* text : {"Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT",
                             "Sun, 06 Nov 1994 25:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                             "Sun, 06 Nov 1994 08:49:37+00 GMT", "Sun, 31 Feb 1994 08:49:37 GMT"})
        CHECK(!parse_retry_after(text, now));
}
