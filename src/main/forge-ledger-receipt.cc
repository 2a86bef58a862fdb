// forge-ledger-receipt: makes the receipt of a line, or checks one without the ledger.
#include "audit/receipt.h"
#include "audit/tool.h"
#include "audit/tool_failure.h"
#include "base/error.h"
#include "base/text.h"
#include "ledger/events.h"
#include "lib/json.h"
#include "os/file.h"
#include "tlog/proof.h"

#include <iostream>
#include <string>

namespace forge {

namespace {

constexpr const char* installed_policy = "/etc/vaultmesh-forge/ledger.policy";
constexpr std::size_t policy_limit = 1U << 20;
constexpr std::size_t receipt_limit = 2U << 20;
constexpr Millis publish_patience{2000};
constexpr long most_seconds = 86'400;

constexpr Option options[] = {
    root_option,
    {"--seq", "N", "the line by its number, instead of by id"},
    {"--with-witness", "", "under a checkpoint that witnesses have cosigned as the policy asks; waits for it"},
    {"--wait", "SECONDS", "how long to wait for witnesses; default: 60"},
    {"--out", "FILE", "write the receipt there instead of to the output"},
    {"--check", "FILE", "check this receipt instead, without the ledger; -: the input"},
    {"--entry", "FILE", "with --check: the line that it is to be of, instead of the one it carries"},
    {"--policy", "FILE", "a tlog-policy: known logs, witnesses, quorum; default: /etc/vaultmesh-forge/ledger.policy"},
    json_option,
    help_option,
};

int receipt(const Arguments& arguments);
constexpr Command command{"", "[ID]", "make the receipt of a line, or check one without the ledger", options, receipt};

Policy read_policy(const Arguments& arguments)
{
    const std::string path = arguments.value("--policy", installed_policy);
    try {
        return Policy::parse(read_file(path, policy_limit));
    } catch (...) {
        rethrow_while("policy " + path);
    }
}

Json findings_json(const ReceiptVerdict& verdict)
{
    Json findings = Json::array();
    for (const auto& [kind, reason] : verdict.findings)
        findings.append(Json::object({{"kind", static_cast<int>(kind)}, {"reason", reason}}));
    return findings;
}

void print(const ReceiptVerdict& verdict, bool as_json)
{
    Json witnessed = Json::object();
    for (const auto& [name, seconds] : verdict.witnessed)
        witnessed.set(name, seconds);
    if (as_json) {
        std::cout << dump(Json::object({{"ok", verdict.findings.empty()}, {"exit", verdict.exit_code()}, {"origin", verdict.origin},
                                        {"size", verdict.size}, {"index", verdict.index}, {"leaf", hex(verdict.leaf)},
                                        {"entry", is_utf8(verdict.entry) ? Json{verdict.entry} : Json{nullptr}},
                                        {"witnesses", witnessed}, {"findings", findings_json(verdict)}}))
                  << '\n';
        return;
    }
    for (const auto& [kind, reason] : verdict.findings)
        std::cout << reason << '\n';
    if (!verdict.findings.empty()) {
        std::cout << "not ok\n";
        return;
    }
    std::cout << verdict.entry << "\nok: " << verdict.origin << ": line " << verdict.index << " of " << verdict.size << ", "
              << verdict.witnessed.size() << (verdict.witnessed.size() == 1 ? " witness" : " witnesses") << '\n';
}

int check(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    const std::string path = arguments.value("--check");
    const std::string text = path == "-" ? read_rest(0, "the input", receipt_limit) : read_file(path, receipt_limit);
    std::optional<std::string> entry;
    if (arguments.has("--entry")) {
        entry = read_file(arguments.value("--entry"), receipt_limit);
        if (entry->ends_with('\n'))
            entry->pop_back();
    }
    const ReceiptVerdict verdict = check_receipt(text, read_policy(arguments), entry);
    print(verdict, arguments.has("--json"));
    return verdict.exit_code();
}

std::uint64_t seq_of(const Arguments& arguments, const std::string& root)
{
    if (arguments.has("--seq")) {
        arguments.expect_operands(0, 0);
        return static_cast<std::uint64_t>(arguments.number("--seq", 0, 0, (1L << 53) - 1));
    }
    arguments.expect_operands(1, 1);
    const std::string& id = arguments.operands().front();
    Events events{root};
    if (const auto run = events.run(id))
        return run->finished ? run->finished->seq : run->started.seq;
    if (const auto line = events.line(id))
        return line->seq;
    throw Error("the ledger has no run and no line of the id " + id);
}

int make(const Arguments& arguments)
{
    const std::string root = ledger_root(arguments);
    if (!exists(root + "/checkpoint") && !exists(root + "/keys/log.vkey"))   // one that was made just now has only the key
        throw Error(root + " holds no ledger");
    const std::uint64_t seq = seq_of(arguments, root);
    const PublicLog log{root};
    std::optional<Policy> policy;
    Millis patience = publish_patience;
    if (arguments.has("--with-witness")) {
        policy = read_policy(arguments);
        patience = std::chrono::seconds{arguments.number("--wait", 60, 0, most_seconds)};
    }
    const auto tree = covering_tree(log, seq, policy ? &*policy : nullptr, steady_now() + patience);
    if (!tree) {
        const std::string what = "no checkpoint covers line " + std::to_string(seq) + (policy ? " with a quorum of witnesses" : "");
        std::cerr << "forge-ledger-receipt: " << what << '\n';
        if (arguments.has("--json"))
            print_failure(exit_incomplete, what);
        return exit_incomplete;
    }
    const std::string text = log.receipt(seq, *tree).text();
    if (arguments.has("--out"))
        write_file_durably(arguments.value("--out"), text);
    if (arguments.has("--json"))
        std::cout << dump(Json::object({{"ok", true}, {"index", seq}, {"size", tree->checkpoint.size}, {"receipt", text}})) << '\n';
    else if (!arguments.has("--out"))
        std::cout << text;
    return exit_ok;
}

int receipt(const Arguments& arguments)
{
    return arguments.has("--check") ? check(arguments) : make(arguments);
}

}

}

int main(int argc, char** argv)
{
    return forge::run_tool("forge-ledger-receipt", forge::command, argc, argv);
}
