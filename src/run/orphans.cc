// Runs that nobody would close any more.
#include "run/orphans.h"

#include "base/log.h"
#include "run/record.h"

namespace forge {

namespace {

constexpr std::chrono::seconds interval{2};
constexpr std::size_t most_at_once = 10'000;
constexpr Millis patience{10'000};

RunStart start_of(const Json& event)
{
    RunStart start;
    start.run = event["run"].as_text();
    start.name = {std::string{event["template"]["id"].as_text()}, std::string{event["template"]["version"].as_text()},
                  std::string{event["template"]["digest"].as_text()}};
    start.profile = event["profile"].as_text();
    start.worker = event["worker"].as_text();
    return start;
}

}

Task<void> Orphans::look_after()
{
    for (;;) {
        try {
            co_await look();
        } catch (const std::exception& error) {
            log(Severity::warning, "open runs cannot be looked at", {{"reason", error.what()}});
        }
        co_await sleep_until(parts_.loop, steady_now() + interval);
    }
}

// On a thread of the pool: thousands of runs may be open.
Orphans::Look Orphans::found(const Known& known) const
{
    Look look;
    std::map<std::string, std::string> gone;
    const auto reason = [&](const std::string& worker) {
        const auto [at, is_new] = gone.try_emplace(worker);
        if (is_new)
            at->second = parts_.life.gone(worker);
        return at->second;
    };
    const std::vector<StartedRun> open = parts_.events.open_runs(most_at_once);
    const WallTime settled = wall_now() - parts_.settled;
    look.is_complete = open.size() < most_at_once;
    for (const auto& [seq, ts] : open) {
        if (ts > settled) {
            look.is_complete = false;
            continue;
        }
        const auto seen = known.find(seq);
        if (seen != known.end() && reason(seen->second.worker).empty()) {
            look.known.insert(*seen);
            continue;
        }
        RunStart start = start_of(parse_json(parts_.events.line_at(seq).bytes)["event"]);
        const bool is_ours = start.worker == parts_.life.name();
        look.known.emplace(seq, Seen{start.run, start.worker});
        const std::string why = is_ours ? "" : reason(start.worker);
        if (is_ours || !why.empty())
            look.candidates.push_back({std::move(start), why});
    }
    return look;
}

Task<void> Orphans::look()
{
    // What is ours and is not under way any more is read again: it has ended, or it is to be closed.
    std::erase_if(known_, [this](const auto& item) { return item.second.worker == parts_.life.name() && !parts_.knows(item.second.run); });
    auto work = [this, known = known_] { return found(known); };
    auto looking = parts_.compute.run(std::move(work));
    Look look = co_await looking;
    known_ = std::move(look.known);
    for (Open& run : look.candidates) {
        Task<void> closing = close(std::move(run));
        co_await closing;
    }
    if (look.is_complete)
        parts_.life.sweep();
}

Task<void> Orphans::close(Open run)
{
    const RunStart& start = run.start;
    RunEnd end;
    if (!run.gone.empty()) {
        end.status = "unknown";
        end.evidence = Json::object({{"worker", start.worker}, {"because", run.gone}, {"closed_by", parts_.life.name()}});
    } else if (!parts_.knows(start.run)) {
        end.status = "failed";
        end.evidence = Json::object({{"worker", start.worker}, {"because", "its worker gave it up: the ledger took its start too late, or refused its end"}});
    } else {
        co_return;
    }
    const Packet packet = encode_append(finished_event(start, end));
    const LedgerReply reply = co_await parts_.ledger.ask(packet, steady_now() + patience);
    if (!reply.ok) {
        if (reply.error != "E_CONFLICT")   // it ended in the meantime, or another worker was first
            log(Severity::error, "a run cannot be closed: " + reply.error + ": " + reply.detail, {{"run", start.run}});
        co_return;
    }
    if (reply.dup)
        co_return;
    log(Severity::warning, "run closed as " + end.status, {{"run", start.run}, {"worker", start.worker}});
    ++parts_.metrics.closed_runs(end.status);
    ++parts_.metrics.runs(end.status);
    ++parts_.metrics.runs_by_template(start.name.id, end.status);
}

}
