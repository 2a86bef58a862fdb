// What a run needs before anybody is asked.
#include "run/prepare.h"

#include "analyze/folder_evidence.h"
#include "base/ids.h"
#include "base/text.h"
#include "http/message.h"
#include "run/arguments.h"
#include "run/judge.h"
#include "run/offline.h"
#include "run/profile.h"

namespace forge {

namespace {

constexpr std::chrono::seconds collector_patience{60};
constexpr std::string_view upload_prefix = "evidence:";
constexpr std::string_view folder_prefix = "folder:";

void check_risk(const CatalogTemplate& source, const Config& config)
{
    if (source.risk == TemplateRisk::restricted)
        throw Refusal(403, "template_restricted", "templates of the risk \"restricted\" are not run here");
    if (source.risk == TemplateRisk::lab_only && config.roe_token.empty())
        throw Refusal(403, "roe_required", "templates of the risk \"lab-only\" need rules of engagement: set ROE_TOKEN");
}

Json text_inputs_as_text(const CatalogTemplate& source, const Json& args)
{
    Json shown = Json::object();
    for (const auto& [name, value] : args.members()) {
        const bool as_text = (value.is_array() || value.is_object())
                             && std::ranges::find(source.text_inputs, name) != source.text_inputs.end();
        shown.set(name, as_text ? Json{dump(value)} : value);
    }
    return shown;
}

/// "2 left out: symbolic link 1, binary 1"
std::string left_out(const Json& skipped)
{
    std::vector<std::string> reasons;
    for (const auto& [reason, count] : skipped["reasons"].members())
        reasons.push_back(reason + " " + std::to_string(count.as_integer()));
    if (reasons.empty())
        return "it has no text of a kind that this template looks at";
    return std::to_string(skipped["count"].as_integer()) + " left out: " + join(reasons, ", ");
}

// Nothing is wrong with nothing: an audit of it would pass.  A run for which no evidence is needed may go without.
void check_nothing_read(const Prepared& run, bool evidence_given)
{
    const Json& settings = run.compiled->source->collector_args;
    std::vector<RequestIssue> issues;
    if (evidence_given)
        issues.push_back({"/args/" + std::string{evidence_argument(settings)},
                          "nothing was read; " + left_out(run.collected.collected["skipped"])});
    for (const auto& [shown, argument] : settings["texts"].members())
        if (const std::string name{argument.as_text()}; run.args[name].is_string())
            issues.push_back({"/args/" + name, "is blank"});
    if (issues.empty() && run.collected.output["pass"].as_bool())
        issues.push_back({"/args", "there is no evidence and no text to look at"});
    if (!issues.empty())
        throw Refusal(400, "invalid_args", "nothing of what was given could be read", std::move(issues));
}

}

std::string owner_of(const Caller& caller)
{
    return dump(Json::array({caller.iss, caller.sub}));
}

Preparation::Preparation(Catalog& catalog, EvidenceStore& evidence, const CurrentTargets& targets)
    : evidence_(evidence), targets_(targets), templates_(catalog)
{
}

Prepared Preparation::plan(const RunRequest& request)
{
    const Config& config = *request.config;
    Prepared run;
    run.config = request.config;
    run.stages = StageClock{request.received};
    run.stages.ends(Stage::admission);
    run.compiled = templates_.find(request.template_name);
    const CatalogTemplate& source = *run.compiled->source;
    check_risk(source, config);
    run.profile = load_profile(config.profiles_root, request.profile);
    run.args = merged_arguments(run.compiled->inputs, run.profile["defaults"], request.args);
    if (config.ai_mode == AiMode::offline)
        check_offline(source, config);
    else
        run.targets = targets_.get();
    run.policy = run.compiled->guards;
    run.is_streamed = request.is_streamed;
    run.trace = request.trace;
    run.needs_files = !evidence_argument(source.collector_args).empty();

    run.start.run = uuid_v7();
    run.start.name = {source.id, source.version, source.digest};
    run.start.profile = request.profile;
    run.start.mode = config.ai_mode == AiMode::live ? "live" : "offline";
    run.start.digests.schema = source.output_digest;
    run.start.digests.providers = run.targets ? run.targets->digest : "";
    run.start.caller = request.caller;
    run.start.request_id = request.request_id;
    if (request.idempotency) {
        run.start.idem_key = request.idempotency->key;
        run.start.idem_body = request.idempotency->body;
    }
    return run;
}

void Preparation::collect_and_render(Prepared& run)
{
    collect(run);
    run.stages.ends(Stage::preparation);
    guard_and_render(run);
    if (!run.targets && run.refused_by.empty())
        take(judge(*run.compiled, run.policy, answer_offline(run, run.offline)), run.offline);
    run.stages.ends(Stage::judgement);
    run.started = encode_append(started_event(run.start));
}

std::unique_ptr<EvidenceTree> Preparation::evidence_of(const Prepared& run) const
{
    const std::string name{evidence_argument(run.compiled->source->collector_args)};
    if (name.empty() || !run.args[name])
        return nullptr;
    const std::string handle{run.args[name].as_text()};
    const std::string path = "/args/" + name;
    if (handle.starts_with(upload_prefix)) {
        if (auto tree = evidence_.open(handle, owner_of(run.start.caller)))
            return tree;
        throw Refusal(400, "invalid_args", "the evidence cannot be had", {{path, "names no evidence of yours, or it has expired"}});
    }
    if (!handle.starts_with(folder_prefix))
        throw Refusal(400, "invalid_args", "the evidence cannot be had", {{path, "must be an evidence:… handle or folder:PATH"}});
    for (const auto& root : run.start.caller.evidence_roots) {
        try {
            return open_folder_evidence(root, handle.substr(folder_prefix.size()), {.deadline = steady_now() + collector_patience});
        } catch (const Error&) {   // perhaps it is below the next root
        }
    }
    throw Refusal(400, "invalid_args", "the evidence cannot be had", {{path, "names no folder below the roots of your roles"}});
}

void Preparation::collect(Prepared& run) const
{
    const CatalogTemplate& source = *run.compiled->source;
    if (source.collector.empty())
        return;
    const auto evidence = evidence_of(run);
    try {
        run.collected = run_collector({.name = source.collector,
                                       .settings = source.collector_args,
                                       .args = run.args,   // as given: it looks for secrets, and shows none
                                       .evidence = evidence.get(),
                                       .limits = {.deadline = steady_now() + collector_patience}});
    } catch (const Error& error) {
        throw Refusal(422, "template_unusable", "its collector refuses: " + std::string{error.what()});
    }
    if (!run.collected.read_any)
        check_nothing_read(run, evidence != nullptr);
}

// Later ones win: the template's own keys, the profile, what was collected, the arguments.
Json Preparation::context(const Prepared& run, const Json& args, const Json& collected)
{
    const CatalogTemplate& source = *run.compiled->source;
    Json context = Json::object();
    for (const auto& [name, value] : source.source.members())
        context.set(name, value);
    context.set("profile", run.profile);
    context.set("collected", collected);
    for (const auto& [name, value] : text_inputs_as_text(source, args).members())
        context.set(name, value);
    return context;
}

// A prompt of which a guard will not let anything go on is not made: its start is recorded with what may be stored.
void Preparation::guard_and_render(Prepared& run) const
try {
    InputGuards guards{run.policy};
    const GuardedJson args = guards.arguments(run.args);
    const GuardedJson evidence = guards.evidence(run.collected.collected ? run.collected.collected : Json::object());
    const Json context = Preparation::context(run, args.sent, evidence.sent);
    GuardedText system = guards.prompt(run.compiled->system.render(context));
    GuardedText user = guards.prompt(run.compiled->user.render(context));
    run.stages.ends(Stage::input_guards);
    run.guards = guards.reports();
    if (const auto guard = guards.refused_by())
        run.refused_by = guard_name(*guard);
    run.start.args = args.recorded;
    run.start.prompt = Json::object({{"system", system.recorded}, {"user", user.recorded}});
    if (system.sent != system.recorded || user.sent != user.recorded)
        run.start.sent = Json::object({{"system", system.sent}, {"user", user.sent}});
    run.system = std::move(system.sent);
    run.user = std::move(user.sent);
} catch (const Refusal&) {
    throw;
} catch (const Error& error) {
    throw Refusal(422, "template_unusable", "its prompt cannot be rendered: " + std::string{error.what()});
}

}
