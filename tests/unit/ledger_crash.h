// Simulated lives of a ledger: clients, clock, power cuts at every step.  A seed gives exactly one life.
#pragma once

#include "ledger/engine.h"
#include "ledger_sim.h"

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace forge::test {

/// What the world was told by an engine, and so must hold whatever happens.
struct Promises {
    std::map<std::string, std::uint64_t> acked{};   // id -> seq
    std::set<std::string> asked{};                  // ids
    std::map<std::uint64_t, Hash> roots{};          // by size: signed, or shown to a reader

    /// Throws Error when another root of this size was promised before.
    void add_root(std::uint64_t size, const Hash& root);
};

struct CrashCounts {
    std::uint64_t steps = 0;      // before which the power was cut
    std::uint64_t states = 0;     // different disks, each recovered and checked
    std::uint64_t again = 0;      // of these, states of a crash during recovery
    std::uint64_t deepest = 0;
    std::uint64_t verified = 0;   // of these, read by the verifier too
};

/// One life: an engine that is used, and beside it what each power cut would have left, recovered and compared with what
/// was promised.
class CrashLife {
public:
    /// Ends after the deed in which `limit` states are reached.
    CrashLife(std::uint64_t seed, std::uint64_t limit);
    /// Throws Error that names the deed, the step and what is wrong.
    void run();
    const CrashCounts& counts() const noexcept { return counts_; }

private:
    struct World {
        SimIo& io;
        SimEnv& env;
        Promises& promises;
        unsigned depth;
    };
    void make();
    void append();
    void pass_time();
    void fail();
    void crash();
    void erase();
    void deed();

    void at_step(const World& world);
    void look_at(const World& world, const std::function<bool()>& keep);
    void recover(SimIo& disk, const World& before);
    void go_on(SimIo& disk, SimEnv& env, Engine& engine, Promises promises);
    std::unique_ptr<Engine> opened(SimIo& io, SimEnv& env) const;
    void note_signed(const World& world) const;
    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
    bool once_in(std::uint64_t count) { return below(count) == 0; }
    LedgerEvent some_event();

    std::mt19937_64 random_;
    const std::uint64_t limit_;
    CrashCounts counts_;
    SimIo io_;
    SimEnv env_;
    Promises promises_;
    std::unique_ptr<Engine> engine_;
    std::vector<LedgerEvent> events_;       // that were asked for
    std::vector<Submission> in_flight_;
    std::set<std::size_t> seen_;            // disks of the deed
    std::uint64_t next_id_ = 0;
    std::string what_;                      // the deed
};

}
