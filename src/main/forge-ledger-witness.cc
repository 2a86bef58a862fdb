// forge-ledger-witness: has the ledger's newest checkpoint cosigned by the witnesses of a policy, or is a witness.
#include "audit/tool.h"
#include "audit/witness_round.h"
#include "audit/witness_server.h"
#include "audit/witness_state.h"
#include "base/error.h"
#include "base/text.h"
#include "ledger/client.h"
#include "lib/json.h"
#include "os/file.h"

#include <algorithm>
#include <iostream>

namespace forge {

namespace {

constexpr const char* installed_policy = "/etc/vaultmesh-forge/ledger.policy";
constexpr const char* installed_state = "/var/lib/vaultmesh-forge-verify/witness.json";
constexpr const char* installed_book = "/var/lib/vaultmesh-forge-verify/witness";
constexpr const char* installed_key = "/var/lib/vaultmesh-forge-verify/witness.pem";
constexpr std::size_t file_limit = 1U << 20;
constexpr Millis ledger_patience{10'000};

constexpr Option options[] = {
    root_option,
    {"--policy", "FILE", "a tlog-policy with the witnesses and their URLs; default: /etc/vaultmesh-forge/ledger.policy"},
    {"--state", "PATH", "what was cosigned so far; default: witness.json, with --serve witness/, in /var/lib/vaultmesh-forge-verify"},
    {"--timeout", "SECONDS", "for each witness; default: 10"},
    {"--socket", "PATH", "forge-ledgerd's socket, default: $FORGE_LEDGER_SOCKET; with --serve where to listen, default: descriptor 0"},
    {"--serve", "", "be a witness of the logs that the policy names, over FastCGI"},
    {"--name", "NAME", "with --serve: the witness's name, like witness.example.com/second"},
    {"--key", "FILE", "with --serve: its Ed25519 key, made when missing; default: /var/lib/vaultmesh-forge-verify/witness.pem"},
    json_option,
    help_option,
};

int witness(const Arguments& arguments);
constexpr Command command{"", "", "have the newest checkpoint cosigned by witnesses, or be one", options, witness};

int report(const PublishedTree& tree, const std::vector<WitnessAnswer>& answers, bool has_quorum, bool as_json)
{
    const auto has = [&](FlawKind kind) { return std::ranges::any_of(answers, [&](const auto& answer) { return answer.flaw == kind; }); };
    const int code = has(FlawKind::outside) ? exit_outside : has_quorum ? exit_ok : exit_incomplete;
    Json list = Json::array();
    for (const WitnessAnswer& answer : answers) {
        list.append(Json::object({{"name", answer.name}, {"ok", !answer.line.empty()}, {"size", answer.size}, {"reason", answer.reason}}));
        if (!as_json)
            std::cout << answer.name << ": " << (answer.line.empty() ? answer.reason : "cosigned") << '\n';
    }
    if (as_json)
        std::cout << dump(Json::object({{"ok", code == exit_ok}, {"exit", code}, {"origin", tree.checkpoint.origin},
                                        {"size", tree.checkpoint.size}, {"quorum", has_quorum}, {"witnesses", list}}))
                  << '\n';
    else
        std::cout << (has_quorum ? "ok: " : "no quorum: ") << tree.checkpoint.origin << ": " << tree.checkpoint.size << " lines\n";
    return code;
}

int serve(const Arguments& arguments)
{
    if (!arguments.has("--name"))
        throw UsageError("--serve needs --name NAME");
    return serve_witness({.name = arguments.value("--name"), .policy = arguments.value("--policy", installed_policy),
                          .key = arguments.value("--key", installed_key), .folder = arguments.value("--state", installed_book),
                          .socket = arguments.value("--socket")});
}

int witness(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    if (arguments.has("--serve"))
        return serve(arguments);
    const PublicLog log{ledger_root(arguments)};
    const Policy policy = Policy::parse(read_file(arguments.value("--policy", installed_policy), file_limit));
    const auto tree = log.newest();
    if (!tree)
        throw Error("the ledger has no checkpoint");
    const std::string state = arguments.value("--state", installed_state);
    WitnessState known = read_witness_state(state);
    WebClient web;
    const Millis patience = std::chrono::seconds{arguments.number("--timeout", 10, 1, 600)};
    const auto answers = ask_witnesses(log, *tree, policy, web, patience, known.sizes);
    known.take(tree->checkpoint, answers);
    write_file_durably(state, known.text());   // before they are handed on: who comes after must not ask for less
    std::string note = tree->note;
    for (const WitnessAnswer& answer : answers)
        note += answer.line;
    if (note != tree->note) {
        const LedgerReply reply = LedgerClient{ledger_socket(arguments), ledger_patience}.call(encode_cosign(note));
        if (!reply.ok)
            throw Error("forge-ledgerd: " + reply.error + ": " + reply.detail);
    }
    return report(*tree, answers, policy.check(Note::parse(note)).has_quorum, arguments.has("--json"));
}

}

}

int main(int argc, char** argv)
{
    return forge::run_tool("forge-ledger-witness", forge::command, argc, argv);
}
