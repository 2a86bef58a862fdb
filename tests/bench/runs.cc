// Runs against a model server (model.cc), through nginx, with a token, guards, schema and a durable ledger; what they take
// beyond the same load sent straight to the model server, what a server does with thousands that wait, and what others notice.
// usage: runs --help; ROW is one of: one steady rate stream waiting disturbed (default: all)
#include "base/options.h"
#include "lib/json.h"
#include "tests/bench/look.h"
#include "tests/bench/stamp.h"

#include <sys/resource.h>

#include <cstdio>
#include <iostream>

namespace forge::bench {

namespace {

constexpr std::string_view execute = "/v1/api/execute";

struct Setting {
    std::string model, forge, ledger, evidence;   // URLs, folders
    std::vector<Group> groups;
    Millis duration{};
    double rate = 0;
    std::size_t waiting = 0;
    double idle_kb = 0;     // of the workers, after some runs

    const Group& workers() const { return groups.front(); }
};

unsigned short port_of(const std::string& url)
{
    return static_cast<unsigned short>(std::atoi(url.c_str() + url.rfind(':') + 1));
}

std::string post(const std::string& path, const std::string& token, const std::string& body)
{
    return "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: */*\r\n"
           + (token.empty() ? "" : "Authorization: Bearer " + token + "\r\n") + "Content-Length: " + std::to_string(body.size())
           + "\r\n\r\n" + body;
}

/// Of the development signer; good for five minutes.
std::string new_token(const std::string& url)
{
    WebClient client;
    const WebAnswer answer = client.send(web_request("POST", url + "/v1/dev/token"));
    if (answer.status != 200)
        throw Error("no token: " + std::to_string(answer.status) + " " + answer.body);
    return std::string{parse_json(answer.body)["token"].as_text()};
}

std::string echo_body(const std::string& message)
{
    return dump(Json::object({{"templateId", "demo.echo"}, {"args", Json::object({{"message", message}})}}));
}

Target ours(const Setting& setting, const std::string& message, std::string_view path = execute)
{
    return {port_of(setting.forge), post(std::string{path}, new_token(setting.forge), echo_body(message))};
}

/// What the server asks the model for such a run, but for the schema.
Target straight(const Setting& setting, const std::string& message, bool is_stream = false)
{
    const Json system = Json::object({{"role", "system"}, {"content", "You answer with one JSON object and nothing else.\n"}});
    const std::string question = "Answer exactly this object: " + dump(Json::object({{"message", message}})) + "\n";
    const Json user = Json::object({{"role", "user"}, {"content", question}});
    Json body = Json::object({{"model", "bench"}, {"messages", Json::array({system, user})}, {"temperature", 0}, {"max_tokens", 3000}});
    if (is_stream)
        body.set("stream", true);
    return {port_of(setting.model), post("/v1/chat/completions", "", dump(body))};
}

/// Between the begin of a row and now.
class Row {
public:
    explicit Row(const Setting& setting) : setting_(setting), before_(setting.forge)
    {
        for (const Group& group : setting.groups)
            cpu_.push_back(cpu_seconds(group));
    }

    const MetricsPage& before() const { return before_; }

    /// Where the time of the runs went: means of the stages, which add up to the whole.
    void print_stages() const
    {
        const MetricsPage after{setting_.forge};
        const std::string name = "forge_run_stage_seconds";
        double sum = 0;
        std::printf("    stages, mean us:");
        for (const char* const stage : {"admission", "preparation", "input_guards", "record_start", "provider", "judgement", "record_end"}) {
            const double mean = mean_us(after, name, "{stage=\"" + std::string{stage} + "\"}");
            sum += mean;
            std::printf(" %s %.0f%s", stage, mean, std::string_view{stage} == "record_end" ? "" : " +");
        }
        std::printf(" = %.0f; request in the worker, until its answer was written: %.0f\n", sum,
                    mean_us(after, "http_request_duration_seconds", "{route=\"" + std::string{execute} + "\"}"));
    }

    /// Processor time of each group for one run: what bounds the rate, whoever else keeps the machine busy.
    void print_cpu(std::size_t runs) const
    {
        double sum = 0;
        std::printf("    processor time for each run, us:");
        for (std::size_t i = 0; i < cpu_.size(); ++i) {
            const double each = 1e6 * (cpu_seconds(setting_.groups[i]) - cpu_[i]) / static_cast<double>(std::max<std::size_t>(runs, 1));
            sum += each;
            std::printf(" %s %.0f", setting_.groups[i].name.c_str(), each);
        }
        std::printf("; together %.0f\n", sum);
    }

private:
    double mean_us(const MetricsPage& after, const std::string& name, const std::string& labels) const
    {
        const double count = after[name + "_count" + labels] - before_[name + "_count" + labels];
        return count > 0 ? 1e6 * (after[name + "_sum" + labels] - before_[name + "_sum" + labels]) / count : 0;
    }

    const Setting& setting_;
    const MetricsPage before_;
    std::vector<double> cpu_;
};

void print_pair(const char* what, Outcome& ours, Outcome& straight)
{
    std::printf("%s: p50 %.2f ms, p99 %.2f ms; straight to the model p50 %.2f, p99 %.2f: %.2f and %.2f ms more\n", what,
                ours.took_ms.at(0.5), ours.took_ms.at(0.99), straight.took_ms.at(0.5), straight.took_ms.at(0.99),
                ours.took_ms.at(0.5) - straight.took_ms.at(0.5), ours.took_ms.at(0.99) - straight.took_ms.at(0.99));
    std::printf("    x-forge-overhead-us: p50 %.0f, p99 %.0f; %zu runs answered%s%s\n", ours.overhead_us.at(0.5), ours.overhead_us.at(0.99),
                ours.good(), ours.failures().c_str(), straight.failures().c_str());
}

void measure_one(const Setting& setting)
{
    Outcome base = closed_loop(straight(setting, "hello"), 1, setting.duration);
    const Row row{setting};
    Outcome outcome = closed_loop(ours(setting, "hello"), 1, setting.duration);
    print_pair("one connection, a model that answers at once", outcome, base);
    row.print_stages();
    row.print_cpu(outcome.good());
}

void measure_steady(const Setting& setting)
{
    const auto count = static_cast<std::size_t>(setting.rate * millis(setting.duration) / 1000);
    const OpenLoop::Plan plan{.rate = setting.rate, .count = count};
    Outcome base = OpenLoop{straight(setting, "WAIT 50"), plan}.run();
    const Row row{setting};
    Outcome outcome = OpenLoop{ours(setting, "WAIT 50"), plan}.run();
    print_pair((std::to_string(static_cast<int>(setting.rate)) + " runs/s, a model that takes 50 ms").c_str(), outcome, base);
    row.print_stages();
    row.print_cpu(outcome.good());
}

void measure_rate(const Setting& setting)
{
    Outcome base = closed_loop(straight(setting, "hello"), 32, setting.duration);
    const Row row{setting};
    Outcome outcome = closed_loop(ours(setting, "hello"), 32, setting.duration);
    const Size size = size_of(setting.workers());
    std::printf("32 connections, a model that answers at once: %.0f runs/s, p50 %.2f ms, p99 %.2f ms%s; straight to the model %.0f/s%s\n",
                outcome.rate(), outcome.took_ms.at(0.5), outcome.took_ms.at(0.99), outcome.failures().c_str(), base.rate(), base.failures().c_str());
    row.print_stages();
    row.print_cpu(outcome.good());
    std::printf("    workers together: %.1f MB resident, %.1f MB with shared pages counted once\n", size.resident_kb / 1000, size.proportional_kb / 1000);
}

/// How old the first stamp of each stream is when it comes, and that of every other piece that has one.
struct Delays {
    Samples first_ms, other_ms;
};

Delays stream_delays(const Target& target, std::size_t count)
{
    Loop loop;
    Delays delays;
    HttpConnection connection{loop, target.port};
    bool is_first = true;
    const auto look = [&](std::string_view piece) {
        if (const auto age = age_of_stamp(piece))
            (std::exchange(is_first, false) ? delays.first_ms : delays.other_ms).add(static_cast<double>(age->count()) / 1000);
    };
    std::function<void(const HttpAnswer&)> next = [&](const HttpAnswer& answer) {
        if (answer.status != 200 || count-- == 0)
            return loop.stop();
        is_first = true;
        connection.ask(target.bytes, next, look);
    };
    next({.status = 200, .head = {}, .body = {}});
    Loop::Timer patience{loop, [&] { loop.stop(); }};
    patience.arm(steady_now() + Millis{60'000});
    loop.run();
    return delays;
}

void measure_stream(const Setting& setting)
{
    constexpr std::size_t streams = 20;
    const std::string message = "WAIT 50 TOKENS 20 EVERY 10";
    Delays base = stream_delays(straight(setting, message, true), streams);
    Delays delays = stream_delays(ours(setting, message, "/v1/api/execute/stream"), streams);
    std::printf("streams through nginx: a first token comes %.2f ms after it was sent (p99 %.2f, straight %.2f), others %.2f (p99 %.2f, straight %.2f); %zu of %zu streams\n",
                delays.first_ms.at(0.5), delays.first_ms.at(0.99), base.first_ms.at(0.5), delays.other_ms.at(0.5), delays.other_ms.at(0.99),
                base.other_ms.at(0.5), delays.first_ms.size(), streams);
}

/// What else happens while thousands wait: each request in a thread of its own.
class Disturbance {
public:
    void begin(const std::string& what, const std::string& url, const std::string& token, const std::string& body)
    {
        threads_.emplace_back([what, url, token, body] {
            const SteadyTime begin = steady_now();
            WebClient client;
            std::string said;
            try {
                WebRequest request = web_request("POST", url + std::string{execute});
                request.headers = {{"authorization", "Bearer " + token}, {"content-type", "application/json"}};
                request.body = body;
                request.deadline = Millis{120'000};
                const WebAnswer answer = client.send(request);
                said = std::to_string(answer.status) + " " + answer.body.substr(0, 200);
            } catch (const WebError& error) {
                said = error.what();
            }
            std::printf("    %s took %.1f s: %s\n", what.c_str(), millis(steady_now() - begin) / 1000, said.c_str());
        });
    }

private:
    std::vector<std::jthread> threads_;
};

void disturb(const Setting& setting, Disturbance& disturbance)
{
    const std::string token = new_token(setting.forge);
    const Json args = Json::object({{"evidence", "folder:" + setting.evidence}});
    disturbance.begin("a scan of 1 GB", setting.forge, token, dump(Json::object({{"templateId", "cyber.secrets_audit"}, {"args", args}})));
    disturbance.begin("an answer of 50 MB", setting.forge, token, echo_body("SIZE 52428800"));
    disturbance.begin("an answer of 12 MB", setting.forge, token, echo_body("SIZE 12582912"));
}

void print_ledger(const Setting& setting, const Outcome& outcome)
{
    const auto ends = ends_in_ledger(setting.ledger);
    const auto times = [&](const std::string& run) {
        const auto found = ends.find(run);
        return found == ends.end() ? 0U : found->second;
    };
    const auto once = std::ranges::count_if(outcome.runs, [&](const std::string& run) { return times(run) == 1; });
    std::printf("    %zu answers name %zu runs, of which %td ended once in the ledger\n", outcome.good(),
                std::set(outcome.runs.begin(), outcome.runs.end()).size(), once);
}

/// All of `waiting` wait for a model that takes ten seconds; while they do, `meanwhile` happens.
void measure_waiting(const Setting& setting, const char* what, const std::function<void()>& meanwhile)
{
    const Row row{setting};
    HealthProbe health{setting.forge};
    const Size before = size_of(setting.workers());
    Size during;
    double open = 0;
    std::jthread looker;
    const auto peak = [&] {
        during = size_of(setting.workers());
        looker = std::jthread{[&] {
            open = MetricsPage{setting.forge}["forge_runs_in_flight"];
            meanwhile();
        }};
    };
    Outcome outcome = OpenLoop{ours(setting, "WAIT 10000"),
                               {.rate = 1000, .count = setting.waiting, .with_runs = true, .at_peak = peak}}.run();
    if (looker.joinable())
        looker.join();
    Samples& probed = health.took_ms();
    const Lag lag = lag_between(row.before(), MetricsPage{setting.forge});
    const Size after = size_of(setting.workers());
    const double each = (during.resident_kb - setting.idle_kb) / static_cast<double>(setting.waiting);
    std::printf("%zu wait for a model that takes 10 s%s: %zu answered%s, p50 %.0f ms, p99 %.0f ms, last %.0f ms; %.0f runs were open at once\n",
                setting.waiting, what, outcome.good(), outcome.failures().c_str(), outcome.took_ms.at(0.5), outcome.took_ms.at(0.99),
                outcome.took_ms.at(1), open);
    print_ledger(setting, outcome);
    std::printf("    loop lag: %.3f %% of %.0f turns over 5 ms, p99 below %.1f ms; health p50 %.2f ms, p99 %.2f ms, worst %.2f ms, %zu of %zu failed\n",
                100 * lag.late_share, lag.turns, lag.p99_bound_ms, probed.at(0.5), probed.at(0.99), probed.at(1), health.failed(), probed.size());
    std::printf("    workers: %.1f kB for each that waits (%.1f MB, %.1f MB before, %.1f MB after), threads %ld, %ld, %ld\n", each,
                during.resident_kb / 1000, before.resident_kb / 1000, after.resident_kb / 1000, before.threads, during.threads, after.threads);
    row.print_cpu(outcome.good());
}

void measure_undisturbed(const Setting& setting)
{
    measure_waiting(setting, "", [] {});
}

void measure_disturbed(const Setting& setting)
{
    std::optional<Disturbance> disturbance{std::in_place};
    measure_waiting(setting, ", beside a scan of 1 GB and an answer of 50 MB", [&] { disturb(setting, *disturbance); disturbance.reset(); });
}

struct NamedRow {
    std::string_view name;
    void (*measure)(const Setting&);
};
constexpr NamedRow rows[] = {
    {"one", measure_one},       {"steady", measure_steady},       {"rate", measure_rate},
    {"stream", measure_stream}, {"waiting", measure_undisturbed}, {"disturbed", measure_disturbed},
};

constexpr Option options[] = {
    {"--model", "URL", "the model server"},
    {"--forge", "URL", "nginx"},
    {"--ledger", "DIR", "the ledger's folder"},
    {"--evidence", "PATH", "a folder below an evidence root, 1 GB"},
    {"--process", "NAME=PID", "a process to look at; those named first are the workers"},
    {"--seconds", "N", "for each measurement (3)"},
    {"--rate", "N", "runs a second of the row steady (500)"},
    {"--waiting", "N", "runs that wait at once (5000)"},
};

std::vector<Group> groups_of(const std::vector<std::string>& words)
{
    std::vector<Group> groups;
    for (const std::string& word : words) {
        const auto sign = word.find('=');
        const std::string name = word.substr(0, sign);
        const auto found = std::ranges::find(groups, name, &Group::name);
        Group& group = found == groups.end() ? groups.emplace_back(Group{name, {}}) : *found;
        group.processes.push_back(std::atol(word.c_str() + sign + 1));
    }
    if (groups.empty())
        throw UsageError("--process is missing");
    return groups;
}

void run(const Arguments& arguments)
{
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    Setting setting{.model = arguments.value("--model"), .forge = arguments.value("--forge"), .ledger = arguments.value("--ledger"),
                    .evidence = arguments.value("--evidence"), .groups = groups_of(arguments.values("--process"))};
    setting.duration = Millis{1000 * arguments.number("--seconds", 3, 1, 3600)};
    setting.rate = static_cast<double>(arguments.number("--rate", 500, 1, 100'000));
    setting.waiting = static_cast<std::size_t>(arguments.number("--waiting", 5000, 1, 50'000));
    (void)closed_loop(ours(setting, "hello"), 8, Millis{500});   // caches and connections are warm
    setting.idle_kb = size_of(setting.workers()).resident_kb;
    for (const NamedRow& row : rows)
        if (arguments.operands().empty() || std::ranges::count(arguments.operands(), row.name) > 0) {
            row.measure(setting);
            std::fflush(stdout);
        }
}

}

}

int main(int argc, char** argv)
try {
    using namespace forge;
    const std::vector<std::string> words(argv + 1, argv + argc);
    bench::run(Arguments{bench::options, words});
    return 0;
} catch (const forge::UsageError& error) {
    std::cerr << "runs: " << error.what() << '\n';
    return 64;
} catch (const std::exception& error) {
    std::cerr << "runs: " << error.what() << '\n';
    return 1;
}
