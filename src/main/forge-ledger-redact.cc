// forge-ledger-redact: erases private values for good, and lets the ledger say so.
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <thread>

#include "base/log.h"
#include "base/text.h"
#include "client/ledger_tool.h"
#include "config/config.h"
#include "os/lock.h"

namespace forge {

namespace {

constexpr const char* program = "forge-ledger-redact";
constexpr Millis look_again{100};
constexpr Millis patience{60'000};

constexpr Option options[] = {
    {"--seq", "N", "the line N, or the lines N-M; may be given several times"},
    {"--run", "ID", "both lines of a run"},
    {"--subject", "SUB", "everything of a subject"},
    {"--issuer", "ISS", "the subject's issuer; none: under the development bypass"},
    {"--before", "DAY", "everything of all days before one, like 2026-11-01"},
    {"--expired", "", "everything older than $RETENTION_CONTENT_DAYS days: the daily job"},
    {"--field", "NAME", "only the values of this name; may be given several times"},
    {"--basis", "TEXT", "on what ground, like \"GDPR Art. 17(1)(a)\""},
    {"--authoriser", "TEXT", "who decided it"},
    root_option,
    socket_option,
    json_option,
    help_option,
};

int redact(const Arguments& arguments);
constexpr Command command{"", "", "erase private values for good", options, redact};

std::vector<std::uint64_t> seqs_of(const Arguments& arguments)
{
    constexpr std::uint64_t most = 8192;
    std::vector<std::uint64_t> seqs;
    for (const std::string& text : arguments.values("--seq")) {
        const auto dash = text.find('-');
        const auto first = parse_unsigned(text.substr(0, dash));
        const auto last = dash == std::string::npos ? first : parse_unsigned(text.substr(dash + 1));
        if (!first || !last || *last < *first || *last - *first >= most || seqs.size() >= most)
            throw UsageError("--seq: N or N-M, at most " + std::to_string(most) + " lines");
        for (std::uint64_t seq = *first; seq <= *last; ++seq)
            seqs.push_back(seq);
    }
    return seqs;
}

RedactRequest request_of(const Arguments& arguments)
{
    const bool is_job = arguments.has("--expired");
    RedactRequest request;
    request.seqs = seqs_of(arguments);
    request.run = arguments.value("--run");
    if (arguments.has("--subject"))
        request.subject = Subject{arguments.value("--issuer"), arguments.value("--subject")};
    request.before = arguments.value("--before");
    request.fields = arguments.values("--field");
    request.basis = arguments.value("--basis", is_job ? "RETENTION_CONTENT_DAYS" : "");
    request.authoriser = arguments.value("--authoriser", is_job ? "settings" : "");
    const int ways = int{!request.seqs.empty()} + int{!request.run.empty()} + int{request.subject.has_value()}
                     + int{!request.before.empty()} + int{is_job};
    if (ways != 1)
        throw UsageError("exactly one of --seq, --run, --subject, --before, --expired");
    if (request.basis.empty() || request.authoriser.empty())
        throw UsageError("--basis and --authoriser: the ledger keeps on what ground, and who decided");
    return request;
}

// Days are rewritten between commits: wait for the last one.
void wait_until_gone(LedgerAccess& ledger)
{
    const bool is_terminal = ::isatty(STDERR_FILENO) == 1;
    for (;;) {
        const auto days = asked(ledger, encode_stats()).body["erasing"].as_integer();
        if (is_terminal)
            std::cerr << (days > 0 ? "\r" + std::to_string(days) + " days to go \x1b[K" : "\r\x1b[K") << std::flush;
        if (days == 0)
            return;
        std::this_thread::sleep_for(look_again);
    }
}

// One job at a time.
FileLock job_lock(const std::string& root)
{
    auto lock = FileLock::try_acquire(root + "/state/RETENTION", 0600);
    if (!lock)
        throw LedgerUnavailable("not reachable", "another job erases what is expired");
    return std::move(*lock);
}

std::string retention_day(long days)
{
    return utc_day(wall_now() - std::chrono::hours{24} * days);
}

Json json_of(std::int64_t values, const Json& redactions)
{
    return Json::object({{"ok", true}, {"values", values}, {"redactions", redactions}});
}

void print_erased(std::int64_t values, const Json& redactions)
{
    if (values == 0)
        std::cout << "nothing to erase\n";
    else
        std::cout << values << " values erased, as recorded in " << (redactions.size() == 1 ? "line " : "lines ") << dump(redactions) << '\n';
}

// The job says its line in the log, and nothing on the output but with --json.
int redact_expired(const Arguments& arguments, RedactRequest request)
{
    const auto say = [&](Json json) {
        if (arguments.has("--json"))
            std::cout << dump(json) << '\n';
        return 0;
    };
    const long days = Config{system_settings(), forge::command}.content_days;
    if (days == 0) {
        log(Severity::info, "nothing expires: RETENTION_CONTENT_DAYS is 0");
        return say(json_of(0, Json::array()).set("before", nullptr));
    }
    request.before = retention_day(days);
    const auto ledger = open_ledger(arguments, patience);
    const FileLock lock = job_lock(ledger_folder(arguments));
    const LedgerReply reply = asked(*ledger, encode_redact(request));
    wait_until_gone(*ledger);
    const auto values = reply.body["values"].as_integer();
    log(Severity::info, "expired private values erased", {{"before", request.before}, {"values", std::to_string(values)}});
    return say(json_of(values, reply.body["redactions"]).set("before", request.before));
}

int redact(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    if (arguments.has("--help")) {
        std::cout << help_of(program, command);
        return 0;
    }
    const RedactRequest request = request_of(arguments);
    if (arguments.has("--expired"))
        return redact_expired(arguments, request);
    const auto ledger = open_ledger(arguments, patience);
    const LedgerReply reply = asked(*ledger, encode_redact(request));
    wait_until_gone(*ledger);
    const auto values = reply.body["values"].as_integer();
    if (arguments.has("--json"))
        std::cout << dump(json_of(values, reply.body["redactions"])) << '\n';
    else
        print_erased(values, reply.body["redactions"]);
    return 0;
}

}

}

int main(int argc, char** argv)
{
    const std::vector<std::string> words{argv + 1, argv + argc};
    return forge::run_tool(forge::program, words, [&] { return forge::redact({forge::options, words}); });
}
