// No power cut loses an acknowledged line.  FORGE_SEED: that life; with FORGE_EXHAUSTIVE those from it on, by default other
// ones each time, for FORGE_FAULT_MINUTES (10).
#include "ledger_crash_check.h"
#include "ledger_scratch.h"
#include "test.h"

#include "audit/verify.h"
#include "base/clock.h"
#include "base/error.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

using namespace forge;
using forge::test::CrashCounts;
using forge::test::CrashLife;
using forge::test::ScratchLedger;

namespace {

constexpr std::uint64_t states_of_a_life = 2000;

// What an engine logs of its recoveries: thousands of lines.
class NoLog {
public:
    NoLog() : kept_(::dup(STDERR_FILENO))
    {
        const Fd nowhere{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
        ::dup2(nowhere.get(), STDERR_FILENO);
    }
    ~NoLog() { ::dup2(kept_.get(), STDERR_FILENO); }
    NoLog(const NoLog&) = delete;
    NoLog& operator=(const NoLog&) = delete;

private:
    const Fd kept_;
};

std::uint64_t number(const char* name, std::uint64_t otherwise)
{
    const char* const given = std::getenv(name);
    return given ? std::strtoull(given, nullptr, 10) : otherwise;
}

void live(std::uint64_t seed, std::uint64_t limit, CrashCounts& total)
{
    const NoLog quiet;
    CrashLife life{seed, limit};
    try {
        life.run();
    } catch (const std::exception& error) {
        CPPUNIT_FAIL("life " + std::to_string(seed) + " (FORGE_SEED): " + error.what());
    }
    total.steps += life.counts().steps;
    total.states += life.counts().states;
    total.again += life.counts().again;
    total.verified += life.counts().verified;
    total.deepest = std::max(total.deepest, life.counts().deepest);
}

void show(const CrashCounts& counts, std::uint64_t first, std::uint64_t lives)
{
    std::cout << "# lives " << first << " to " << first + lives - 1 << ": " << counts.states << " crash states at " << counts.steps
              << " steps, " << counts.again << " of them of a crash during recovery, down to depth " << counts.deepest << "; "
              << counts.verified << " verified" << std::endl;
}

}

TEST(no_power_cut_loses_doubles_or_forges_an_acknowledged_line)
{
    CrashCounts counts;
    if (!std::getenv("FORGE_EXHAUSTIVE")) {
        const std::uint64_t seed = number("FORGE_SEED", 1);
        live(seed, states_of_a_life, counts);
        CHECK(counts.states >= states_of_a_life);
        return;
    }
    const std::uint64_t first = number("FORGE_SEED", static_cast<std::uint64_t>(unix_millis(wall_now())));
    const SteadyTime end = steady_now() + std::chrono::minutes{number("FORGE_FAULT_MINUTES", 10)};
    std::uint64_t lives = 0;
    for (; steady_now() < end; ++lives) {
        live(first + lives, states_of_a_life, counts);
        if (lives % 50 == 49)
            show(counts, first, lives + 1);
    }
    show(counts, first, lives);
}

// What follows was found by it.
TEST(a_frame_is_kept_until_a_checkpoint_covers_it_also_after_a_restart)
{
    ScratchLedger ledger;
    ledger.engine().tick();   // zeroes what is published
    ledger.reopen();          // so the next frame is the first of its segment
    ledger.append({"a"});
    ledger.append({"b"});
    ledger.reopen();
    ledger.append({"c"});
    ledger.io.cut_power();
    ledger.reopen();
    ledger.check();
    for (const char* const id : {"a", "b", "c"})
        CHECK_EQUAL(std::size_t{1}, ledger.count(id));
}

TEST(a_data_key_torn_by_a_crash_is_cut_off)
{
    ScratchLedger ledger;
    ledger.append({"a"}, "eve");
    std::string& keys = ledger.io.content("root/private/keys/2026-11.jsonl");
    const std::string whole = keys;
    keys += std::string(whole.size() / 2, '\0') + whole.substr(whole.size() / 2);
    ledger.reopen();
    CHECK(!ledger.append({"b"}, "bob").at(0).refusal);
    ledger.reopen();
    CHECK_EQUAL(std::size_t{1}, ledger.engine().reveal({{"https://issuer.example", "eve"}, {ledger.engine().head().size() - 2}}).size());
}

TEST(what_a_killed_process_left_in_the_cache_is_durable_before_a_checkpoint_needs_it)
{
    std::uint64_t step = 0;
    for (bool is_over = false; !is_over; ++step) {
        ScratchLedger ledger;
        ledger.append({"a"});
        ledger.io.die_at(step);
        try {
            ledger.engine().publish();
            is_over = true;
        } catch (const Error&) {
        }
        ledger.io.mend();
        ledger.reopen();
        ledger.engine().publish();
        ledger.io.cut_power();
        forge::test::check_published(ledger.io);
    }
    CHECK(step > 10);
}

// F4: nobody but a witness outside can tell.
TEST(what_a_disk_lost_that_lied_about_its_syncs_contradicts_the_pin)
{
    ScratchLedger ledger;
    ledger.append({"a"});
    ledger.engine().publish();
    ledger.io.lie();
    ledger.append({"b"});
    ledger.engine().publish();
    const forge::PinnedRoot pin{ledger.engine().head().size(), ledger.engine().head().tree.root(), "the pin"};
    ledger.io.mend();
    ledger.io.cut_power();
    ledger.reopen();
    ledger.engine().publish();
    CHECK_EQUAL(std::size_t{0}, ledger.count("b"));
    const forge::test::ScratchFolder folder;
    forge::test::write_out(ledger.io, folder.path());
    CHECK_EQUAL(0, verify_ledger({.root = folder / "root", .patience = Millis{0}}).findings.exit_code());
    CHECK_EQUAL(4, verify_ledger({.root = folder / "root", .pin = pin, .patience = Millis{0}}).findings.exit_code());
    // Nor is it accepted when the ledger has become as long again.
    ledger.append({"c"});
    ledger.engine().publish();
    const forge::test::ScratchFolder later;
    forge::test::write_out(ledger.io, later.path());
    CHECK_EQUAL(4, verify_ledger({.root = later / "root", .pin = pin, .patience = Millis{0}}).findings.exit_code());
}
