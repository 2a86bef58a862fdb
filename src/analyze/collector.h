// Native collectors: what a template's `collector` names.  They look at evidence and arguments, without any model.
#pragma once

#include "analyze/evidence.h"
#include "base/clock.h"
#include "lib/json.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace forge {

struct CollectorLimits {
    SteadyTime deadline = SteadyTime::max();   // what is not looked at by then is counted as skipped
    std::size_t files = 10'000;
    std::uint64_t bytes = 1ull << 30;          // read in all
    std::size_t file_bytes = 16 << 20;         // a larger file is skipped
    std::size_t findings = 1'000;
};

struct CollectorRequest {
    std::string name;                          // of collectors()
    Json settings;                             // `collector.args` of the template
    Json args;                                 // of the run, with defaults
    const EvidenceTree* evidence = nullptr;    // what the argument evidence_argument(settings) refers to
    CollectorLimits limits;
};

struct Collected {
    Json collected;   // what the prompt sees as `collected`
    Json output;      // an answer made of findings only, in the form of the shipped template's output; absent: none
    bool read_any = true;   // a text that is not blank was read, or the collector reads none
};

struct Collector {
    std::string_view name;
    Collected (*collect)(const CollectorRequest& request);
    std::string_view description;
};

/// All of them, by name.
std::span<const Collector> collectors();
/// Null for an unknown name.
const Collector* find_collector(std::string_view name);

/// Runs one, on the calling thread, within the limits.  Throws Error for an unknown name or settings that are wrong.
Collected run_collector(const CollectorRequest& request);

/// The name of the run's argument that holds the evidence handle: `from` in the settings; empty for none.
std::string_view evidence_argument(const Json& settings);

}
