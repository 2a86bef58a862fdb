// What a run needs before anybody is asked: template, arguments, evidence, prompt.
#pragma once

#include "analyze/collector.h"
#include "analyze/evidence_store.h"
#include "auth/caller.h"
#include "config/config.h"
#include "guard/input.h"
#include "http/trace.h"
#include "llm/current_targets.h"
#include "run/compiled.h"
#include "run/idempotency.h"
#include "run/record.h"
#include "run/stages.h"

#include <memory>
#include <string>

namespace forge {

struct RunRequest {
    std::shared_ptr<const Config> config;   // the run keeps it, its keys too, whatever is reloaded in the meantime
    std::string template_name;
    std::string profile = "vault";
    Json args = Json::object();
    Caller caller;
    std::string request_id;
    Trace trace{};
    SteadyTime received = steady_now();
    std::optional<IdempotencyTags> idempotency{};
    bool is_streamed = false;
};

/// A run on its way to the provider.
struct Prepared {
    std::shared_ptr<const Config> config;
    std::shared_ptr<const CompiledTemplate> compiled;
    SharedTargets targets;      // null where no model is asked
    GuardPolicy policy;
    RunStart start;
    StageClock stages;
    Trace trace;                // of the request: goes on to providers
    bool is_streamed = false;
    bool needs_files = false;   // its collector reads evidence: not on a request's thread
    Json profile;
    Json args;                  // after defaults
    Collected collected;
    std::string system;         // the prompt, as it goes to the model
    std::string user;
    std::vector<GuardReport> guards;    // of the input
    std::optional<NumberLocks::Held> claim;   // of its Idempotency-Key, until it has ended
    std::string refused_by;     // the guard that keeps it from going on
    RunEnd offline;             // where no model is asked: the end, already
    Packet started;             // the start's line, ready to be recorded
};

/// Any thread.
class Preparation {
public:
    Preparation(Catalog& catalog, EvidenceStore& evidence, const CurrentTargets& targets);

    /// Template, permission to run it, profile and arguments.  Throws Refusal: 404 template_not_found,
    /// 422 template_unusable, 403 template_restricted or roe_required, 400 unknown_profile or invalid_args,
    /// 503 offline_no_answer or simulated_not_allowed.
    Prepared plan(const RunRequest& request);
    /// Runs the collector, if there is one, the guards, and renders the prompt.  May take as long as evidence is large.
    /// Throws Refusal 400 invalid_args for evidence that cannot be had, 422 template_unusable for a prompt that fails.
    void collect_and_render(Prepared& run);

private:
    std::unique_ptr<EvidenceTree> evidence_of(const Prepared& run) const;
    void collect(Prepared& run) const;
    void guard_and_render(Prepared& run) const;
    static Json context(const Prepared& run, const Json& args, const Json& collected);

    EvidenceStore& evidence_;
    const CurrentTargets& targets_;
    CompiledTemplates templates_;
};

/// Issuer and subject as one text: the owner of evidence.
std::string owner_of(const Caller& caller);

}
