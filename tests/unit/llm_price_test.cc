// Money: exact, whatever the tokens and prices.
#include "llm/price.h"

#include <limits>

#include "tests/unit/test.h"

using namespace forge;

TEST(a_price_is_a_plain_decimal_number)
{
    CHECK_EQUAL(std::int64_t{2'500'000}, *parse_micros("2.50"));
    CHECK_EQUAL(std::int64_t{1}, *parse_micros("0.000001"));
    CHECK_EQUAL(std::int64_t{0}, *parse_micros("0"));
    CHECK_EQUAL(std::int64_t{10'000'000'000}, *parse_micros("10000"));
    for (const auto* text : {"", ".", "1.", ".5", "-1", "+1", "1e-7", "0.0000001", "10000.000001", "10001", "1,5", " 1", "99999999999999999999"})
        CHECK(!parse_micros(text));
}

TEST(a_cost_is_exact_to_the_last_digit)
{
    const Price price{.input = *parse_micros("0.15"), .output = *parse_micros("0.6")};
    CHECK_EQUAL("0.00000015"s, cost_of(price, 1, 0, "USD").amount().substr(0, 10));
    CHECK_EQUAL("0.00000075"s, cost_of(price, 1, 1, "USD").amount());
    CHECK_EQUAL("0.75"s, cost_of(price, 1'000'000, 1'000'000, "USD").amount());
    CHECK_EQUAL("0"s, cost_of(price, 0, 0, "USD").amount());
    Cost sum = cost_of(price, 3, 0, "USD");
    for (int i = 0; i < 1000; ++i)
        sum += cost_of(price, 1, 0, "USD");
    CHECK_EQUAL("0.00015045"s, sum.amount());
}

TEST(counts_that_nobody_can_mean_do_not_overflow)
{
    const Price dearest{.input = *parse_micros("10000"), .output = *parse_micros("10000")};
    constexpr long most = std::numeric_limits<long>::max();
    CHECK_EQUAL("2000000"s, cost_of(dearest, most, most, "USD").amount());
    CHECK_EQUAL("0"s, cost_of(dearest, -1, std::numeric_limits<long>::min(), "USD").amount());
    Cost sum = cost_of(dearest, most, most, "USD");
    for (int i = 0; i < 10; ++i)
        sum += Cost{sum};
    CHECK_EQUAL(std::numeric_limits<std::int64_t>::max(), sum.pico);
}
