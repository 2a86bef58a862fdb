// Metrics: exact over processes that die and come again, one-hot states, bounded labels.
#include "metrics/metric_set.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>
#include <thread>

#include "base/text.h"
#include "metrics/metrics.h"
#include "os/file.h"
#include "tests/unit/test.h"

using namespace forge;

namespace {

struct Sample : MetricSet {
    Sample(const std::string& folder, const std::string& name) : MetricSet(folder, name) {}

    Counter hits = counter("hits_total", "Hits.", {{"path", {"/a", "/b"}}, {"status", {"200", "500"}}});
    Counter plain = counter("plain_total", "Plain.");
    Counter open = counter("open_total", "Open.", {{"id", {}, 2}});
    Gauge clients = gauge("clients", "Clients.", MetricKind::sum);
    Gauge entries = gauge("entries", "Entries.", MetricKind::latest);
    Gauge stale = gauge("stale", "Stale.", MetricKind::most);
    StateGauge mode = state("mode", "Mode.", {"mode", {"agent", "stub", "unknown"}});
    Histogram duration =
        histogram("duration_seconds", "Duration.", {Micros{1000}, Micros{2'500'000}}, {{"path", {"/a"}}});
};

std::string line(const std::string& exposition, const std::string& series)
{
    for (const std::string_view text : split(exposition, '\n'))
        if (text.starts_with(series + " "))
            return std::string{text.substr(series.size() + 1)};
    return "absent";
}

/// Runs `work` in a child process, which then kills itself without any clean-up.
template <class Work>
pid_t start_and_die(Work work)
{
    const pid_t child = ::fork();
    if (child == 0) {
        work();
        ::kill(::getpid(), SIGKILL);
    }
    return child;
}

void wait_for(pid_t child)
{
    int status = 0;
    CHECK_EQUAL(child, ::waitpid(child, &status, 0));
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

}

TEST(a_counter_shows_each_label_by_text_or_by_place)
{
    const test::ScratchFolder folder;
    const Sample metrics{folder.path(), "w.1"};
    ++metrics.hits("/a", "200");
    ++metrics.hits(0, 0);
    metrics.hits(1, "500") += 5;
    ++metrics.hits("/a/../b", 77);
    const std::string text = metrics.exposition();
    CHECK_EQUAL("2"s, line(text, R"(hits_total{path="/a",status="200"})"));
    CHECK_EQUAL("5"s, line(text, R"(hits_total{path="/b",status="500"})"));
    CHECK_EQUAL("1"s, line(text, R"(hits_total{path="other",status="other"})"));
    CHECK(text.find("# HELP hits_total Hits.\n# TYPE hits_total counter\n") != text.npos);
}

TEST(a_label_that_takes_values_in_stops_at_its_bound)
{
    const test::ScratchFolder folder;
    const Sample metrics{folder.path(), "w.1"};
    for (const auto* id : {"x", "y", "z", "x", "z"})
        ++metrics.open(id);
    CHECK_EQUAL("2"s, line(metrics.exposition(), R"(open_total{id="x"})"));
    CHECK_EQUAL("2"s, line(metrics.exposition(), R"(open_total{id="other"})"));
}

TEST(four_processes_and_one_killed_and_restarted_count_exactly)
{
    const test::ScratchFolder folder;
    const auto count = [&folder](int instance) {
        const Sample metrics{folder.path(), "w." + std::to_string(instance)};
        std::vector<std::jthread> threads;
        for (int t = 0; t < 2; ++t)
            threads.emplace_back([&metrics] {
                for (int i = 0; i < 10'000; ++i) {
                    ++metrics.hits("/a", "200");
                    metrics.duration("/a").observe(Micros{i % 2 == 0 ? 500 : 5'000'000});
                }
            });
        threads.clear();
        ++metrics.clients();
    };
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i)
        children.push_back(start_and_die([&] { count(i); }));
    for (const pid_t child : children)
        wait_for(child);
    wait_for(start_and_die([&] { count(2); }));

    const Sample reader{folder.path(), "w.4"};
    const std::string text = reader.exposition();
    CHECK_EQUAL("100000"s, line(text, R"(hits_total{path="/a",status="200"})"));
    CHECK_EQUAL("50000"s, line(text, R"(duration_seconds_bucket{path="/a",le="0.001"})"));
    CHECK_EQUAL("50000"s, line(text, R"(duration_seconds_bucket{path="/a",le="2.5"})"));
    CHECK_EQUAL("100000"s, line(text, R"(duration_seconds_bucket{path="/a",le="+Inf"})"));
    CHECK_EQUAL("250025"s, line(text, R"(duration_seconds_sum{path="/a"})"));
    CHECK_EQUAL("100000"s, line(text, R"(duration_seconds_count{path="/a"})"));
    CHECK_EQUAL("absent"s, line(text, "clients"));   // all who had clients are dead
}

TEST(a_gauge_of_a_dead_process_does_not_count)
{
    const test::ScratchFolder folder;
    const Sample living{folder.path(), "w.1"};
    living.clients().add(3);
    {
        const Sample dying{folder.path(), "w.2"};
        dying.clients().add(40);
        CHECK_EQUAL("43"s, line(living.exposition(), "clients"));
    }
    CHECK_EQUAL("3"s, line(living.exposition(), "clients"));
    const Sample restarted{folder.path(), "w.2"};
    CHECK_EQUAL("3"s, line(living.exposition(), "clients"));
    --living.clients();
    CHECK_EQUAL("2"s, line(restarted.exposition(), "clients"));
}

TEST(of_the_latest_the_last_writer_counts_and_of_the_most_the_largest)
{
    const test::ScratchFolder folder;
    const Sample one{folder.path(), "w.1"};
    const Sample two{folder.path(), "w.2"};
    two.entries().set(9);
    one.entries().set(7);
    one.stale().set(1);
    two.stale().set(0);
    CHECK_EQUAL("7"s, line(one.exposition(), "entries"));
    CHECK_EQUAL("1"s, line(two.exposition(), "stale"));
}

TEST(exactly_one_state_is_on_whoever_set_it)
{
    const test::ScratchFolder folder;
    const Sample one{folder.path(), "w.1"};
    CHECK_EQUAL("absent"s, line(one.exposition(), R"(mode{mode="agent"})"));
    one.mode.set("agent");
    {
        const Sample two{folder.path(), "w.2"};
        two.mode.set("unknown");
        CHECK_EQUAL("0"s, line(one.exposition(), R"(mode{mode="agent"})"));
        CHECK_EQUAL("1"s, line(one.exposition(), R"(mode{mode="unknown"})"));
        two.mode.set(1);
        CHECK_EQUAL("1"s, line(one.exposition(), R"(mode{mode="stub"})"));
        CHECK_EQUAL("0"s, line(one.exposition(), R"(mode{mode="unknown"})"));
    }
    CHECK_EQUAL("1"s, line(one.exposition(), R"(mode{mode="agent"})"));
    CHECK_EQUAL("0"s, line(one.exposition(), R"(mode{mode="stub"})"));
}

TEST(two_processes_of_one_name_do_not_share_a_file)
{
    const test::ScratchFolder folder;
    const Sample first{folder.path(), "w.1"};
    const Sample second{folder.path(), "w.1"};
    ++first.plain();
    ++second.plain();
    CHECK_EQUAL("2"s, line(first.exposition(), "plain_total"));
    CHECK_EQUAL(std::size_t{2}, names_in(folder.path()).size());
}

TEST(a_file_that_is_no_metrics_file_is_passed_over_and_taken_over)
{
    const test::ScratchFolder folder;
    replace_file(folder / "w.1", std::string(3000, 'x'));
    replace_file(folder / "empty", "");
    const Sample other{folder.path(), "w.2"};
    ++other.plain();
    CHECK_EQUAL("1"s, line(other.exposition(), "plain_total"));
    const Sample same{folder.path(), "w.1"};
    ++same.plain();
    CHECK_EQUAL("2"s, line(other.exposition(), "plain_total"));
}

TEST(a_record_that_is_damaged_ends_the_reading_of_its_file)
{
    const test::ScratchFolder folder;
    {
        const Sample damaged{folder.path(), "w.1"};
        ++damaged.plain();
        const Fd fd = open_file(folder / "w.1", O_RDWR);
        CHECK_EQUAL(ssize_t{4}, ::pwrite(fd.get(), "\xff\xff\xff\x7f", 4, 16));
        CHECK_EQUAL("absent"s, line(damaged.exposition(), "plain_total"));
    }
    const Sample again{folder.path(), "w.1"};
    ++again.plain();
    CHECK_EQUAL("1"s, line(again.exposition(), "plain_total"));
}

TEST(a_full_file_drops_series_but_nothing_else)
{
    const test::ScratchFolder folder;
    MetricFile file{folder.path(), "w.1"};
    for (int i = 0; i < 12'000; ++i)
        ++*file.cells("series_number_" + std::to_string(i) + "_" + std::string(80, 'x'), {}).data();
    const auto all = read_metric_files(folder.path());
    CHECK(all.size() > 5'000 && all.size() < 12'000);
    for (const Series& series : all)
        CHECK_EQUAL(std::uint64_t{1}, series.cells[0]);
}

TEST(the_product_s_metrics_have_the_runbook_s_names)
{
    const test::ScratchFolder folder;
    Metrics metrics{folder.path(), "worker.1", {"/v1/health", "/v1/api/execute"}};
    metrics.answered(0, 200, Micros{300});
    metrics.answered(9, 418, Micros{300});
    ++metrics.runs("ok");
    ++metrics.ledger_events("run.started");
    metrics.guardian_mode.set("stub");
    metrics.build_info(0).set(1);
    const std::string text = metrics.exposition();
    CHECK_EQUAL("1"s, line(text, R"(http_requests_total{route="/v1/health",status="200"})"));
    CHECK_EQUAL("1"s, line(text, R"(http_requests_total{route="other",status="other"})"));
    CHECK_EQUAL("1"s, line(text, R"(http_request_duration_seconds_bucket{route="/v1/health",le="0.0005"})"));
    CHECK_EQUAL("1"s, line(text, R"(template_runs_total{status="ok"})"));
    CHECK_EQUAL("1"s, line(text, R"(ledger_events_total{type="run.started"})"));
    CHECK_EQUAL("1"s, line(text, R"(guardian_mode{mode="stub"})"));
    CHECK_EQUAL("0"s, line(text, R"(guardian_mode{mode="agent"})"));
    CHECK_EQUAL("1"s, line(text, "forge_build_info{version=\"" FORGE_VERSION "\"}"));
}
