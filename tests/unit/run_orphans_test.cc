// Runs that nobody would close any more are closed, each once and rightly; the others are left alone.
#include "run/orphans.h"

#include "base/ids.h"
#include "tests/unit/ledger_running.h"
#include "tests/unit/run_on.h"
#include "tests/unit/test.h"

#include <set>

using namespace forge;

namespace {

RunStart start(const std::string& run, const std::string& worker)
{
    RunStart made;
    made.run = run;
    made.name = {"demo.echo", "1.0.0", "sha256:00"};
    made.profile = "vault";
    made.mode = "live";
    made.worker = worker;
    made.caller.sub = "somebody";
    made.args = Json::object();
    made.prompt = Json::object();
    return made;
}

struct Fixture {
    Fixture() { ledger.index(); }

    std::string begin(const std::string& worker)
    {
        const std::string run = uuid_v7();
        starts.push_back(encode_append(started_event(start(run, worker))));
        return run;
    }
    Task<int> look()
    {
        for (const Packet& packet : starts) {
            const LedgerReply reply = co_await link.ask(packet, steady_now() + std::chrono::seconds{10});
            CHECK(reply.ok);
        }
        for (int i = 0; i < 2; ++i) {   // the second one knows what the first one saw
            Task<void> looking = orphans.look();
            co_await looking;
            under_way.erase(given_up);
        }
        Task<void> looking = orphans.look();
        co_await looking;
        co_return 0;
    }
    Json finished(const std::string& run) { return parse_json(events.run(run)->finished.value().bytes)["event"]; }

    test::ScratchFolder folder;
    test::Running ledger{folder.path()};
    Loop loop;
    Pool compute{loop, "compute", 1, 16};
    LedgerLink link{loop, ledger.path};
    Metrics metrics{folder.path(), "worker.1"};
    Events events{folder / "ledger"};
    const WorkerLife life{folder.path(), "worker.1"};
    std::vector<Packet> starts;
    std::set<std::string> under_way;
    std::string given_up;
    Orphans orphans{{loop, compute, link, metrics, events, life, [this](const std::string& run) { return under_way.contains(run); },
                     std::chrono::seconds{0}}};
};

}

TEST(runs_that_nobody_would_close_are_closed_once)
{
    Fixture fixture;
    std::string dead;
    {
        const WorkerLife other{fixture.folder.path(), "worker.2"};
        dead = other.name();
    }
    const WorkerLife alive{fixture.folder.path(), "worker.3"};
    const std::string lost = fixture.begin(dead);
    const std::string others = fixture.begin(alive.name());
    const std::string ours = fixture.begin(fixture.life.name());
    const std::string unknown = fixture.begin(fixture.life.name());
    fixture.given_up = fixture.begin(fixture.life.name());
    fixture.under_way = {ours, fixture.given_up};
    test::run_on(fixture.loop, fixture.look());

    CHECK_EQUAL("unknown"s, fixture.events.run(lost)->status);
    const Json because = fixture.finished(lost)["evidence"];
    CHECK_EQUAL(dead + " it has no lock " + fixture.life.name(), std::string{because["worker"].as_text()} + " "
                + std::string{because["because"].as_text()} + " " + std::string{because["closed_by"].as_text()});
    CHECK_EQUAL("running"s, fixture.events.run(others)->status);
    CHECK_EQUAL("running"s, fixture.events.run(ours)->status);
    CHECK_EQUAL("failed"s, fixture.events.run(unknown)->status);
    CHECK_EQUAL("failed"s, fixture.events.run(fixture.given_up)->status);
    const std::string text = fixture.metrics.exposition();
    CHECK(text.find("forge_runs_closed_total{status=\"unknown\"} 1") != std::string::npos);
    CHECK(text.find("forge_runs_closed_total{status=\"failed\"} 2") != std::string::npos);
}
