// The fault tests on the real forge-ledgerd.  usage: faults syscalls|kills|full-disk|verifying BUILD FOLDER SECONDS SEED
#include <cstdlib>
#include <iostream>

#include "base/error.h"
#include "faults.h"

int main(int argc, char** argv)
try {
    using namespace forge::test;
    if (argc != 6)
        return 64;
    const std::string what = argv[1];
    const FaultRun run{argv[2], argv[3], std::strtol(argv[4], nullptr, 10), std::strtoull(argv[5], nullptr, 10)};
    if (what == "syscalls")
        fail_system_calls(run);
    else if (what == "kills")
        kill_at_random(run);
    else if (what == "full-disk")
        fill_disk(run);
    else if (what == "verifying")
        verify_beside_writers(run);
    else
        return 64;
    return 0;
} catch (const std::exception& error) {
    std::cerr << "faults: " << error.what() << '\n';
    return 1;
}
