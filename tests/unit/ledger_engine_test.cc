// The ledger's engine, on a disk in memory.
#include "ledger/engine.h"

#include "ledger_scratch.h"
#include "test.h"
#include "tlog/jcs.h"
#include "tlog/slices.h"

#include <algorithm>

using namespace forge;
using forge::test::ScratchLedger;
using forge::test::test_event;
using namespace std::chrono_literals;

namespace {

Fault fault_of(const Outcome& outcome)
{
    CHECK(outcome.refusal.has_value());
    return outcome.refusal->fault;
}

std::string member(const std::string& line, const char* name)
{
    return std::string{member_of(member_of(line, "event"), name)};
}

}

TEST(a_new_ledger_begins_with_its_genesis)
{
    ScratchLedger ledger;
    const auto lines = ledger.lines();
    CHECK_EQUAL(std::size_t{1}, lines.size());
    CHECK_EQUAL("ledger.genesis"s, std::string{parse_entry(lines[0])->type});
    CHECK_EQUAL("\"example.com/log\""s, member(lines[0], "origin"));
    CHECK_EQUAL("\"dev\""s, member(lines[0], "rights"));
    CHECK_EQUAL("1"s, member(lines[0], "format"));
    CHECK_EQUAL(member(lines[0], "vkey"), '"' + std::string{trim(ledger.io.content("root/keys/log.vkey"))} + '"');
    CHECK_EQUAL(std::string{trim(ledger.io.content("root/keys/log.vkey"))} + " 0 -\n", ledger.io.content("root/keys/log.vkeys"));
    ledger.check();
}

TEST(keys_and_private_values_are_for_the_engine_alone)
{
    ScratchLedger ledger;
    ledger.append({"a"}, "eve");
    for (const char* name : {"state/log.pem", "state/kek", "state/index.key"})
        CHECK_EQUAL(0400U, ledger.io.mode("root/"s + name));
    CHECK_EQUAL(0600U, ledger.io.mode("root/private/2026-11-23.jsonl"));
    CHECK_EQUAL(0640U, ledger.io.mode("root/events-2026-11-23.jsonl"));
    CHECK_EQUAL(0644U, ledger.io.mode("root/checkpoint"));
}

TEST(a_ledger_is_not_made_without_a_name)
{
    test::SimIo io;
    test::SimEnv env;
    CHECK_THROWS(ConfigError, (Engine{{.root = "root"}, io, env}));
    CHECK_THROWS(ConfigError, (Engine{{.root = "root", .origin = "a b"}, io, env}));
}

TEST(appended_events_get_dense_numbers_and_one_time)
{
    ScratchLedger ledger;
    const auto outcomes = ledger.append({"a", "b", "c"});
    for (std::uint64_t i = 0; i < 3; ++i)
        CHECK_EQUAL(i + 1, outcomes[i].acks[0].seq);
    CHECK_EQUAL("2026-11-23T12:00:00.000001Z"s, outcomes[2].acks[0].ts);
    CHECK(outcomes[1].acks[0].leaf == leaf_hash(ledger.lines()[2]));
    ledger.check();
    CHECK(ledger.told == (std::vector<std::string>{"ledger.genesis", "a", "b", "c"}));
}

TEST(the_same_event_again_is_the_same_line)
{
    ScratchLedger ledger;
    const auto first = ledger.append({"a"})[0].acks[0];
    ledger.env.pass(5s);
    const auto again = ledger.append({"a"})[0].acks[0];
    CHECK(again.dup && !first.dup);
    CHECK_EQUAL(first.seq, again.seq);
    CHECK_EQUAL(first.ts, again.ts);
    CHECK(first.leaf == again.leaf);
    CHECK_EQUAL(std::size_t{1}, ledger.count("a"));
    CHECK_EQUAL(first.seq, ledger.reopen().commit(std::vector{Submission{"tester", {test_event("a")}}})[0].acks[0].seq);
}

TEST(the_same_event_twice_in_one_batch_is_one_line)
{
    ScratchLedger ledger;
    const auto outcomes = ledger.append({"a", "a"}, "eve");
    CHECK(!outcomes[0].acks[0].dup && outcomes[1].acks[0].dup);
    CHECK_EQUAL(outcomes[0].acks[0].seq, outcomes[1].acks[0].seq);
    CHECK_EQUAL(std::size_t{1}, ledger.count("a"));
}

TEST(an_id_with_other_content_is_a_conflict)
{
    ScratchLedger ledger;
    ledger.append({"a"}, "eve");
    const auto conflicts = [&](const LedgerEvent& event) {
        const auto outcomes = ledger.engine().commit(std::vector{Submission{"tester", {event}}});
        return outcomes[0].refusal && outcomes[0].refusal->fault == Fault::conflict;
    };
    CHECK(!conflicts(test_event("a", "eve")));
    CHECK(conflicts(test_event("a", "eve", "2")));
    CHECK(conflicts(test_event("a", "bob")));
    CHECK(conflicts(test_event("a")));
    LedgerEvent more = test_event("a", "eve");
    more.priv.push_back({"args", "1"});
    CHECK(conflicts(more));
    LedgerEvent other = test_event("a", "eve");
    other.type = "job.other";
    CHECK(conflicts(other));
    const auto both = ledger.engine().commit(std::vector{Submission{"x", {test_event("b")}}, Submission{"x", {test_event("b", "", "2")}}});
    CHECK(!both[0].refusal && fault_of(both[1]) == Fault::conflict);
    ledger.check();
}

TEST(events_of_one_submission_come_all_or_none)
{
    ScratchLedger ledger;
    ledger.append({"a"});
    const auto outcomes = ledger.engine().commit(std::vector{
        Submission{"x", {test_event("b"), test_event("a", "", "2")}}, Submission{"x", {test_event("c", "eve"), test_event("d", "eve")}}});
    CHECK(fault_of(outcomes[0]) == Fault::conflict);
    CHECK_EQUAL(std::size_t{2}, outcomes[1].acks.size());
    CHECK_EQUAL(std::size_t{0}, ledger.count("b"));
    CHECK_EQUAL(std::size_t{1}, ledger.count("d"));
    ledger.check();
    CHECK(!ledger.append({"b"})[0].acks[0].dup);
}

TEST(an_event_that_makes_the_line_too_long_is_refused_alone)
{
    ScratchLedger ledger;
    const LedgerEvent large{"a", "job.test", R"({"x":")" + std::string(65'400, 'x') + "\"}"};
    const auto outcomes = ledger.engine().commit(std::vector{Submission{"x", {large}}, Submission{"x", {test_event("b")}}});
    CHECK(fault_of(outcomes[0]) == Fault::too_big);
    CHECK(!outcomes[1].refusal);
    ledger.check();
}

TEST(a_checkpoint_follows_a_commit_within_a_second)
{
    ScratchLedger ledger;
    ledger.append({"a"});
    ledger.engine().tick();
    CHECK_EQUAL(std::uint64_t{1}, ledger.engine().publisher().size());
    CHECK(ledger.engine().next_tick() <= ledger.env.steady() + 1s);
    ledger.env.pass(1s);
    ledger.engine().tick();
    CHECK_EQUAL(std::uint64_t{2}, ledger.engine().publisher().size());
    const auto checkpoint = Checkpoint::open(ledger.io.content("root/checkpoint"), ledger.engine().identity().signer.verifier_key());
    CHECK_EQUAL(std::uint64_t{2}, checkpoint.size);
    CHECK(checkpoint.root == ledger.engine().head().tree.root());
    CHECK_EQUAL(std::size_t{2}, notes_in(ledger.io.content("root/checkpoints/2026-11-23.notes")).size());
}

TEST(nothing_new_is_not_published_again)
{
    ScratchLedger ledger;
    ledger.engine().tick();   // clears the write-ahead log
    const std::uint64_t steps = ledger.io.steps();
    ledger.env.pass(10s);
    ledger.engine().tick();
    CHECK_EQUAL(steps, ledger.io.steps());
}

TEST(a_new_day_begins_with_the_seal_of_the_one_before)
{
    ScratchLedger ledger;
    ledger.append({"a", "b"});
    const Hash root = ledger.engine().head().tree.root();
    ledger.env.pass(24h);
    ledger.append({"c"});
    ledger.engine().publish();
    const auto lines = ledger.lines();
    CHECK_EQUAL(std::size_t{5}, lines.size());
    const std::string& sealed = ledger.shard();
    CHECK_EQUAL("ledger.day_sealed"s, std::string{parse_entry(lines[3])->type});
    CHECK_EQUAL(canonical_json(Json::object({{"bytes", sealed.size()}, {"day", "2026-11-23"}, {"first", 0}, {"last", 2},
                                             {"root", base64(root)}, {"sha256", hex(sha256(sealed))}, {"size", 3}})),
                std::string{parse_entry(lines[3])->event});
    const DayNote note = DayNote::open(ledger.io.content("root/days/2026-11-23.note"), ledger.engine().identity().signer.verifier_key());
    CHECK(note == (DayNote{"example.com/log", "2026-11-23", 0, 2, 3, root, hex(sha256(sealed)), sealed.size()}));
    CHECK_EQUAL(0440U, ledger.io.mode("root/events-2026-11-23.jsonl"));
    ledger.check();
    ledger.reopen();
    ledger.check();
    CHECK_EQUAL(std::size_t{1}, ledger.engine().head().days.size());
}

TEST(a_day_without_events_is_sealed_by_the_clock)
{
    ScratchLedger ledger;
    ledger.env.pass(24h);
    ledger.engine().tick();
    CHECK_EQUAL("ledger.day_sealed"s, std::string{parse_entry(ledger.lines().at(1))->type});
    ledger.env.pass(24h);
    ledger.engine().tick();
    CHECK_EQUAL("\"2026-11-24\""s, member(ledger.lines().at(2), "day"));
    ledger.check();
}

TEST(day_notes_that_a_crash_prevented_are_made_at_the_next_start)
{
    ScratchLedger ledger;
    for (const char* const id : {"a", "b"}) {
        ledger.env.pass(24h);
        ledger.append({id});
    }
    CHECK(!ledger.io.exists("root/days/2026-11-23.note"));
    ledger.reopen().publish();
    CHECK(ledger.io.exists("root/days/2026-11-23.note"));
    CHECK(ledger.io.exists("root/days/2026-11-24.note"));
}

TEST(other_rights_are_recorded)
{
    ScratchLedger ledger;
    Engine other{{.root = "root", .rights = "sha256:00"}, ledger.io, ledger.env};
    CHECK_EQUAL("ledger.rights"s, std::string{parse_entry(ledger.lines().at(1))->type});
    CHECK_EQUAL("sha256:00"s, other.head().rights);
}

TEST(a_full_disk_refuses_before_anything_is_written_and_lets_open_runs_end)
{
    ScratchLedger ledger;
    const auto run = [](const std::string& id, const std::string& type) {
        return std::vector{Submission{"x", {{id, type, R"({"status":"ok"})"}}}};
    };
    CHECK(!ledger.engine().commit(run("r.started", "run.started"))[0].refusal);
    ledger.io.set_free(200'000);
    const std::uint64_t steps = ledger.io.steps();
    const auto refused = ledger.engine().commit(run("s.started", "run.started"));
    CHECK(fault_of(refused[0]) == Fault::no_space);
    CHECK_EQUAL("disk full"s, std::string{refused[0].refusal->what()});
    CHECK_EQUAL(steps, ledger.io.steps());
    CHECK(!ledger.engine().commit(run("r.finished", "run.finished"))[0].refusal);
    ledger.io.set_free(500'000);   // enough, but not yet by the margin that a refusal asks for
    CHECK(ledger.engine().commit(run("s.started", "run.started"))[0].refusal.has_value());
    ledger.io.set_free(10'000'000);
    CHECK(!ledger.engine().commit(run("s.started", "run.started"))[0].refusal);
    ledger.check();
}

TEST(an_open_run_keeps_room_for_its_end)
{
    ScratchLedger ledger;
    const SpaceRules rules = SpaceRules::small();
    ledger.io.set_free(rules.sizes.headroom + 4 * rules.finish_room);
    std::size_t started = 0;
    while (!ledger.engine().commit(std::vector{Submission{"x", {{"r" + std::to_string(started), "run.started", "{}"}}}})[0].refusal)
        ++started;
    CHECK(started > 1 && started < 5);
}

TEST(counts_are_kept_by_type_and_status)
{
    ScratchLedger ledger;
    ledger.engine().commit(std::vector{Submission{"x", {{"r.s", "run.started", "{}"}, {"r.f", "run.finished", R"({"status":"failed"})"}}}});
    const auto check = [](const LedgerHead& head) {
        CHECK_EQUAL(std::uint64_t{1}, head.types.at("run.started"));
        CHECK_EQUAL(std::uint64_t{1}, head.statuses.at("failed"));
        CHECK_EQUAL(std::uint64_t{0}, head.open_runs());
    };
    check(ledger.engine().head());
    ledger.engine().publish();
    check(ledger.reopen().head());
}

TEST(lines_are_shown_again_as_they_were)
{
    ScratchLedger ledger;
    ledger.append({"a", "b"}, "eve");
    std::vector<std::string> shown;
    ledger.engine().replay(1, [&](const CommittedLine& line) {
        shown.push_back(std::string{line.entry.id} + " " + line.subject.substr(0, 8));
    });
    const std::string tag = ledger.engine().tag_of({"https://issuer.example", "eve"}).substr(0, 8);
    CHECK(shown == (std::vector<std::string>{"a " + tag, "b " + tag}));
}

TEST(a_line_that_somebody_else_wrote_before_the_first_batch_stops_it)
{
    ScratchLedger ledger;
    ledger.append({"a"});
    ledger.reopen();
    ledger.shard() += "{\"foreign\":1}\n";
    CHECK_THROWS(LedgerFailed, ledger.append({"b"}));
    ledger.reopen();
    ledger.engine().tick();
    CHECK_EQUAL(std::size_t{0}, ledger.count("b"));
    const auto lines = ledger.lines();
    CHECK(std::ranges::any_of(lines, [](const std::string& line) { return line.find(R"("kind":"foreign")") != line.npos; }));
    ledger.check();
}

TEST(whoever_sees_a_line_finds_its_private_values)
{
    ScratchLedger ledger;
    std::size_t looks = 0;
    ledger.io.on_step = [&] {
        const std::string sidecar = "root/private/2026-11-23.jsonl";
        for (const std::string& line : ledger.lines()) {
            const EntryView entry = parse_entry(line).value();
            if (entry.priv.empty())
                continue;
            ++looks;
            CHECK(ledger.io.has(sidecar)
                  && ledger.io.text(sidecar).find("\"seq\":" + std::to_string(entry.seq) + ",") != std::string::npos);
        }
    };
    ledger.append({"a", "b"}, "eve");
    ledger.append({"c"}, "bob");
    ledger.engine().publish();
    ledger.io.on_step = {};
    CHECK(looks > 0);
}
