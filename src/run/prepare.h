// What a run needs before anybody is asked: template, arguments, evidence, prompt.
#pragma once

#include "analyze/collector.h"
#include "analyze/evidence_store.h"
#include "auth/caller.h"
#include "config/config.h"
#include "llm/target.h"
#include "run/compiled.h"
#include "run/record.h"

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
};

/// A run on its way to the provider.
struct Prepared {
    std::shared_ptr<const Config> config;
    SharedTargets targets;      // the providers it may ask; null when it is offline
    std::shared_ptr<const CompiledTemplate> compiled;
    RunStart start;
    Json profile;
    Collected collected;
    bool needs_files = false;   // its collector reads evidence: not on a request's thread
};

/// Any thread.
class Preparation {
public:
    Preparation(Catalog& catalog, EvidenceStore& evidence);

    /// Template, permission to run it, profile and arguments.  Throws Refusal: 404 template_not_found,
    /// 422 template_unusable, 403 template_restricted or roe_required, 400 unknown_profile or invalid_args,
    /// 503 offline_no_answer or simulated_not_allowed.
    Prepared plan(const RunRequest& request);
    /// Runs the collector, if there is one, and renders the prompt.  May take as long as evidence is large.
    /// Throws Refusal 400 invalid_args for evidence that cannot be had, 422 template_unusable for a prompt that fails.
    void collect_and_render(Prepared& run);

private:
    std::unique_ptr<EvidenceTree> evidence_of(const Prepared& run) const;
    void collect(Prepared& run) const;
    void render(Prepared& run) const;

    EvidenceStore& evidence_;
    CompiledTemplates templates_;
};

/// Issuer and subject as one text: the owner of evidence.
std::string owner_of(const Caller& caller);

}
