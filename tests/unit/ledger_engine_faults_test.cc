// The engine on a disk that fails: each storage step once lost, and once done but reported as failed.
#include "ledger_scratch.h"
#include "test.h"

using namespace forge;
using forge::test::Failing;
using forge::test::ScratchLedger;
using namespace std::chrono_literals;

namespace {

enum class After { killed, power_cut };

struct Deed {
    std::string name;
    std::function<void(ScratchLedger&)> act;
};

// What the steps belong to.  Each appends "x" and "y" with private values, then publishes.
const Deed deeds[] = {
    {"the first batch of a day's sidecar", [](ScratchLedger&) {}},
    {"a batch on a day with lines", [](ScratchLedger& ledger) { ledger.append({"p", "q"}, "eve"); }},
    {"a batch after a published one", [](ScratchLedger& ledger) { ledger.append({"p", "q"}, "eve"); ledger.engine().publish(); }},
    {"the first batch of a new day", [](ScratchLedger& ledger) { ledger.append({"p", "q"}, "eve"); ledger.env.pass(24h); }},
};

const std::vector<std::string> asked{"x", "y"};

// What the engine says of both; LedgerFailed says that nobody knows.
std::vector<Outcome> append_and_publish(ScratchLedger& ledger)
{
    auto outcomes = ledger.append(asked, "bob");
    try {
        ledger.engine().publish();
    } catch (const Refused&) {
        ledger.env.pass(2s);   // it would be tried again
    }
    return outcomes;
}

// What was refused is nowhere, what was acknowledged is there once.
void check_outcomes(ScratchLedger& ledger, const std::vector<Outcome>& outcomes)
{
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        CHECK_EQUAL(std::size_t{outcomes[i].refusal ? 0U : 1U}, ledger.count(asked[i]));
}

struct Case {
    const Deed& deed;
    Failing how;
    int code;
    After after;
};

std::uint64_t steps_of(const Deed& deed)
{
    ScratchLedger ledger;
    deed.act(ledger);
    const std::uint64_t before = ledger.io.steps();
    append_and_publish(ledger);
    return ledger.io.steps() - before;
}

void check_one(const Case& given, std::uint64_t step)
{
    ScratchLedger ledger;
    given.deed.act(ledger);
    ledger.io.fail_at(step, given.how, given.code);
    std::vector<Outcome> outcomes;
    bool failed = false;
    try {
        outcomes = append_and_publish(ledger);
    } catch (const LedgerFailed&) {
        failed = true;
    }
    ledger.io.mend();
    if (!failed) {
        check_outcomes(ledger, outcomes);
        ledger.check();   // and it goes on
    }
    if (given.after == After::power_cut)
        ledger.io.cut_power();
    ledger.reopen();
    ledger.check();
    check_outcomes(ledger, outcomes);
    // Asked again, both are there exactly once, with their values.
    for (const Outcome& outcome : ledger.append(asked, "bob"))
        if (outcome.refusal)
            throw Error(std::string{"asked again: "} + outcome.refusal->what());
    ledger.engine().publish();
    ledger.reopen();
    ledger.check();
    for (const std::string& id : asked)
        CHECK_EQUAL(std::size_t{1}, ledger.count(id));
    const std::uint64_t size = ledger.engine().head().size();
    CHECK_EQUAL(std::size_t{2}, ledger.engine().reveal({{"https://issuer.example", "bob"}, {size - 2, size - 1}}).size());
}

}

TEST(no_failing_step_loses_or_doubles_an_acknowledged_line)
{
    std::size_t cases = 0;
    for (const Deed& deed : deeds)
        for (std::uint64_t step = 0, count = steps_of(deed); step < count; ++step)
            for (const Failing how : {Failing::lost, Failing::done})
                for (const int code : {EIO, ENOSPC, EROFS})
                    for (const After after : {After::killed, After::power_cut}) {
                        try {
                            check_one({deed, how, code, after}, step);
                            ++cases;
                        } catch (const std::exception& error) {
                            CPPUNIT_FAIL(deed.name + ", step " + std::to_string(step) + (how == Failing::lost ? " lost" : " done")
                                         + ", code " + std::to_string(code) + (after == After::killed ? ", killed: " : ", power cut: ")
                                         + error.what());
                        }
                    }
    CHECK(cases > 500);
}

TEST(a_failed_sync_ends_the_engine)
{
    ScratchLedger ledger;
    ledger.append({"a"});
    ledger.io.fail_at(1, Failing::done, EIO);   // the write is step 0, the sync step 1
    CHECK_THROWS(LedgerFailed, ledger.append({"b"}));
}

TEST(a_ledger_that_was_made_by_halves_is_made_whole)
{
    test::SimIo counted;
    test::SimEnv env;
    const EngineOptions options{.root = "root", .origin = "example.com/log", .rights = "dev", .space = forge::test::test_space()};
    Engine{options, counted, env}.publish();
    for (std::uint64_t step = 0; step < counted.steps(); ++step)
        for (const Failing how : {Failing::lost, Failing::done}) {
            test::SimIo io;
            io.fail_at(step, how, EIO);
            try {
                Engine{options, io, env}.publish();
            } catch (const Error&) {
            }
            io.mend();
            Engine again{options, io, env};
            again.publish();
            CHECK_EQUAL(std::uint64_t{1}, again.head().size());
            CHECK_EQUAL(again.identity().signer.verifier_key().text() + "\n", io.content("root/keys/log.vkey"));
        }
}

TEST(a_foreign_line_in_the_shard_stops_the_engine)
{
    ScratchLedger ledger;
    ledger.append({"a"});
    ledger.shard() += "{\"foreign\":1}\n";
    CHECK_THROWS(LedgerFailed, ledger.append({"b"}));
    ledger.reopen();
    ledger.check();
    CHECK_EQUAL("ledger.incident"s, std::string{parse_entry(ledger.lines().back())->type});
}

TEST(what_cannot_be_published_is_refused_until_it_can)
{
    int refusals = 0;
    for (std::uint64_t step = 0; refusals == 0; ++step) {
        ScratchLedger ledger;
        ledger.append({"a.started"});
        ledger.io.fail_at(step, Failing::lost, EACCES);
        try {
            ledger.engine().publish();
        } catch (const Refused&) {
            ++refusals;
            const auto outcome = ledger.append({"b"}).at(0);
            CHECK(outcome.refusal && outcome.refusal->fault == Fault::read_only);
            LedgerEvent end = test::test_event("a.finished");
            end.type = "run.finished";
            CHECK(!ledger.engine().commit(std::vector{Submission{"x", {end}}}).at(0).refusal);
            ledger.env.pass(5s);
            ledger.engine().tick();
            CHECK(!ledger.append({"b"}).at(0).refusal);
            ledger.check();
        } catch (const LedgerFailed&) {   // a sync that failed
        }
    }
}
