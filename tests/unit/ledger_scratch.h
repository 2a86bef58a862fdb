// A ledger on a disk in memory, for tests of its engine.
#pragma once

#include "ledger/engine.h"
#include "ledger_sim.h"

#include <memory>
#include <string>
#include <vector>

namespace forge::test {

/// With segments of 256 KiB.
SpaceRules test_space();

class ScratchLedger {
public:
    /// Made and published.
    ScratchLedger();

    /// Opens the folder again, as a new process would.
    Engine& reopen();
    Engine& engine() { return *engine_; }
    /// Appends events with these ids, all in one batch; a private value each where `subject` is given.
    std::vector<Outcome> append(const std::vector<std::string>& ids, const std::string& subject = {});

    /// Every line, of all days.
    std::vector<std::string> lines();
    /// Throws when seq, prev, ts or the newest checkpoint do not fit the lines.
    void check();
    /// How many lines have the id.
    std::size_t count(const std::string& id);
    std::string& shard(const std::string& day = "2026-11-23") { return io.content("root/events-" + day + ".jsonl"); }

    SimIo io;
    SimEnv env;
    std::string policy{};            // of the next reopen()
    std::vector<std::string> told;   // the ids of lines that the observer was told of

private:
    std::unique_ptr<Engine> engine_;
};

/// An event that appends() makes.
LedgerEvent test_event(const std::string& id, const std::string& subject = {}, const std::string& content = "1");

}
