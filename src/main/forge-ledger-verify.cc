// forge-ledger-verify: recomputes the ledger's root and compares it with the signed one.  Writes nothing in the ledger.
#include "audit/pin.h"
#include "audit/tool.h"
#include "audit/verify_state.h"
#include "base/error.h"
#include "base/text.h"
#include "lib/json.h"

#include <iostream>
#include <string>

namespace forge {

namespace {

constexpr const char* installed_state = "/var/lib/vaultmesh-forge-verify";

constexpr Option options[] = {
    root_option,
    vkey_option,
    {"--full", "", "all of it: the default"},
    {"--incremental", "", "what was added since the last time, from the state in --state"},
    {"--state", "DIR", "the verifier's own key and state; default: /var/lib/vaultmesh-forge-verify"},
    {"--pin", "LINE", "a line of forge-ledger-pin, kept elsewhere: the ledger must be that one, grown or not"},
    {"--quick", "", "hashes, order and roots only: not the form of each line, repeated ids, or private values"},
    {"-j", "N", "threads that check lines; default: 1"},
    json_option,
    help_option,
};

std::string place_of(const Flaw& flaw)
{
    return flaw.file + (flaw.line > 0 ? ":" + std::to_string(flaw.line) : "");
}

void print(const VerifyReport& report)
{
    for (const auto& warning : report.warnings)
        std::cerr << "warning: " << warning << '\n';
    for (const Flaw& flaw : report.findings.list())
        std::cout << place_of(flaw) << ": " << flaw.reason << '\n';
    const auto total = report.findings.total();
    if (total > report.findings.list().size())
        std::cout << "and " << total - report.findings.list().size() << " more\n";
    if (total > 0) {
        std::cout << "not ok: " << total << (total == 1 ? " finding" : " findings") << " in " << report.lines
                  << " lines\n";
        return;
    }
    std::cout << "ok: " << report.origin << ": " << report.lines << " lines (" << mebibytes(report.bytes) << ") in "
              << report.shards << (report.shards == 1 ? " shard, " : " shards, ") << report.seals << " sealed; "
              << report.checkpoints << " checkpoints; " << report.tiles << " tiles; " << report.private_values
              << " private values";
    if (report.private_erased > 0)
        std::cout << ", " << report.private_erased << " erased, all covered by redaction events";
    if (report.lines_in_log > 0)
        std::cout << "; " << report.lines_in_log << " lines that no checkpoint covers yet are in the write-ahead log";
    std::cout << "; root " << hex(report.root) << '\n';
}

void print_json(const VerifyReport& report, int exit_code)
{
    Json findings = Json::array();
    for (const auto& [kind, file, line, reason] : report.findings.list())
        findings.append(
            Json::object({{"kind", static_cast<int>(kind)}, {"file", file}, {"line", line}, {"reason", reason}}));
    Json warnings = Json::array();
    for (const auto& warning : report.warnings)
        warnings.append(warning);
    const Json values = Json::object({{"total", report.private_values}, {"erased", report.private_erased},
                                      {"notLookedAt", report.private_not_looked_at},
                                      {"notOpened", report.private_unopened}});
    std::cout << dump(Json::object({{"ok", exit_code == 0}, {"exit", exit_code}, {"origin", report.origin},
                                    {"size", report.size}, {"root", hex(report.root)}, {"lines", report.lines},
                                    {"linesInLog", report.lines_in_log}, {"bytes", report.bytes},
                                    {"shards", report.shards}, {"seals", report.seals},
                                    {"checkpoints", report.checkpoints}, {"tiles", report.tiles}, {"private", values},
                                    {"findings", findings}, {"findingsTotal", report.findings.total()},
                                    {"warnings", warnings}}))
              << '\n';
}

int verify(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    ProgressLine progress{"checking"};
    VerifyOptions verify_options{
        .root = ledger_root(arguments), .vkey = pinned_key(arguments),
        .thoroughness = arguments.has("--quick") ? Thoroughness::quick : Thoroughness::full,
        .jobs = static_cast<unsigned>(arguments.number("-j", 1, 1, 256)),
        .on_progress = [&](const VerifyProgress& now) { progress.show(now.bytes, now.bytes_total); }};
    if (arguments.has("--pin")) {
        const Pin pin = Pin::parse(arguments.value("--pin"));
        verify_options.pin = PinnedRoot{pin.size, pin.root, "the pin"};
        verify_options.vkey = pin.key.text();
    }
    const bool is_incremental = arguments.has("--incremental");
    if (is_incremental && (arguments.has("--pin") || arguments.has("--full")))
        throw UsageError("--incremental goes with neither --full nor --pin");
    const VerifyReport report
        = is_incremental ? verify_increment(verify_options, VerifierFolder{arguments.value("--state", installed_state)})
                         : verify_ledger(verify_options);
    const int code = report.findings.exit_code();
    if (arguments.has("--json"))
        print_json(report, code);
    else
        print(report);
    return code;
}

constexpr Command command{"", "", "recompute the ledger's root and compare it with the signed one", options, verify};

}

}

int main(int argc, char** argv)
{
    return forge::run_tool("forge-ledger-verify", forge::command, argc, argv);
}
