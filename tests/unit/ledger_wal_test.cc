// The write-ahead log: its bytes, and acknowledged frames that are damaged.
#include "ledger/wal_reader.h"

#include "ledger/refusal.h"
#include "ledger_scratch.h"
#include "test.h"

using namespace forge;
using forge::test::ScratchLedger;

namespace {

const WalSegmentHeader segment{"7f363ac3-3d11-4c61-9f27-e1be9dafd43a", 5, std::string(16, 's'), 7, Hash{1}};

Batch some_batch()
{
    return {.day = "2026-11-23", .first_seq = 7, .count = 2, .ts = *parse_rfc3339("2026-11-23T12:00:00.000001Z"), .lines_offset = 90,
            .sidecar_offset = 10, .root_before = Hash{2}, .root_after = Hash{3}, .lines = "one\ntwo\n", .sidecar = "value\n"};
}

// Where frames of the newest generation begin in its segment.
std::vector<std::size_t> frames_in(const std::string& bytes)
{
    std::vector<std::size_t> begins;
    for (std::size_t at = wal_block; at < bytes.size(); at += wal_block)
        if (parse_frame_header(std::string_view{bytes}.substr(at, wal_frame_header)))
            begins.push_back(at);
    return begins;
}

// Three batches that no checkpoint covers; the shard lost them, as its pages were not yet written in a power cut.
struct Unpublished {
    ScratchLedger ledger;
    std::string path = "root/state/wal.1";

    Unpublished()
    {
        ledger.engine().tick();
        for (const char* const id : {"a", "b", "c"})
            ledger.append({id});
        ledger.io.cut_power();
        CHECK(frames_in(ledger.io.text(path)).size() >= 3);
    }
    std::string refusal()
    try {
        ledger.reopen();
        return "none";
    } catch (const WalDamaged& damage) {
        return damage.what();
    }
    std::unique_ptr<Engine> accepting()
    {
        return std::make_unique<Engine>(EngineOptions{.root = "root", .rights = "dev", .on_loss = OnLoss::accept}, ledger.io, ledger.env);
    }
    // Of the frame that is so many before the last.
    void damage(std::size_t before_last)
    {
        std::string& bytes = ledger.io.content(path);
        const auto begins = frames_in(bytes);
        bytes[begins.at(begins.size() - 1 - before_last) + wal_frame_header + 20] ^= 1;
    }
};

}

TEST(a_frame_is_read_as_it_was_written_and_any_changed_bit_is_seen)
{
    EncodedFrame encoded = encode_frame(some_batch(), segment, Hash{4});
    CHECK_EQUAL(std::size_t{wal_block}, encoded.bytes.size());
    const auto frame = parse_frame(encoded.bytes, segment.salt);
    CHECK(frame.has_value());
    CHECK_EQUAL(some_batch().lines, frame->lines);
    CHECK_EQUAL(some_batch().sidecar, frame->sidecar);
    CHECK_EQUAL(some_batch().day, frame->day);
    CHECK(frame->ts == some_batch().ts && frame->first_seq == 7 && frame->count == 2 && frame->lines_offset == 90);
    CHECK(frame->root_before == Hash{2} && frame->root_after == Hash{3} && frame->previous == Hash{4} && frame->generation == 5);
    CHECK(!parse_frame(encoded.bytes, std::string(16, 't')));
    for (char& byte : encoded.bytes) {
        byte ^= 1;
        CHECK(!parse_frame(encoded.bytes, segment.salt));
        byte ^= 1;
    }
    for (std::size_t size = 0; size < encoded.bytes.size(); ++size)
        CHECK(!parse_frame(std::string_view{encoded.bytes}.substr(0, size), segment.salt));
}

TEST(a_segments_header_is_read_as_it_was_written_and_any_changed_bit_is_seen)
{
    std::string bytes = encode_segment_header(segment);
    const auto header = parse_segment_header(bytes);
    CHECK(header && header->uuid == segment.uuid && header->generation == 5 && header->salt == segment.salt && header->first_seq == 7
          && header->previous == Hash{1});
    for (char& byte : bytes) {
        byte ^= 1;
        CHECK(!parse_segment_header(bytes));
        byte ^= 1;
    }
}

TEST(acknowledged_lines_come_back_from_the_log)
{
    Unpublished made;
    CHECK_EQUAL(std::string{"none"}, made.refusal());
    made.ledger.check();
    for (const char* const id : {"a", "b", "c"})
        CHECK_EQUAL(std::size_t{1}, made.ledger.count(id));
}

TEST(a_damaged_frame_with_a_later_one_stops_the_start_and_nothing_is_changed)
{
    for (const std::size_t before_last : {1U, 2U}) {
        Unpublished made;
        made.damage(before_last);
        const std::string shard = made.ledger.shard(), log = made.ledger.io.text(made.path);
        const std::string said = made.refusal();
        CPPUNIT_ASSERT_MESSAGE(said, said.find(made.path + ": byte ") != std::string::npos);
        CHECK_EQUAL(shard, made.ledger.shard());
        CHECK(log == made.ledger.io.text(made.path));
    }
}

TEST(what_an_operator_gives_up_is_recorded_and_the_ledger_goes_on)
{
    Unpublished made;
    made.damage(1);
    const auto engine = made.accepting();
    CHECK_EQUAL(std::size_t{1}, made.ledger.count("a"));
    CHECK_EQUAL(std::size_t{0}, made.ledger.count("b"));
    CHECK_EQUAL(std::size_t{0}, made.ledger.count("c"));
    const auto lines = made.ledger.lines();
    CPPUNIT_ASSERT_MESSAGE(lines.back(), lines.back().find(R"("event":{"from":2,"kind":"lost"})") != std::string::npos);
    engine->publish();
    CHECK_EQUAL(std::uint64_t{lines.size()}, engine->publisher().size());
}

TEST(nothing_is_given_up_that_the_shards_have)
{
    ScratchLedger ledger;
    ledger.engine().tick();
    for (const char* const id : {"a", "b", "c"})
        ledger.append({id});
    std::string& log = ledger.io.content("root/state/wal.1");
    log[frames_in(log).end()[-2] + wal_frame_header + 20] ^= 1;
    CHECK_THROWS(WalDamaged, ledger.reopen());
    { Engine accepting{{.root = "root", .rights = "dev", .on_loss = OnLoss::accept}, ledger.io, ledger.env}; }
    ledger.reopen();
    ledger.check();
    for (const char* const id : {"a", "b", "c"})
        CHECK_EQUAL(std::size_t{1}, ledger.count(id));
    for (const std::string& line : ledger.lines())
        CHECK(line.find(R"("kind":"lost")") == std::string::npos);
}

TEST(with_a_segment_given_up_the_ledger_goes_on_and_says_from_where_lines_may_be_lost)
{
    for (const bool is_missing : {true, false}) {
        Unpublished made;
        if (is_missing)
            made.ledger.io.remove(made.path);
        else
            made.ledger.io.content(made.path)[20] ^= 1;
        const auto engine = made.accepting();
        CHECK_EQUAL(std::size_t{0}, made.ledger.count("a"));
        const auto lines = made.ledger.lines();
        CPPUNIT_ASSERT_MESSAGE(lines.back(), lines.back().find(R"("event":{"from":1,"kind":"lost"})") != std::string::npos);
        CHECK(engine->lost() == std::uint64_t{1});
    }
}

TEST(with_a_segment_given_up_the_lines_that_the_shard_has_stay)
{
    for (const char* const path : {"root/state/wal.0", "root/state/wal.1"}) {
        ScratchLedger ledger;
        ledger.engine().tick();
        for (const char* const id : {"a", "b", "c"})
            ledger.append({id});
        ledger.io.remove(path);
        CHECK_THROWS(WalDamaged, ledger.reopen());
        { Engine accepting{{.root = "root", .rights = "dev", .on_loss = OnLoss::accept}, ledger.io, ledger.env}; }
        ledger.reopen();
        ledger.check();
        for (const char* const id : {"a", "b", "c"})
            CHECK_EQUAL(std::size_t{1}, ledger.count(id));
        CHECK(ledger.lines().back().find(R"("kind":"lost")") != std::string::npos);
    }
}

TEST(the_last_frame_is_set_aside_when_it_is_torn)
{
    Unpublished made;
    made.damage(0);
    CHECK_EQUAL(std::string{"none"}, made.refusal());
    CHECK_EQUAL(std::size_t{1}, made.ledger.count("b"));
    CHECK_EQUAL(std::size_t{0}, made.ledger.count("c"));
    CHECK(made.ledger.io.has("root/quarantine/20261123T120000Z-torn-frame/report.json"));
    made.ledger.append({"c"});
    made.ledger.check();
}

TEST(a_segment_that_is_missing_or_of_another_ledger_stops_the_start)
{
    {
        Unpublished made;
        made.ledger.io.remove(made.path);
        CHECK_EQUAL(made.path + ": missing", made.refusal());
    }
    {
        Unpublished made;
        made.ledger.io.content(made.path)[20] ^= 1;
        CHECK_EQUAL(made.path + ": byte 0: the header is not whole", made.refusal());
    }
    {
        Unpublished made;
        WalSegmentHeader stranger = *parse_segment_header(std::string_view{made.ledger.io.text(made.path)}.substr(0, wal_block));
        stranger.uuid = segment.uuid;
        made.ledger.io.content(made.path).replace(0, wal_block, encode_segment_header(stranger));
        CHECK_EQUAL(made.path + ": byte 0: of another ledger", made.refusal());
    }
}
