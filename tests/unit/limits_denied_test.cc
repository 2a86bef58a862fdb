// Refusals that are counted by caller and window, in a file that workers share.
#include "tests/unit/test.h"

#include "limits/denied.h"

#include <algorithm>

using namespace forge;

namespace {

const WallTime noon = *parse_rfc3339("2026-11-23T12:00:00Z");
constexpr std::chrono::minutes minute{1};

DeniedCaller address(int number)
{
    return {.address = "192.0.2." + std::to_string(number)};
}

std::uint64_t sum(const std::vector<Denied>& all)
{
    std::uint64_t count = 0;
    for (const Denied& denied : all)
        count += denied.count;
    return count;
}

struct Shared {
    test::ScratchFolder folder;
    DeniedCounts one{folder / "denied", Millis{60'000}};
    DeniedCounts other{folder / "denied", Millis{60'000}};
};

}

TEST(refusals_of_one_caller_are_one_entry_over_all_workers)
{
    Shared workers;
    for (int i = 0; i < 500; ++i)
        CHECK((i % 2 == 0 ? workers.one : workers.other).note(address(1), i == 0 ? "invalid_token" : "missing_bearer", "/v1/api/execute", noon));
    CHECK(workers.one.note({"https://issuer.example", "alice", ""}, "forbidden", "/v1/api/templates", noon));
    CHECK(workers.other.take(noon + minute / 2).empty());
    auto due = workers.other.take(noon + minute);
    std::ranges::sort(due, {}, &Denied::count);
    CHECK_EQUAL(std::size_t{2}, due.size());
    CHECK(due[0].caller == (DeniedCaller{"https://issuer.example", "alice", ""}));
    CHECK_EQUAL(std::string{"forbidden"}, due[0].reason);
    CHECK(due[1].caller == address(1));
    CHECK_EQUAL(std::uint64_t{500}, due[1].count);
    CHECK_EQUAL(std::string{"invalid_token"}, due[1].reason);
    CHECK_EQUAL(std::string{"/v1/api/execute"}, due[1].route);
    CHECK(due[1].begin == noon);
}

TEST(what_was_taken_is_given_again_until_it_is_recorded)
{
    Shared workers;
    CHECK(workers.one.note(address(1), "missing_bearer", "/v1/api/health", noon));
    const auto due = workers.one.take(noon + minute);
    CHECK_EQUAL(std::size_t{1}, due.size());
    CHECK(workers.other.take(noon + minute).empty());
    CHECK(workers.other.note(address(1), "missing_bearer", "/v1/api/health", noon));   // late: another entry
    CHECK_EQUAL(std::size_t{1}, workers.other.take(noon + minute).size());
    const auto again = workers.other.take(noon + 2 * minute + minute / 2);   // the worker that took it died
    CHECK_EQUAL(std::size_t{2}, again.size());
    CHECK(std::ranges::count(again, due[0]) == 1);
    for (const Denied& denied : again)
        workers.one.done(denied.id);
    CHECK(workers.one.take(noon + 10 * minute).empty());
}

TEST(a_storm_from_everywhere_is_a_bounded_number_of_entries_and_loses_no_count)
{
    Shared workers;
    std::uint64_t noted = 0;
    for (int i = 0; i < 10'000; ++i, ++noted)
        CHECK(workers.one.note({.address = "2001:db8::" + std::to_string(i)}, "missing_bearer", "/v1/api/execute", noon));
    const auto due = workers.one.take(noon + minute);
    CHECK_EQUAL(DeniedCounts::most + 1, due.size());
    CHECK_EQUAL(noted, sum(due));
    CHECK_EQUAL(std::ptrdiff_t{1}, std::ranges::count(due, DeniedCaller{}, &Denied::caller));

    // The ledger takes nothing: memory stays, and what cannot be counted is said.
    std::uint64_t refused = 0;
    for (int window = 1; window < 20; ++window)
        for (int i = 0; i < 100; ++i, ++noted)
            refused += workers.one.note(address(i), "missing_bearer", "/v1/api/execute", noon + window * minute) ? 0 : 1;
    CHECK(refused > 0);
    CHECK_EQUAL(noted, sum(workers.one.take(noon + 100 * minute)) + refused);
}

TEST(names_that_are_too_long_and_clocks_that_are_put_back_lose_no_count)
{
    Shared workers;
    CHECK(workers.one.note({"https://issuer.example", std::string(300, 'x'), ""}, "forbidden", "/v1/api/templates", noon));
    CHECK(workers.one.note(address(1), "missing_bearer", "/v1/api/health", noon));
    const auto due = workers.one.take(noon - 5 * minute);
    CHECK_EQUAL(std::size_t{2}, due.size());
    CHECK_EQUAL(std::ptrdiff_t{1}, std::ranges::count(due, DeniedCaller{}, &Denied::caller));
}
