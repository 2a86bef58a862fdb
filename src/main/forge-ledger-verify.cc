// forge-ledger-verify: recomputes the ledger's root and compares it with the signed one.  Writes nothing.
#include "audit/verify.h"
#include "base/error.h"
#include "base/log.h"
#include "base/options.h"
#include "base/text.h"
#include "lib/json.h"
#include "os/file.h"

#include <unistd.h>

#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <span>
#include <sstream>
#include <string>
#include <vector>

namespace forge {

namespace {

constexpr int exit_wrong_usage = 1;   // LEDGER.md 4.8: 2 is a finding
constexpr const char* pinned_key_file = "/etc/vaultmesh-forge/log.vkey";
constexpr Millis show_progress_after{1000};

constexpr Option options[] = {
    {"--root", "DIR", "the ledger's folder; default: $VMESH_LEDGER_ROOT"},
    {"--vkey", "KEY", "the log's key as you keep it: the text, or a file that holds it"},
    {"--quick", "", "hashes, order and roots only: not the form of each line, nor repeated ids"},
    {"-j", "N", "threads that check lines; default: 1"},
    {"--json", "", "the result as one JSON object"},
    {"--help", "", "show this"},
};

int verify(const Arguments& arguments);
constexpr Command command{"", "", "recompute the ledger's root and compare it with the signed one", options, verify};

std::string root_of(const Arguments& arguments)
{
    const char* const root = std::getenv("VMESH_LEDGER_ROOT");
    const std::string given = arguments.value("--root", root ? root : "");
    if (given.empty())
        throw UsageError("no ledger: give --root DIR or set VMESH_LEDGER_ROOT");
    return given;
}

std::optional<std::string> pinned_key(const Arguments& arguments)
{
    const std::string given = arguments.value("--vkey");
    const std::string file = given.empty() ? pinned_key_file : given;
    if (!given.empty() && given.find('+') != given.npos)
        return given;
    if (given.empty() && !exists(file))
        return std::nullopt;
    return std::string{trim(read_file(file, 4096))};
}

std::string percent(std::uint64_t part, std::uint64_t whole)
{
    return std::to_string(whole == 0 ? 100 : std::min<std::uint64_t>(100, part * 100 / whole)) + " %";
}

std::string mebibytes(std::uint64_t bytes)
{
    std::ostringstream out;
    out << std::fixed << std::setprecision(1) << static_cast<double>(bytes) / (1 << 20) << " MiB";
    return out.str();
}

// One line that is written over, after a second, on a terminal only.
class ProgressLine {
public:
    ~ProgressLine()
    {
        if (shown_)
            std::cerr << "\r\x1b[K" << std::flush;
    }
    void show(const VerifyProgress& progress)
    {
        const SteadyTime now = steady_now();
        if (!is_terminal_ || now < next_)
            return;
        next_ = now + Millis{200};
        shown_ = true;
        std::cerr << "\rchecking " << mebibytes(progress.bytes) << " of " << mebibytes(progress.bytes_total) << ", "
                  << percent(progress.bytes, progress.bytes_total) << "\x1b[K" << std::flush;
    }

private:
    const bool is_terminal_ = ::isatty(STDERR_FILENO) == 1;
    SteadyTime next_ = steady_now() + show_progress_after;
    bool shown_ = false;
};

void print(const VerifyReport& report)
{
    for (const auto& warning : report.warnings)
        std::cerr << "warning: " << warning << '\n';
    for (const auto& [kind, file, line, reason] : report.findings.list())
        std::cout << file << (line > 0 ? ":" + std::to_string(line) : "") << ": " << reason << '\n';
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
              << report.checkpoints << " checkpoints; " << report.private_values << " private values";
    if (report.private_erased > 0)
        std::cout << ", " << report.private_erased << " erased, all covered by redaction events";
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
                                      {"notLookedAt", report.private_not_looked_at}});
    std::cout << dump(Json::object({{"ok", exit_code == 0}, {"exit", exit_code}, {"origin", report.origin},
                                    {"size", report.size}, {"root", hex(report.root)}, {"lines", report.lines},
                                    {"bytes", report.bytes}, {"shards", report.shards}, {"seals", report.seals},
                                    {"checkpoints", report.checkpoints}, {"private", values}, {"findings", findings},
                                    {"findingsTotal", report.findings.total()}, {"warnings", warnings}}))
              << '\n';
}

int verify(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    if (arguments.has("--help")) {
        std::cout << help_of("forge-ledger-verify", command);
        return 0;
    }
    ProgressLine progress;
    const VerifyReport report = verify_ledger(
        {.root = root_of(arguments), .vkey = pinned_key(arguments),
         .thoroughness = arguments.has("--quick") ? Thoroughness::quick : Thoroughness::full,
         .jobs = static_cast<unsigned>(arguments.number("-j", 1, 1, 256)),
         .on_progress = [&](const VerifyProgress& now) { progress.show(now); }});
    const int code = report.findings.exit_code();
    if (arguments.has("--json"))
        print_json(report, code);
    else
        print(report);
    return code;
}

int run(const std::vector<std::string>& words)
{
    return verify({options, words});
}

}

}

int main(int argc, char** argv)
try {
    forge::name_log("forge-ledger-verify");
    return forge::run({argv + 1, argv + argc});
} catch (const std::exception& error) {
    std::cerr << "forge-ledger-verify: " << forge::describe(error) << '\n';
    return forge::exit_wrong_usage;
}
