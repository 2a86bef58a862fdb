// No power cut loses an acknowledged line.  FORGE_SEED: that life; with FORGE_EXHAUSTIVE those from it on, by default other
// ones each time, for FORGE_FAULT_MINUTES (10).
#include "ledger_crash.h"
#include "test.h"

#include "base/clock.h"
#include "base/error.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

using namespace forge;
using forge::test::CrashCounts;
using forge::test::CrashLife;

namespace {

constexpr std::uint64_t states_of_a_life = 2000;

// Lives that once ended badly, so that they are lived again: tiles and data keys that a crash left in the cache or torn.
constexpr std::uint64_t remembered[] = {1795495711900551, 1795496227296452};

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

TEST(lives_that_once_ended_badly_do_not_any_more)
{
    CrashCounts counts;
    for (const std::uint64_t seed : remembered)
        live(seed, states_of_a_life, counts);
}
