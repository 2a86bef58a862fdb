// The tiles that the engine writes: there before the checkpoint, made again where they are missing or wrong.
#include "ledger_scratch.h"
#include "test.h"

#include "tlog/checkpoint.h"
#include "tlog/tile_tree.h"

using namespace forge;
using forge::test::ScratchLedger;
using namespace std::chrono_literals;

namespace {

std::string tile_file(const std::string& path) { return "root/tile/" + path; }

void append_many(ScratchLedger& ledger, int begin, int end)
{
    std::vector<std::string> ids;
    for (int i = begin; i < end; ++i)
        ids.push_back("e-" + std::to_string(i));
    ledger.append(ids);
}

// A ledger of `size` lines, published.
void fill(ScratchLedger& ledger, int size)
{
    append_many(ledger, 1, size);
    ledger.engine().publish();
}

// The root of what the files say, read as an outsider would.
Hash root_of_files(ScratchLedger& ledger, std::uint64_t size)
{
    TileTree tree{size, [&](const Tile& tile) {
                      CPPUNIT_ASSERT_MESSAGE(tile.path(), ledger.io.exists(tile_file(tile.path())));
                      return parse_tile(ledger.io.content(tile_file(tile.path())), tile.width).value();
                  }};
    return tree.root();
}

Checkpoint newest(ScratchLedger& ledger)
{
    return Checkpoint::open(ledger.io.content("root/checkpoint"), ledger.engine().identity().signer.verifier_key());
}

void check_files(ScratchLedger& ledger)
{
    const Checkpoint checkpoint = newest(ledger);
    CHECK(checkpoint.root == root_of_files(ledger, checkpoint.size));
}

}

TEST(a_published_checkpoint_has_its_tiles)
{
    ScratchLedger ledger;
    check_files(ledger);
    for (int before = 1, size = 2; size <= 600; before = size, size += size < 250 ? 83 : 7) {
        append_many(ledger, before, size);
        ledger.engine().publish();
        check_files(ledger);
    }
    CHECK_EQUAL(static_cast<mode_t>(0444), ledger.io.mode(tile_file("0/000")));
}

TEST(tiles_that_are_missing_are_made_again_byte_for_byte)
{
    ScratchLedger ledger;
    fill(ledger, 700);
    const std::vector<std::string> paths{"0/000", "0/001", "0/002.p/188", "1/000.p/2"};
    std::vector<std::string> before;
    for (const auto& path : paths)
        before.push_back(ledger.io.content(tile_file(path)));
    const auto check_all = [&] {
        ledger.reopen();
        for (std::size_t i = 0; i < paths.size(); ++i)
            CHECK(before[i] == ledger.io.content(tile_file(paths[i])));
    };
    for (const auto& path : paths) {
        ledger.io.remove(tile_file(path));
        check_all();
    }
    for (const auto& path : paths)
        ledger.io.remove(tile_file(path));   // as of a ledger that never had any
    check_all();
    append_many(ledger, 700, 1100);
    ledger.engine().publish();
    check_files(ledger);
}

TEST(a_right_edge_that_is_short_or_wrong_is_made_again)
{
    ScratchLedger ledger;
    fill(ledger, 300);
    std::string& edge = ledger.io.content(tile_file("0/001.p/44"));
    const std::string good = edge;
    for (const std::string& bad : {good.substr(1), std::string{}, good + "x", std::string(good.size(), 'x')}) {
        ledger.io.content(tile_file("0/001.p/44")) = bad;
        ledger.io.content(tile_file("0/000")) = bad;
        ledger.reopen();
        CHECK(good == ledger.io.content(tile_file("0/001.p/44")));
        check_files(ledger);
    }
}

TEST(a_full_tile_that_is_short_or_wrong_is_made_again)
{
    ScratchLedger ledger;
    fill(ledger, 700);
    for (const std::string path : {"0/000", "0/001"}) {
        const std::string good = ledger.io.content(tile_file(path));
        for (const std::string& bad : {good.substr(1), std::string{}, good + "x", "x" + good.substr(1), good.substr(0, 8191) + "x"}) {
            ledger.io.content(tile_file(path)) = bad;
            ledger.reopen();
            CHECK(good == ledger.io.content(tile_file(path)));
        }
    }
}

TEST(tiles_are_not_made_from_lines_that_were_changed)
{
    ScratchLedger ledger;
    fill(ledger, 300);
    std::string& shard = ledger.shard();
    const std::string good = shard;
    shard[shard.find("\"salt\":\"") + 8] = 'x';
    ledger.io.remove(tile_file("0/000"));
    ledger.reopen();   // state/head vouches for the lines' end: the log goes on, and says so
    CHECK(!ledger.io.exists(tile_file("0/000")));
    ledger.io.remove(tile_file("0/001.p/44"));
    CHECK_THROWS(LedgerDamaged, ledger.reopen());
    shard = good;
    ledger.reopen();
    check_files(ledger);
}

TEST(a_crash_before_the_checkpoint_leaves_tiles_that_the_next_start_completes)
{
    for (std::uint64_t step = 0; step < 40; ++step) {
        ScratchLedger ledger;
        fill(ledger, 250);
        append_many(ledger, 250, 270);
        ledger.io.fail_at(step, test::Failing::lost, EIO);
        bool failed = false;
        try {
            ledger.engine().publish();
        } catch (const Error&) {
            failed = true;
        }
        ledger.io.mend();
        ledger.reopen().publish();
        check_files(ledger);
        CHECK_EQUAL(std::uint64_t{270}, newest(ledger).size);
        if (!failed)
            return;
    }
    CPPUNIT_FAIL("publishing has more steps than were tried");
}

TEST(partial_tiles_go_an_hour_after_the_full_one_came)
{
    ScratchLedger ledger;
    fill(ledger, 100);
    append_many(ledger, 100, 300);
    ledger.engine().publish();
    const std::string partial = tile_file("0/000.p/100");
    CHECK(ledger.io.exists(partial));
    ledger.env.pass(59min);
    ledger.engine().tick();
    CHECK(ledger.io.exists(partial));
    ledger.env.pass(2min);
    ledger.engine().tick();
    CHECK(!ledger.io.exists(partial));
    CHECK(ledger.io.exists(tile_file("0/000")));
    check_files(ledger);
}

TEST(partial_tiles_of_an_earlier_process_go_too)
{
    ScratchLedger ledger;
    fill(ledger, 100);
    append_many(ledger, 100, 300);
    ledger.engine().publish();
    ledger.reopen();
    ledger.env.pass(61min);
    ledger.engine().tick();
    CHECK(!ledger.io.exists(tile_file("0/000.p/100")));
}
