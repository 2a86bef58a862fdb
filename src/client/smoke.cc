// "forge smoke": one step after the other; a run and what is looked at of it are one chain.
#include "client/smoke.h"

#include <algorithm>
#include <iostream>

#include "base/error.h"
#include "base/text.h"
#include "client/commands.h"
#include "client/terminal.h"
#include "tlog/proof.h"

namespace forge {

namespace {

constexpr Option options_table[] = {
    {"--signer", "", "ask the development signer of a local server for tokens, and look at it too"},
    json_option,
    url_option,
};
constexpr Millis tick_deadline{10'000};

/// What is run: it reads nothing, changes nothing, and needs no model where the server is offline.
constexpr const char* safe_template = "demo.echo";
const std::string run_body = R"({"templateId":"demo.echo","args":{"message":"forge smoke"}})";

/// What the steps hand on to each other.
class Walk {
public:
    explicit Walk(Server& server) : server_(server) {}

    std::string health();
    std::string ready();
    std::string guardian();
    std::string ticks();
    std::string key_set();
    std::string no_token();
    std::string auditor();
    std::string operator_token();
    std::string templates();
    std::string run();
    std::string record();
    std::string receipt();

private:
    std::string token_for(const std::string& role);
    Json execute() { return server_.post("/v1/api/execute", run_body, "application/json", "running " + std::string{safe_template}); }

    Server& server_;
    std::string run_;         // its id
    std::uint64_t index_ = 0; // of its last line
    std::string leaf_;
};

std::string Walk::health()
{
    const Json answer = server_.get_json("/v1/health");
    if (!answer["ok"].as_bool() || answer["service"].as_text() != "vaultmesh-forge")
        throw StepFailed{"this is no VaultMesh Forge", "is the address right?"};
    return shown(answer["service"].as_text()) + " " + shown(answer["version"].as_text()) + ", " + shown(answer["mode"].as_text());
}

std::string Walk::ready()
try {
    static_cast<void>(server_.get("/v1/ready"));
    return "everything";
} catch (const ServerRefusal& refusal) {
    std::vector<std::string> states;
    for (const auto& [name, state] : refusal.answer["checks"].members())
        states.push_back(shown(name) + " " + shown(state.as_text()));
    if (states.empty())
        throw;
    throw StepFailed{"not ready: " + join(states, ", "), "see to what is not ok; keys: forge doctor --auth, ledger: the log of forge-ledgerd"};
}

// GET is the runbook's probe: 503 while the guardian is unavailable, else 405.
std::string Walk::guardian()
{
    const Json mode = server_.get_json("/v1/guardian/mode");
    try {
        static_cast<void>(server_.get("/guardian/ask"));
    } catch (const ServerRefusal& refusal) {
        if (refusal.code == "guardian_unavailable")
            throw StepFailed{"guardian_unavailable: " + shown(mode["reason"].as_text()),
                         "install the agent on the workers' PATH and set GUARDIAN_MODE=agent: production has no stub"};
        if (refusal.code != "method_not_allowed")
            throw;
    }
    const std::string reason = shown(mode["reason"].as_text());
    return shown(mode["mode"].as_text()) + (reason.empty() ? "" : " (" + reason + ")");
}

std::string Walk::ticks()
try {
    static_cast<void>(server_.begin_of("/v1/tick/stream", "event: tick", tick_deadline));
    return "they come";
} catch (const ServerRefusal& refusal) {
    if (refusal.code != "unreachable")
        throw;
    throw StepFailed{"no tick within 10 s", "does something between here and the workers keep streams back (proxy_buffering)?"};
}

std::string Walk::key_set()
try {
    const std::size_t keys = server_.get_json("/dev/jwks.json")["keys"].size();
    if (keys == 0)
        throw StepFailed{"it has no key", "look at the workers' log"};
    return std::to_string(keys) + " at " + server_.url() + "/dev/jwks.json";
} catch (const ServerRefusal& refusal) {
    if (refusal.code != "not_found")
        throw;
    throw StepFailed{"there is no development signer", "start the server with AUTH_DEV_SIGNER=1 FORGE_ENV=development; it answers on loopback only"};
}

std::string Walk::token_for(const std::string& role)
{
    const Json wishes = Json::object({{"roles", Json::array({role})}});
    return std::string{server_.post("/v1/dev/token", dump(wishes), "application/json", "asking for a token")["token"].as_text()};
}

std::string Walk::no_token()
{
    server_.use_token("");
    try {
        static_cast<void>(server_.get("/v1/api/templates"));
    } catch (const ServerRefusal& refusal) {
        if (refusal.code != "missing_bearer")
            throw;
        return "401 missing_bearer";
    }
    throw StepFailed{"a request without a token was answered", "remove AUTH_DEV_BYPASS from the server's settings"};
}

std::string Walk::auditor()
{
    server_.use_token(token_for("auditor"));
    static_cast<void>(server_.get("/v1/api/templates"));
    try {
        static_cast<void>(execute());
    } catch (const ServerRefusal& refusal) {
        if (refusal.code != "forbidden" || refusal.answer["need"].at(0).as_text() != "execute:run")
            throw;
        return "may look, and not run: 403";
    }
    throw StepFailed{"an auditor may run templates", "take execute:run from the role auditor in rbac.yaml"};
}

std::string Walk::operator_token()
{
    server_.use_token(token_for("operator"));
    return "used from here on";
}

std::string Walk::templates()
{
    const Json list = server_.get_json("/v1/api/templates?limit=200");
    const auto is_ours = [](const Json& one) { return one["id"].as_text() == safe_template; };
    if (list.size() == 0)
        throw StepFailed{"the catalog is empty", "let VMESH_CATALOG_ROOT name the folder of templates; see forge-catalog-lint"};
    return std::to_string(list.size()) + (std::ranges::any_of(list.items(), is_ours) ? ", demo.echo among them" : "");
}

std::string Walk::run()
{
    const Json answer = execute();
    const std::string status = shown(answer["status"].as_text());
    if (status != "ok")
        throw StepFailed{"its status is " + status, "look at the record of run " + shown(answer["eventId"].as_text())};
    run_ = answer["eventId"].as_text();
    index_ = static_cast<std::uint64_t>(answer["ledger"]["index"].as_integer());
    leaf_ = answer["ledger"]["leaf"].as_text();
    return std::string{safe_template} + ", run " + shown(run_);
}

std::string Walk::record()
{
    const Json answer = server_.get_json("/v1/api/ledger/events/" + url_encode(run_));
    for (const Json& line : answer["lines"].items())
        if (line["index"].as_integer() == static_cast<std::int64_t>(index_) && line["leaf"].as_text() == leaf_)
            return "line " + std::to_string(index_) + " of the ledger";
    throw StepFailed{"the ledger does not show the line that was acknowledged", "verify the ledger: forge-ledger-verify"};
}

std::string Walk::receipt()
{
    const std::string text = server_.get("/v1/api/ledger/events/" + url_encode(run_) + "/receipt").body;
    const std::string wrong = "verify the ledger: forge-ledger-verify";
    const auto bytes = from_hex(leaf_);
    Hash leaf{};
    if (!bytes || bytes->size() != leaf.size())
        throw StepFailed{"the run was acknowledged without a leaf", wrong};
    std::ranges::copy(bytes_of(*bytes), leaf.begin());
    try {
        const TlogProof proof = TlogProof::parse(text);
        if (proof.index != index_ || !proof.proves(leaf))
            throw StepFailed{"the receipt does not prove that the run is in the ledger", wrong};
        return "proves it (" + std::to_string(proof.path.size()) + " hashes); signatures: forge-ledger-receipt";
    } catch (const Error& error) {
        throw StepFailed{"the receipt is none: " + std::string{error.what()}, wrong};
    }
}

using Way = std::string (Walk::*)();
struct Step {
    const char* name;
    Way way;
    bool signer = false;       // only for a server with the development signer
    bool needs_run = false;
};
constexpr Step steps[] = {
    {"health", &Walk::health},
    {"ready", &Walk::ready},
    {"guardian", &Walk::guardian},
    {"ticks", &Walk::ticks},
    {"key set", &Walk::key_set, true},
    {"no token", &Walk::no_token, true},
    {"auditor", &Walk::auditor, true},
    {"operator", &Walk::operator_token, true},
    {"templates", &Walk::templates},
    {"run", &Walk::run},
    {"record", &Walk::record, false, true},
    {"receipt", &Walk::receipt, false, true},
};

CheckedStep failed(const Step& step, const ServerRefusal& refusal)
{
    const std::string text = refusal.what();
    constexpr std::string_view next = "\n  next: ";
    const auto at = text.find(next);
    if (at == text.npos)
        return {step.name, false, replace_all(text, "\n ", ";"), "look at the workers' log for the request"};
    return {step.name, false, replace_all(text.substr(0, at), "\n ", ";"), text.substr(at + next.size())};
}

CheckedStep taken(Walk& walk, const Step& step)
try {
    return {step.name, true, (walk.*step.way)(), ""};
} catch (const StepFailed& problem) {
    return {step.name, false, problem.problem, problem.remedy};
} catch (const ServerRefusal& refusal) {
    if (refusal.code == "unreachable")
        throw;
    return failed(step, refusal);
} catch (const Error& error) {
    return {step.name, false, error.what(), "the answer has not the form of this API: is the address right?"};
}

}

std::vector<CheckedStep> smoke(Server& server, bool signer, const std::function<void(const CheckedStep&)>& on_step)
{
    Walk walk{server};
    std::vector<CheckedStep> done;
    bool has_run = false;
    for (const Step& step : steps) {
        if ((step.signer && !signer) || (step.needs_run && !has_run))
            continue;
        done.push_back(taken(walk, step));
        has_run = has_run || (step.way == &Walk::run && done.back().ok);
        on_step(done.back());
        if (step.way == &Walk::health && !done.back().ok)
            break;   // whatever this is, it is asked nothing more
    }
    return done;
}

const std::span<const Option> smoke_options = options_table;

int smoke_test(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    Server server = Server::of(arguments);
    const bool as_json = arguments.has("--json");
    const auto done = smoke(server, arguments.has("--signer"), [&](const CheckedStep& step) {
        if (!as_json)
            print_step(std::cout, step);
    });
    if (as_json)
        std::cout << dump_pretty(json_of(done).set("url", server.url())) << '\n';
    return all_well(done) ? 0 : exit_not_ok;
}

}
