// What a ledger's folder may hold: a verification names all else, and waits for no pipe.
#include "tests/unit/test.h"
#include "tests/unit/thousand_lines.h"

#include "audit/folder_check.h"
#include "audit/verify_state.h"
#include "base/error.h"
#include "os/file.h"
#include "tlog/tile_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

using namespace forge;
using forge::test::LedgerSample;
using forge::test::must_pass;
using forge::test::text_of;

namespace {

namespace fs = std::filesystem;

struct Whole {
    test::ScratchFolder folder;
    LedgerSample sample{folder.path()};

    Whole() { fill_sample(sample); }
    VerifyReport verified(Thoroughness thoroughness = Thoroughness::full) const
    {
        return verify_ledger({.root = folder.path(), .thoroughness = thoroughness, .patience = Millis{0}});
    }
};

void must_name(const VerifyReport& report, const std::string& file)
{
    CPPUNIT_ASSERT_EQUAL_MESSAGE(file + "\n" + text_of(report), 2, report.findings.exit_code());
    CPPUNIT_ASSERT_MESSAGE(file + "\n" + text_of(report), report.findings.has(file, 0));
}

// What the programs write, each with the file that must be there before.
const std::vector<std::string> read_ones = {
    "events-2026-11-20.jsonl", "events-2026-11-22.jsonl", "checkpoint", "checkpoints/2026-11-21.notes", "checkpoints/2026-11-22.notes",
    "days/2026-11-20.note", "keys/log.vkey", "tile/0/000.p/63"};

}

TEST(an_archive_beside_the_plain_file_is_not_looked_at_and_a_warning_says_so)
{
    const Whole ledger;
    fs::create_directories(ledger.folder / "archive/2026");
    replace_file(ledger.folder / "archive/2026/events-2026-11-20.jsonl.zst", "x");
    const VerifyReport report = ledger.verified();
    must_pass(report);
    CHECK_EQUAL(std::string{"archive/2026/events-2026-11-20.jsonl.zst not looked at: the day's plain file is there too"},
                report.warnings.back());
}

TEST(a_file_that_belongs_to_nothing_is_found_in_each_folder_of_a_ledger)
{
    const Whole ledger;
    must_pass(ledger.verified());
    fs::create_directories(ledger.folder / "archive/2026");
    for (const std::string file :
         {"notes.txt", "events-2026-11-20.json", "checkpoint.bak", "frozen", ".hidden", "days/2026-11-20.note.orig", "days/2026-13-01.note",
          "checkpoints/2026-11-22.note", "checkpoints/readme", "keys/log.pem", "archive/readme", "archive/2026/events-2025-11-20.jsonl.zst",
          "tile/0/001.x", "tile/0/64", "tile/readme", "tile/entries", "index/off.u32", "private/2026-11-20.json", "private/keys/2026-11-20.jsonl"})
        for (const auto thoroughness : {Thoroughness::full, Thoroughness::quick}) {
            replace_file(ledger.folder / file, "x");
            must_name(ledger.verified(thoroughness), file);
            fs::remove(ledger.folder / file);
        }
    for (const std::string folder : {"attic", "tile/8", "tile/0/entries", "tile/0/000.p/x001", "days/2026", "private/keys/old", ".tmp-folder"}) {
        fs::create_directories(ledger.folder / folder);
        must_name(ledger.verified(), folder);
        fs::remove(ledger.folder / folder);
    }
    must_pass(ledger.verified());
}

TEST(a_look_at_new_lines_finds_what_is_no_shard)
{
    const Whole ledger;
    const test::ScratchFolder own;
    const VerifierFolder memory{own.path()};
    const auto verified = [&] { return verify_increment({.root = ledger.folder.path(), .patience = Millis{0}}, memory); };
    must_pass(verified());
    replace_file(ledger.folder / "events-2026-11-20.json", "x");
    must_name(verified(), "events-2026-11-20.json");
}

TEST(what_programs_of_ours_leave_in_a_ledger_belongs_there)
{
    const Whole ledger;
    const std::string checkpoint = read_file(ledger.folder / "checkpoint");
    for (const auto* folder : {"archive/2026", "quarantine/20261120T101112Z-damaged-2026-11-20", "lost+found"})
        fs::create_directories(ledger.folder / folder);
    for (const std::string file :
         {".tmp-restore-2026-11-20", ".tmp-checkpoint-AbCdEf", "tile/0/.tmp-000", "days/.tmp-2026-11-22.note", "archive/2026/.tmp-x",
          "manifest.sha256", "manifest.note", "manifest.vkey", "index/off.u64", "index/ids.u64", "index/private.u64",
          "quarantine/20261120T101112Z-damaged-2026-11-20/anything", "state/anything", "private/2026-11-23.jsonl", "private/keys/2026-12.jsonl"})
        replace_file(ledger.folder / file, "x");
    replace_file(ledger.folder / "checkpoint.cosigned", checkpoint);
    must_pass(ledger.verified());
}

TEST(a_link_folder_or_pipe_in_the_place_of_a_file_is_named_and_never_waited_for)
{
    const Whole ledger;
    const std::string elsewhere = ledger.folder / "state/kept";
    for (const std::string& file : read_ones) {
        const std::string path = ledger.folder / file;
        fs::rename(path, elsewhere);
        fs::create_symlink(elsewhere, path);
        must_name(ledger.verified(), file);
        fs::remove(path);
        fs::create_directory(path);
        must_name(ledger.verified(), file);
        fs::remove(path);
        CHECK_EQUAL(0, ::mkfifo(path.c_str(), 0600));
        must_name(ledger.verified(), file);
        fs::remove(path);
        fs::rename(elsewhere, path);
    }
    fs::create_symlink(elsewhere, ledger.folder / "manifest.note");   // no verification reads it
    must_name(ledger.verified(), "manifest.note");
    fs::remove(ledger.folder / "manifest.note");
    must_pass(ledger.verified());
}

TEST(what_stands_in_the_place_of_a_folder_is_named)
{
    for (const std::string folder : {"keys", "days", "checkpoints", "tile", "private", "index", "archive", "quarantine", "state"})
        for (const auto* what : {"file", "link", "pipe"}) {
            const Whole ledger;
            const std::string path = ledger.folder / folder;
            fs::remove_all(path);
            if (what == "file"s)
                replace_file(path, "x");
            else if (what == "link"s)
                fs::create_directory_symlink("/", path);
            else
                CHECK_EQUAL(0, ::mkfifo(path.c_str(), 0600));
            must_name(ledger.verified(), folder);
        }
}

TEST(a_file_of_a_time_or_tree_that_the_ledger_has_not_is_found)
{
    const Whole ledger;
    const std::string note = read_file(ledger.folder / "days/2026-11-20.note"), tile = read_file(ledger.folder / "tile/0/000.p/63");
    fs::create_directories(ledger.folder / "tile/0/x001");
    fs::create_directories(ledger.folder / "tile/7");
    for (const auto& [file, text] : std::vector<std::pair<std::string, std::string>>{
             {"days/2026-11-22.note", note}, {"days/2026-11-19.note", note}, {"days/2031-01-01.note", "garbage"}, {"tile/0/000.p/64", tile},
             {"tile/0/001", tile}, {"tile/0/x001/000", tile}, {"tile/7/000", tile}, {"private/2026-11-19.jsonl", ""},
             {"private/keys/2025-01.jsonl", ""}, {"checkpoints/2026-11-19.notes", ""}}) {
        replace_file(ledger.folder / file, text);
        must_name(ledger.verified(), file);
        fs::remove(ledger.folder / file);
    }
    must_pass(ledger.verified());
}

TEST(a_file_of_notes_that_has_no_ends_of_lines_is_found)
{
    const Whole ledger;
    const std::string file = "checkpoints/2026-11-21.notes", text = read_file(ledger.folder / file);
    replace_file(ledger.folder / file, std::string(200'000, 'x'));
    must_name(ledger.verified(), file);
    replace_file(ledger.folder / file, text + std::string(200'000, 'x'));
    must_name(ledger.verified(), file);
    replace_file(ledger.folder / file, "");   // what comes behind it is read
    must_pass(ledger.verified());
}

TEST(a_tile_says_how_large_a_tree_has_it)
{
    CHECK_EQUAL(std::uint64_t{256}, leaves_below({TileKind::hashes, 0, 0}));
    CHECK_EQUAL(std::uint64_t{261}, leaves_below({TileKind::hashes, 0, 1, 5}));
    CHECK_EQUAL(std::uint64_t{65'536 + 512}, leaves_below({TileKind::hashes, 1, 1, 2}));
    CHECK_EQUAL(~std::uint64_t{0}, leaves_below({TileKind::hashes, 7, 1'000'000}));
    CHECK_EQUAL(~std::uint64_t{0}, leaves_below({TileKind::hashes, 0, ~std::uint64_t{0}}));
}
