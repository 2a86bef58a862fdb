// The parts below the engine: files that grow, the index of lines, the room on the disk, data keys.
#include "ledger/day_digest.h"
#include "ledger/data_keys.h"
#include "ledger/entry_index.h"
#include "ledger/refusal.h"
#include "ledger/space.h"
#include "ledger_sim.h"
#include "lib/crypto.h"
#include "test.h"

using namespace forge;
using forge::test::Failing;

TEST(an_append_that_is_cut_short_is_taken_back)
{
    test::SimIo io;
    GrowingFile file{io, "f", 0640};
    file.append("one\n");
    for (const Failing how : {Failing::lost, Failing::done}) {
        io.fail_at(0, how, ENOSPC);
        CHECK_THROWS(Refused, file.append("two\n"));
        CHECK_EQUAL("one\n"s, io.content("f"));
    }
    file.append("two\n");
    CHECK_EQUAL("one\ntwo\n"s, io.content("f"));
}

TEST(a_file_that_somebody_else_changed_is_a_failure)
{
    const test::ScratchFolder folder;
    RealIo io;
    GrowingFile file{io, folder / "f", 0640};
    file.append("one\n");
    CHECK_EQUAL(std::uint64_t{4}, file.size());
    GrowingFile other{io, folder / "f", 0640};
    other.append("two\n");
    CHECK_THROWS(LedgerFailed, file.append("three\n"));
}

TEST(errors_of_the_disk_fall_into_full_read_only_and_failed)
{
    test::SimIo io;
    GrowingFile file{io, "f", 0640};
    const auto fault_of = [&](int code) {
        try {
            io.fail_at(0, Failing::lost, code);
            file.append("x");
        } catch (const Refused& refused) {
            return refused.fault;
        } catch (const LedgerFailed&) {
        }
        return Fault::unknown;
    };
    CHECK(fault_of(ENOSPC) == Fault::no_space);
    CHECK(fault_of(EDQUOT) == Fault::no_space);
    CHECK(fault_of(EROFS) == Fault::read_only);
    CHECK(fault_of(EACCES) == Fault::read_only);
    CHECK(fault_of(EIO) == Fault::unknown);
}

TEST(the_index_finds_lines_by_id_and_says_where_they_stand)
{
    test::SimIo io;
    EntryIndex index{io, "index"};
    index.start(0);
    for (std::uint64_t i = 0; i < 100'000; ++i)   // more than one doubling of the table
        index.add(hash_of_id("id-" + std::to_string(i)), {"2026-11-23", i * 400, i % 2 ? std::optional{i} : std::nullopt});
    const auto found = [](EntryIndex& in, std::uint64_t i) {
        return in.find(hash_of_id("id-" + std::to_string(i)), [&](std::uint64_t seq) { return seq == i; });
    };
    for (std::uint64_t i = 0; i < 100'000; i += 997)
        CHECK(found(index, i) == i);
    CHECK(!index.find(hash_of_id("id-100000"), [](std::uint64_t) { return true; }));
    CHECK_EQUAL(std::uint64_t{400}, index.place(1).offset);
    index.write();
    EntryIndex again{io, "index"};
    again.start(50'000);
    CHECK_EQUAL(std::uint64_t{50'000}, again.size());
    CHECK(found(again, 49'999) == 49'999 && !found(again, 50'000));
    CHECK_EQUAL("2026-11-23"s, again.place(7).day);
    CHECK(again.place(7).private_offset == 7 && !again.place(8).private_offset);
}

TEST(a_day_is_a_number_and_back)
{
    CHECK_EQUAL(std::uint16_t{0}, day_number("1970-01-01"));
    CHECK_EQUAL("2026-11-23"s, day_name(day_number("2026-11-23")));
    CHECK_THROWS(Error, day_number("2026-11-23T00:00:00Z"));
}

TEST(index_columns_that_could_not_be_written_are_written_later)
{
    test::SimIo io;
    EntryIndex index{io, "index"};
    index.start(0);
    index.add(hash_of_id("a"), {"2026-11-23", 1, {}});
    io.fail_at(1, Failing::lost, ENOSPC);
    CHECK_THROWS(Refused, index.write());
    index.add(hash_of_id("b"), {"2026-11-23", 2, {}});
    CHECK_EQUAL(std::uint64_t{2}, index.place(1).offset);
    index.write();
    CHECK_EQUAL(std::uint64_t{2}, (EntryIndex{io, "index"}.size()));
}

TEST(room_is_kept_for_what_closes_runs)
{
    test::SimIo io;
    const SpaceRules rules{.sizes = {.headroom = 100, .hysteresis = 20}, .floor = 10, .finish_room = 50, .open_runs_limit = 3};
    Space space{io, "root", rules};
    const auto admits = [&](std::uint64_t free, Urgency urgency, std::uint64_t open_runs) {
        io.set_free(free);
        space.look();
        return space.admits(5, urgency, open_runs);
    };
    CHECK(admits(155, Urgency::normal, 1));
    CHECK(!admits(154, Urgency::normal, 1));
    CHECK(space.is_full());
    io.set_free(175);
    CHECK(!space.is_full());   // without anybody who asks for room
    io.set_free(174);
    CHECK(space.is_full());
    CHECK(!admits(174, Urgency::normal, 1));
    CHECK(admits(175, Urgency::normal, 1));
    CHECK(!space.is_full());
    CHECK(admits(255, Urgency::normal, 1000));
    CHECK(admits(15, Urgency::closing, 1000));
    CHECK(!admits(14, Urgency::closing, 0));
}

TEST(a_data_key_belongs_to_a_subject_and_a_month)
{
    test::SimIo io;
    test::SimEnv env;
    const std::string kek(32, 'k');
    DataKeys ring{io, env, "keys", kek};
    const DataKey eve = ring.key_for("eve", "2026-11");
    CHECK_EQUAL(eve.id, ring.key_for("eve", "2026-11").id);
    CHECK(eve.id != ring.key_for("bob", "2026-11").id);
    CHECK(eve.id != ring.key_for("eve", "2026-12").id);
    ring.save();
    CHECK(io.content("keys/2026-11.jsonl").find(eve.key) == std::string::npos);
    io.content("keys/2026-11.jsonl") += "{\"torn";
    DataKeys again{io, env, "keys", kek};
    CHECK_EQUAL(eve.key, again.find(eve.id, "2026-11")->key);
    CHECK(again.find(eve.id, "2026-12") == nullptr);
    DataKeys foreign{io, env, "keys", std::string(32, 'x')};
    CHECK_THROWS(LedgerDamaged, foreign.find(eve.id, "2026-11"));
}

TEST(keys_that_could_not_be_saved_are_made_anew)
{
    test::SimIo io;
    test::SimEnv env;
    DataKeys ring{io, env, "keys", std::string(32, 'k')};
    const std::string id = ring.key_for("eve", "2026-11").id;
    io.fail_at(0, Failing::lost, ENOSPC);
    CHECK_THROWS(Refused, ring.save());
    CHECK(id != ring.key_for("eve", "2026-11").id);
    ring.save();
}

TEST(a_digest_of_a_day_grows_with_its_shard)
{
    test::SimIo io;
    Shards shards{io, "root"};
    shards.lines("2026-11-23").append("one\n");
    DayDigest digest;
    CHECK(digest.catch_up(shards, "2026-11-23", 4, 2));
    CHECK_EQUAL(std::uint64_t{2}, digest.offset("2026-11-23"));
    shards.lines("2026-11-23").append("two\n");
    CHECK_EQUAL(hex(sha256("one\ntwo\n")), digest.finish(shards, "2026-11-23", 8));
    CHECK_EQUAL(hex(sha256("one\ntwo\n")), digest.finish(shards, "2026-11-23", 8));
    CHECK_EQUAL(std::uint64_t{0}, digest.offset("2026-11-24"));
}
