// The fault tests on the real forge-ledgerd.  All throw Error where something acknowledged is lost, doubled
// or changed, or the verifier complains.
#pragma once

#include <cstdint>
#include <string>

namespace forge::test {

struct FaultRun {
    std::string build;      // the folder with the programs
    std::string folder;     // empty, to work in
    long seconds;           // how long at most
    std::uint64_t seed;     // of the choices
};

/// F1, F2, F3: every system call that changes something is the last one, or fails; in random order, each once.
void fail_system_calls(const FaultRun& run);
/// F10: forge-ledgerd and its writers are killed at random.
void kill_at_random(const FaultRun& run);
/// F3: a real disk becomes full in steps of 4 KiB; `folder` is a small file system of its own.
void fill_disk(const FaultRun& run);
/// F13: verifications beside writers at full speed give no false alarm.
void verify_beside_writers(const FaultRun& run);

}
