// What the engine finds at start.
#include "ledger/recovery.h"

#include "ledger/entry.h"
#include "ledger_scratch.h"
#include "test.h"
#include "tlog/slices.h"

using namespace forge;
using forge::test::ScratchLedger;
using namespace std::chrono_literals;

namespace {

std::string damage_of(ScratchLedger& ledger)
try {
    ledger.reopen();
    return "none";
} catch (const LedgerDamaged& damage) {
    return damage.what();
}

// Where line `number` (from 1) of the first day begins.
std::size_t begin_of(const std::string& shard, std::size_t number)
{
    std::size_t at = 0;
    while (--number > 0)
        at = shard.find('\n', at) + 1;
    return at;
}

}

TEST(a_start_after_a_kill_knows_all_lines)
{
    ScratchLedger ledger;
    ledger.append({"a", "b"}, "eve");
    ledger.engine().publish();
    ledger.append({"c"}, "bob");
    const LedgerHead before = ledger.engine().head();
    ledger.reopen();
    CHECK_EQUAL(before.serialise(), ledger.engine().head().serialise());
    CHECK(ledger.append({"a", "b"}, "eve")[1].acks[0].dup);
    CHECK(ledger.append({"c"}, "bob")[0].acks[0].dup);
}

TEST(a_start_without_saved_head_and_index_reads_all_lines)
{
    ScratchLedger ledger;
    ledger.append({"a", "b"}, "eve");
    ledger.env.pass(24h);
    ledger.append({"c"}, "eve");
    ledger.engine().publish();
    const std::string before = ledger.engine().head().serialise();
    for (const char* name : {"state/head", "index/off.u64", "index/ids.u64", "index/private.u64"})
        ledger.io.remove("root/"s + name);
    ledger.reopen();
    CHECK_EQUAL(before, ledger.engine().head().serialise());
    CHECK(ledger.append({"a"}, "eve")[0].acks[0].dup);
    ledger.check();
}

TEST(a_saved_head_that_does_not_fit_is_not_believed)
{
    for (const char* text : {"", "{}", "garbage"}) {
        ScratchLedger ledger;
        ledger.append({"a"});
        ledger.engine().publish();
        const std::string good = ledger.engine().head().serialise();
        ledger.io.content("root/state/head") = text;
        CHECK_EQUAL(good, ledger.reopen().head().serialise());
    }
    ScratchLedger ledger;
    ledger.append({"a", "b"});
    ledger.engine().publish();
    std::string& saved = ledger.io.content("root/state/head");
    const auto at = saved.find("last_leaf") + 14;
    saved[at] = saved[at] == '0' ? '1' : '0';
    ledger.reopen();
    ledger.check();
}

TEST(what_a_crash_kept_from_being_published_is_published_at_once)
{
    ScratchLedger ledger;
    ledger.append({"a"});
    ledger.reopen().tick();
    CHECK_EQUAL(std::uint64_t{2}, ledger.engine().publisher().size());
}

TEST(what_somebody_else_wrote_behind_the_last_line_is_taken_away_and_recorded)
{
    for (const bool is_published : {false, true}) {
        ScratchLedger ledger;
        ledger.append({"a"});
        if (is_published)
            ledger.engine().publish();
        const std::string whole = ledger.shard();
        ledger.shard() += R"({"actor":"forge","ev)";
        ledger.reopen();
        CHECK(ledger.shard().starts_with(whole + R"({"actor":"forge-ledgerd","event":{"file":"events-2026-11-23.jsonl","kind":"foreign")"));
        const std::string folder = "root/quarantine/20261123T120000Z-foreign";
        CHECK_EQUAL(R"({"actor":"forge","ev)"s, ledger.io.text(folder + "/events-2026-11-23.jsonl.tail"));
        CHECK(ledger.io.text(folder + "/report.json").find("\"bytes\": 20") != std::string::npos);
        ledger.append({"b"});
        ledger.check();
    }
}

TEST(a_torn_first_line_of_a_day_leaves_no_empty_shard)
{
    ScratchLedger ledger;
    ledger.append({"a"});
    ledger.io.open("root/events-2026-11-24.jsonl", OpenFor::appending, 0640)->append("torn");
    ledger.reopen();
    CHECK(!ledger.io.exists("root/events-2026-11-24.jsonl"));
    ledger.check();
}

TEST(values_of_lines_that_were_never_committed_are_cut_off)
{
    ScratchLedger ledger;
    ledger.append({"a"}, "eve");
    const std::string sidecar = ledger.io.text("root/private/2026-11-23.jsonl");
    ledger.io.content("root/private/2026-11-23.jsonl") += sidecar;
    ledger.io.open("root/private/2026-11-24.jsonl", OpenFor::appending, 0600)->append("{}\n");
    ledger.reopen();
    CHECK_EQUAL(sidecar, ledger.io.content("root/private/2026-11-23.jsonl"));
    CHECK(!ledger.io.exists("root/private/2026-11-24.jsonl"));
    ledger.append({"c"}, "eve");
    CHECK_EQUAL(std::size_t{1}, ledger.engine().reveal({{"https://issuer.example", "eve"}, {2}}).size());
}

TEST(damage_is_named_with_shard_and_line)
{
    ScratchLedger ledger;
    ledger.append({"a", "b", "c", "d"});
    ledger.engine().publish();
    const std::string good = ledger.shard();
    const auto damaged = [&](const std::string& shard) {
        ledger.shard() = shard;
        ledger.io.content("root/state/head").clear();
        const std::string found = damage_of(ledger);
        ledger.shard() = good;
        return found;
    };
    const std::size_t third = begin_of(good, 3);
    const std::size_t fourth = begin_of(good, 4);
    const std::string line3 = good.substr(third, fourth - third);
    CHECK_EQUAL("events-2026-11-23.jsonl: line 4: prev is not the hash of the line before"s,
                damaged(replace_all(good, R"("id":"b")", R"("id":"x")")));
    CHECK_EQUAL("events-2026-11-23.jsonl: line 3: seq 3 instead of 2"s, damaged(good.substr(0, third) + good.substr(fourth)));
    CHECK_EQUAL("events-2026-11-23.jsonl: line 4: seq 2 instead of 3"s, damaged(good.substr(0, fourth) + line3 + good.substr(fourth)));
    CHECK(damaged(good.substr(0, third) + " " + good.substr(third)).starts_with("events-2026-11-23.jsonl: line 3: byte 0: "));
    CHECK_EQUAL("events-2026-11-23.jsonl: line 3: not the form of a line"s, damaged(good.substr(0, third) + "{}\n" + good.substr(third)));
    CHECK_EQUAL("none"s, damaged(good));
}

TEST(a_shard_shorter_than_what_was_signed_is_refused)
{
    ScratchLedger ledger;
    ledger.append({"a", "b"});
    ledger.engine().publish();
    std::string& shard = ledger.shard();
    shard.resize(begin_of(shard, 3));
    CHECK_EQUAL("the checkpoint covers 3 lines, the shards hold 2"s, damage_of(ledger));
}

TEST(another_history_than_the_signed_one_is_refused)
{
    ScratchLedger ledger;
    ledger.append({"a"});
    ScratchLedger other;
    other.append({"b"});
    ledger.engine().publish();
    ledger.shard() = other.shard();
    CHECK(damage_of(ledger).starts_with("the lines before 2 are not those that were signed"));
}

TEST(a_checkpoint_of_another_key_is_refused)
{
    ScratchLedger ledger;
    ScratchLedger other;
    ledger.io.content("root/checkpoint") = other.io.content("root/checkpoint");
    CHECK(damage_of(ledger).starts_with("checkpoint: "));
}

TEST(lines_without_what_makes_them_a_ledger_are_refused)
{
    ScratchLedger ledger;
    ledger.io.remove("root/state/meta");
    CHECK_EQUAL("root: there are lines, but no state/meta"s, damage_of(ledger));
}

TEST(a_checkpoint_that_a_crash_kept_from_its_place_is_in_the_history_once)
{
    ScratchLedger ledger;
    const std::string checkpoint = ledger.io.content("root/checkpoint");
    ledger.append({"a"});
    ledger.engine().publish();
    const std::string history = ledger.io.content("root/checkpoints/2026-11-23.notes");
    ledger.io.content("root/checkpoint") = checkpoint;
    ledger.reopen().publish();
    CHECK_EQUAL(history, ledger.io.content("root/checkpoints/2026-11-23.notes"));
    CHECK(checkpoint != ledger.io.content("root/checkpoint"));
}

TEST(a_history_torn_by_a_crash_goes_on_after_its_last_whole_note)
{
    ScratchLedger ledger;
    std::string& history = ledger.io.content("root/checkpoints/2026-11-23.notes");
    const std::string whole = history;
    history += "example.com/log\n2\nAAAA";
    ledger.append({"a"});
    ledger.engine().publish();
    CHECK_EQUAL(whole, history.substr(0, whole.size()));
    CHECK_EQUAL(std::size_t{2}, notes_in(history).size());
}
