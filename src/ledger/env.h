// Time and randomness as the ledger's engine gets them, so that a test can give it both.
#pragma once

#include "base/clock.h"
#include "os/random.h"

#include <cstddef>
#include <string>

namespace forge {

class Env {
public:
    virtual ~Env() = default;
    virtual WallTime wall() = 0;
    /// Whether the kernel holds the wall clock to be right (NTP).
    virtual bool wall_is_synchronised() = 0;
    virtual SteadyTime steady() = 0;
    virtual std::string random(std::size_t bytes) = 0;
};

/// For one thread.
class RealEnv : public Env {
public:
    WallTime wall() override { return wall_now(); }
    bool wall_is_synchronised() override { return forge::wall_is_synchronised(); }
    SteadyTime steady() override { return steady_now(); }
    std::string random(std::size_t bytes) override { return random_.take(bytes); }

private:
    RandomBytes random_;
};

}
