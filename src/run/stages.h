// Where a run's time goes: stages that follow each other, so that their sum is the whole.
#pragma once

#include "base/clock.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace forge {

enum class Stage {
    admission,      // from the request's first byte: route, token, role, limit, body
    preparation,    // template, arguments, evidence, prompt
    input_guards,
    record_start,   // until the ledger has it on disk
    provider,       // all attempts, and waiting between them
    judgement,      // guards and schema on the output
    record_end,
};
constexpr std::array<std::string_view, 7> stage_names{
    "admission", "preparation", "input_guards", "record_start", "provider", "judgement", "record_end"};

/// One thread at a time.
class StageClock {
public:
    explicit StageClock(SteadyTime begin = steady_now()) : begin_(begin), last_(begin) {}

    /// What passed since the last call was that stage's.
    void ends(Stage stage)
    {
        const SteadyTime now = steady_now();
        took_[static_cast<std::size_t>(stage)] += now - last_;
        last_ = now;
    }
    Micros took(Stage stage) const
    {
        return std::chrono::duration_cast<Micros>(took_[static_cast<std::size_t>(stage)]);
    }
    Micros since_begin() const { return std::chrono::duration_cast<Micros>(steady_now() - begin_); }
    /// All that was not waiting for a provider.
    Micros overhead() const
    {
        SteadyTime::duration sum{};
        for (std::size_t i = 0; i < took_.size(); ++i)
            if (static_cast<Stage>(i) != Stage::provider)
                sum += took_[i];
        return std::chrono::duration_cast<Micros>(sum);
    }

private:
    SteadyTime begin_;
    SteadyTime last_;
    std::array<SteadyTime::duration, stage_names.size()> took_{};
};

}
