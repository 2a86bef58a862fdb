// What a client asks for while faults happen, and what it must find afterwards.
#pragma once

#include "daemon.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace forge::test {

class Workload {
public:
    explicit Workload(Daemon& daemon) : daemon_(daemon) {}

    /// Appends of every kind and a publication; ends at the first that nobody answers.
    void run();
    /// One event of `size` bytes; its code, "" when it was acknowledged.
    std::string append(std::size_t size);
    /// What was acknowledged stands in the shards where it was said to, what was refused does not; throws Error.
    void check() const;
    /// Asks again for what was not acknowledged; throws Error unless all of it is now.
    void ask_again();
    std::size_t acked() const { return acked_.size(); }

private:
    bool ask(const std::vector<LedgerEvent>& events, Want want);
    LedgerEvent event(std::size_t size);

    Daemon& daemon_;
    std::map<std::string, Acked> acked_;
    std::vector<std::vector<LedgerEvent>> unknown_;
    std::vector<std::vector<LedgerEvent>> refused_;
    std::uint64_t count_ = 0;
    std::string code_;
};

}
