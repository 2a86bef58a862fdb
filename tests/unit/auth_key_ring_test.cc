// The ring that keeps an issuer's keys: when it wants a fetch, and what it says meanwhile.
#include "auth/key_ring.h"

#include <thread>

#include "tests/unit/test.h"
#include "tests/unit/token_maker.h"

using namespace forge;
using test::key_set_text;
using test::TokenMaker;
using enum KeyRing::Finding;

namespace {

constexpr SteadyTime start{};
constexpr Millis day{86'400'000};
const TokenMaker maker{Signature::es256};

SteadyTime second(int count)
{
    return start + std::chrono::seconds{count};
}

/// A ring at a clock that the test turns.
struct Fixture {
    int wanted = 0;
    KeyRing ring{[this] { ++wanted; }};

    KeyRing::Finding find(const std::string& kid, int at, Millis max_age = day)
    {
        return ring.find(kid, Signature::es256, max_age, second(at)).finding;
    }
    /// False: not now.
    bool fetch(int at, std::initializer_list<const char*> kids)
    {
        std::string keys;
        for (const char* const kid : kids)
            keys += (keys.empty() ? "" : ",") + dump(maker.jwk(kid));
        return fetch_text(at, "{\"keys\":[" + keys + "]}");
    }
    bool fetch_text(int at, const std::string& text)
    {
        if (!ring.begin_fetch(second(at)))
            return false;
        ring.end_fetch(KeySet::parse(text), second(at));
        return true;
    }
    bool fail(int at)
    {
        if (!ring.begin_fetch(second(at)))
            return false;
        ring.end_fetch(std::nullopt, second(at));
        return true;
    }
};

}

TEST(an_unknown_key_asks_for_a_fetch_and_is_unknown_only_after_it)
{
    Fixture fixture;
    CHECK(fixture.find("k1", 0) == unavailable);
    CHECK_EQUAL(1, fixture.wanted);
    CHECK(fixture.fetch(0, {"k1"}));
    CHECK(fixture.find("k1", 1) == found);
    CHECK(fixture.find("k2", 1) == unavailable);   // it may be younger than the set
    CHECK_EQUAL(2, fixture.wanted);
    CHECK(fixture.fetch(2, {"k1"}));
    CHECK(fixture.find("k2", 3) == unknown);
    CHECK_EQUAL(2, fixture.wanted);
    CHECK(fixture.find("k2", 12) == unavailable);   // the issuer may have it by now
    CHECK_EQUAL(3, fixture.wanted);
}

TEST(a_fetch_in_vain_is_followed_by_a_rest_and_one_that_helped_is_not)
{
    Fixture fixture;
    CHECK(fixture.fetch(0, {"k1"}));
    for (int at = 1; at < 5; ++at) {   // one rotation after the other
        const std::string kid = "k" + std::to_string(at + 1);
        CHECK(fixture.find(kid, at) == unavailable);
        CHECK(fixture.fetch(at, {"k1", kid.c_str()}));
        CHECK(fixture.find(kid, at) == found);
    }
    CHECK(fixture.find("no-such", 5) == unavailable);
    CHECK(fixture.fetch(5, {"k1"}));
    CHECK(fixture.find("k9", 6) == unavailable);    // never 401 before the issuer was asked
    CHECK(!fixture.fetch(14, {"k9"}));
    CHECK(fixture.fetch(15, {"k9"}));
    CHECK(fixture.find("k9", 15) == found);
}

TEST(one_fetch_runs_at_a_time)
{
    KeyRing ring;
    CHECK(ring.begin_fetch(start));
    CHECK(!ring.begin_fetch(second(60)));
    ring.end_fetch(std::nullopt, second(60));
    CHECK(ring.begin_fetch(second(60)));   // the rest counts from the begin of the one in vain
}

TEST(a_key_asked_for_while_a_fetch_runs_waits_for_the_next_one)
{
    Fixture fixture;
    CHECK(fixture.fetch(0, {"k1"}));
    CHECK(fixture.ring.begin_fetch(second(1)));
    CHECK(fixture.find("k2", 2) == unavailable);
    fixture.ring.end_fetch(KeySet::parse(key_set_text({maker.jwk("k1")})), second(3));
    CHECK(fixture.find("k2", 4) == unavailable);
    CHECK(fixture.fetch(4, {"k1", "k2"}));
    CHECK(fixture.find("k2", 5) == found);
}

TEST(a_kid_that_no_issuer_would_use_fetches_nothing)
{
    Fixture fixture;
    CHECK(fixture.fetch(0, {"k1", "a key's name"}));
    for (const auto& kid : {"../../dev/null"s, "x' OR 'a'='a"s, "k1 "s, "a\\b"s, "k\xc3\xa4y"s, std::string(257, 'k')})
        CHECK(fixture.find(kid, 1) == unknown);
    CHECK_EQUAL(0, fixture.wanted);
    CHECK(fixture.find("a key's name", 1) == found);   // an issuer that does has it in its set
}

TEST(a_storm_of_unknown_keys_is_remembered_up_to_a_bound)
{
    Fixture fixture;
    CHECK(fixture.fetch(0, {"k1"}));
    for (int i = 0; i < 1024; ++i)
        CHECK(fixture.find("storm-" + std::to_string(i), 1) == unavailable);
    CHECK(fixture.find("one-more", 1) == unknown);
    CHECK(fixture.find("k1", 1) == found);
    CHECK(fixture.fetch(1, {"k1"}));
    CHECK(fixture.find("storm-7", 2) == unknown);
    CHECK(!fixture.fetch(10, {"k1"}));
}

TEST(a_failed_fetch_or_an_empty_set_leaves_the_last_good_keys_up_to_their_age)
{
    Fixture fixture;
    constexpr Millis minute{60'000};
    CHECK(fixture.fetch(0, {"k1"}));
    CHECK(fixture.fail(20));
    CHECK(fixture.find("k1", 21, minute) == found);
    CHECK(fixture.find("k2", 21, minute) == unavailable);   // the issuer could not be asked
    CHECK(fixture.fetch_text(40, key_set_text({})));
    CHECK(fixture.find("k1", 60, minute) == found);
    CHECK(fixture.find("k1", 61, minute) == unavailable);
}

TEST(a_thread_waits_for_the_fetch_that_may_bring_its_key)
{
    KeyRing ring{[] {}, 1};
    std::jthread issuer{[&] {
        while (!ring.begin_fetch(steady_now()))
            std::this_thread::yield();
        ring.end_fetch(KeySet::parse(key_set_text({maker.jwk("k1")})), steady_now());
    }};
    CHECK(ring.find_or_wait("k1", Signature::es256, day, steady_now()).finding == found);
}

TEST(one_thread_too_many_waits_for_a_moment_only)
{
    KeyRing ring{[] {}, 0};
    CHECK(ring.begin_fetch(steady_now() - Millis{100}));
    const SteadyTime begin = steady_now();
    CHECK(ring.find_or_wait("k1", Signature::es256, day, begin).finding == unavailable);
    CHECK(steady_now() - begin < Millis{500});
}
