// The ledger's engine and clocks that are wrong.
#include "ledger/engine.h"

#include "ledger_scratch.h"
#include "test.h"
#include "tlog/slices.h"

using namespace forge;
using forge::test::ScratchLedger;
using namespace std::chrono_literals;

namespace {

std::string member(const std::string& line, const char* name)
{
    return std::string{member_of(member_of(line, "event"), name)};
}

}

TEST(time_in_the_ledger_never_goes_back_and_a_step_is_recorded_once)
{
    ScratchLedger ledger;
    ledger.append({"a"});
    ledger.env.step_clock(-1h);
    CHECK_EQUAL("2026-11-23T12:00:00.000001Z"s, ledger.append({"b"})[0].acks[0].ts);
    ledger.append({"c"});
    ledger.check();
    const auto lines = ledger.lines();
    CHECK_EQUAL(std::size_t{5}, lines.size());
    CHECK_EQUAL("ledger.clock"s, std::string{parse_entry(lines[2])->type});
    CHECK_EQUAL("\"2026-11-23T11:00:00.000001Z\""s, member(lines[2], "wall"));
    ledger.env.step_clock(2h);
    CHECK_EQUAL("2026-11-23T13:00:00.000001Z"s, ledger.append({"d"})[0].acks[0].ts);
}

TEST(a_clock_that_goes_back_over_midnight_keeps_the_day)
{
    ScratchLedger ledger;
    ledger.env.step_clock(-24h);
    ledger.append({"a"});
    ledger.engine().tick();
    CHECK(!ledger.io.exists("root/events-2026-11-22.jsonl"));
    ledger.check();
}

TEST(a_start_days_after_the_last_line_needs_a_time_server_or_an_operators_word)
{
    ScratchLedger ledger;
    ledger.append({"a"});
    ledger.env.pass(23h);
    ledger.env.is_synchronised = false;
    ledger.reopen();
    ledger.env.pass(25h);
    try {
        ledger.reopen();
        CPPUNIT_FAIL("it started");
    } catch (const Refused& refused) {
        CHECK(refused.fault == Fault::clock);
        CHECK(std::string_view{refused.what()}.find("--accept-clock") != std::string_view::npos);
    }
    CHECK(!ledger.io.exists("root/events-2026-11-25.jsonl"));
    { Engine accepted{{.root = "root", .rights = "dev", .accept_clock = true}, ledger.io, ledger.env}; }
    ledger.env.is_synchronised = true;
    ledger.reopen();
    ledger.append({"b"});
    ledger.check();
}
