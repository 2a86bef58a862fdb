// Days that are archived, damaged, lost and put back in a ledger that its engine wrote and goes on writing.
#include "tests/unit/test.h"

#include "audit/archive_days.h"
#include "audit/export_lines.h"
#include "audit/quarantine.h"
#include "audit/restore.h"
#include "audit/verify.h"
#include "base/error.h"
#include "ledger/engine.h"
#include "ledger/line_files.h"
#include "os/file.h"
#include "tests/unit/ledger_scratch.h"

#include <filesystem>
#include <regex>

using namespace forge;
namespace fs = std::filesystem;

namespace {

// The tools look at the real clock, and trust no gap of days behind the last line.
const WallTime first_noted = wall_now() - std::chrono::days{2};
const std::string first_day = utc_day(first_noted), second_day = utc_day(first_noted + std::chrono::days{1});

// Three days, the first two sealed.  The engine is closed.
class WrittenLedger {
public:
    WrittenLedger()
    {
        env.step_clock(first_noted - env.wall());
        const auto engine = opened();
        for (int day = 0; day < 3; ++day) {
            for (int i = 0; i < 150; ++i)
                engine->record("ledger.incident", R"({"i":)" + std::to_string(i) + "}");
            engine->publish();
            if (day < 2)
                env.pass(std::chrono::days{1});
        }
    }

    std::unique_ptr<Engine> opened()
    {
        return std::make_unique<Engine>(EngineOptions{.root = root(), .origin = "example.org/written", .rights = "dev"}, io, env);
    }
    std::string root() const { return folder.path() + "/ledger"; }
    std::string path(const std::string& file) const { return root() + "/" + file; }
    int verdict() const
    {
        const VerifyReport report = verify_ledger({.root = root(), .patience = Millis{0}});
        for (const auto& [kind, file, line, reason] : report.findings.list())
            said += file + ":" + std::to_string(line) + ": " + reason + "\n";
        return report.findings.exit_code();
    }
    std::string all_lines() const
    {
        std::string text;
        for_each_line(open_ledger(root(), {}), {}, [&](std::uint64_t, std::string_view line) { text.append(line).append("\n"); });
        return text;
    }

    test::ScratchFolder folder;
    RealIo io;
    test::SimEnv env;
    mutable std::string said;
};

void check_whole(const WrittenLedger& ledger)
{
    ledger.said.clear();
    const int exit_code = ledger.verdict();
    CPPUNIT_ASSERT_EQUAL_MESSAGE(ledger.said, 0, exit_code);
}

// "archive/2026/events-2026-11-23.jsonl.zst" as the document writes it: "archive/YYYY/events-YYYY-MM-DD.jsonl.zst".
std::string documented(std::string name)
{
    constexpr std::pair<const char*, const char*> forms[] = {
        {R"(\d{8}T\d{6}Z-)", "TIME-"}, {R"(\d{4}-\d\d-\d\d)", "YYYY-MM-DD"}, {R"(\d{4}-\d\d\.)", "YYYY-MM."},
        {R"(archive/\d{4}/)", "archive/YYYY/"}, {R"(tile/\d+/.*\.p/\d+)", "tile/L/N.p/W"}, {R"(tile/\d+/[x\d/]+)", "tile/L/N"}};
    for (const auto& [from, to] : forms)
        name = std::regex_replace(name, std::regex{from}, to);
    return name;
}

}

TEST(an_archived_day_is_read_by_everyone_and_the_engine_goes_on)
{
    WrittenLedger ledger;
    check_whole(ledger);
    const std::string before = ledger.all_lines();
    const ArchivedDay archived = archive_day(open_ledger(ledger.root(), {}), first_day, "");
    CHECK(archived.packed_bytes < archived.bytes / 2);
    CHECK(!exists(ledger.path(shard_file(first_day))));
    CHECK(exists(ledger.path(archive_file(first_day))));
    check_whole(ledger);
    const std::string after = ledger.all_lines();
    CHECK(after.starts_with(before));
    CHECK(after.find("ledger.archived", before.size()) != after.npos);
    CHECK_EQUAL(before.substr(0, before.find('\n')), read_lines(ledger.root(), 0, 1).at(0));
    for (const bool keeps_head : {true, false}) {
        if (!keeps_head)
            fs::remove(ledger.path("state/head"));
        ledger.opened()->record("ledger.incident", "{}");
        CHECK_EQUAL(0, ledger.verdict());   // no checkpoint covers it yet: the write-ahead log has it
        ledger.opened()->publish();
        check_whole(ledger);
    }
    CHECK_THROWS(Error, archive_day(open_ledger(ledger.root(), {}), first_day, ""));
}

TEST(a_damaged_archive_is_found_and_put_back_as_a_shard)
{
    WrittenLedger ledger;
    fs::copy(ledger.root(), ledger.folder / "backup", fs::copy_options::recursive);
    (void)archive_day(open_ledger(ledger.root(), {}), first_day, "");
    std::string bytes = read_file(ledger.path(archive_file(first_day)));
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    replace_file(ledger.path(archive_file(first_day)), bytes);
    CHECK_EQUAL(2, ledger.verdict());
    const auto days = restore_ledger({.root = ledger.root(), .from = {ledger.folder / "backup"}});
    CHECK(days.at(0).outcome == RestoredDay::Outcome::restored);
    CHECK(exists(ledger.path(shard_file(first_day))));
    check_whole(ledger);
}

TEST(a_sealed_day_goes_to_quarantine_and_comes_back_from_a_static_mirror)
{
    WrittenLedger ledger;
    const LedgerView open = open_ledger(ledger.root(), {});
    make_folders(ledger.folder / "mirror");
    CHECK(export_tiles(open, ledger.folder / "mirror") >= 5);
    const std::string good = read_file(ledger.path(shard_file(second_day)));
    std::string text = good;
    text[text.size() / 2] = '~';
    fs::permissions(ledger.path(shard_file(second_day)), fs::perms::owner_write, fs::perm_options::add);
    replace_file(ledger.path(shard_file(second_day)), text);
    CHECK_EQUAL(2, ledger.verdict());
    AuthenticLeaves leaves{open};
    (void)quarantine_day(ledger.root(), examine_day(open, leaves, second_day), Original::moved);
    CHECK_EQUAL(5, ledger.verdict());
    const auto days = restore_ledger({.root = ledger.root(), .from = {ledger.folder / "mirror"}});
    CHECK(days.at(1).outcome == RestoredDay::Outcome::restored);
    CHECK_EQUAL(good, read_file(ledger.path(shard_file(second_day))));
    check_whole(ledger);
    CHECK(ledger.all_lines().find(R"("type":"ledger.restored")") != std::string::npos);
}

TEST(each_file_of_a_ledger_that_has_lived_is_named_in_its_document)
{
    WrittenLedger ledger;
    const LedgerView open = open_ledger(ledger.root(), {});
    AuthenticLeaves leaves{open};
    fs::copy(ledger.root(), ledger.folder / "backup", fs::copy_options::recursive);
    (void)quarantine_day(ledger.root(), examine_day(open, leaves, second_day), Original::moved);
    CHECK(restore_ledger({.root = ledger.root(), .from = {ledger.folder / "backup"}}).at(1).outcome == RestoredDay::Outcome::restored);
    (void)archive_day(open, first_day, "");
    {
        const auto engine = ledger.opened();
        (void)engine->commit(std::vector{Submission{"tester", {test::test_event("a", "eve")}}});
        engine->rotate_key();
        (void)engine->freeze("a test", "root");
    }
    const std::string document = read_file("docs/LEDGER-FORMAT.md");
    std::string missing;
    for (const auto& entry : fs::recursive_directory_iterator(ledger.root()))
        if (entry.is_regular_file()) {
            const std::string name = documented(entry.path().string().substr(ledger.root().size() + 1));
            missing += document.find("`" + name + "`") == document.npos ? name + " " : "";
        }
    CHECK_EQUAL(""s, missing);
}
