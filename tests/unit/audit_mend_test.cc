// Damage maps, quarantine, and lines put back from sources that are not trusted.
#include "tests/unit/test.h"

#include "audit/backup.h"
#include "audit/day_lines.h"
#include "audit/export_lines.h"
#include "audit/quarantine.h"
#include "audit/restore.h"
#include "audit/scrub.h"
#include "audit/verify_state.h"
#include "base/error.h"
#include "lib/seekable_zstd.h"
#include "os/file.h"
#include "tests/unit/ledger_sample.h"

#include <fcntl.h>

#include <filesystem>
#include <random>

using namespace forge;
using forge::test::LedgerSample;

namespace {

const std::string second_day = "2026-11-21";

struct Fixture {
    test::ScratchFolder folder;
    LedgerSample sample{folder.path()};

    Fixture() { fill_sample(sample); }
    const std::string& root() { return folder.path(); }
    std::string path(const std::string& file) { return folder.path() + "/" + file; }
    void change(const std::string& file, const std::string& from, const std::string& to)
    {
        std::string text = read_file(path(file));
        text.replace(text.find(from), from.size(), to);
        replace_file(path(file), text);
    }
    DayDamage examine(const std::string& day)
    {
        const LedgerView ledger = open_ledger(root(), {});
        AuthenticLeaves leaves{ledger};
        return examine_day(ledger, leaves, day);
    }
    std::vector<RestoredDay> plan(const std::vector<std::string>& from)
    {
        return restore_ledger({.root = root(), .from = from, .is_dry = true});
    }
};

void write_packed(const std::string& path, const std::string& text, unsigned threads = 1)
{
    const Fd file = open_file(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    SeekableZstdWriter writer{file.get(), path, 3, threads};
    writer.add(text);
    writer.finish();
}

}

TEST(the_leaf_hashes_of_a_ledger_are_those_of_its_lines_and_none_from_a_changed_tile)
{
    Fixture fixture;
    AuthenticLeaves leaves{open_ledger(fixture.root(), {})};
    for (std::uint64_t seq = 0; seq < fixture.sample.size(); ++seq)
        CHECK_EQUAL(hex(leaf_hash(fixture.sample.lines()[seq])), hex(leaves.at(seq).value()));
    CHECK(!leaves.at(fixture.sample.size()));
    const std::string tile = fixture.path("tile/0/000.p/" + std::to_string(fixture.sample.size()));
    std::string bytes = read_file(tile);
    bytes[100] = static_cast<char>(bytes[100] ^ 4);
    replace_file(tile, bytes);
    AuthenticLeaves wrong{open_ledger(fixture.root(), {})};
    CHECK(!wrong.at(0));
    CHECK(!wrong.wrong_tile().empty());
}

TEST(a_damaged_day_is_mapped_line_by_line)
{
    Fixture fixture;
    const std::string file = shard_file(second_day);
    CHECK(fixture.examine(second_day).is_whole());
    const SeqRange range = fixture.examine(second_day).range;
    const std::string text = read_file(fixture.path(file));
    replace_file(fixture.path(file), text + "more\n");
    CHECK(fixture.examine(second_day).bad.empty());
    CHECK(!fixture.examine(second_day).is_whole());
    replace_file(fixture.path(file), text);
    fixture.change(file, "\"seq\":" + std::to_string(range.begin + 3), "\"seq\":9" + std::to_string(range.begin + 3));
    CHECK_EQUAL(std::to_string(range.begin + 3), text_of(fixture.examine(second_day).bad));
    std::filesystem::remove(fixture.path(file));
    CHECK_EQUAL("missing"s, fixture.examine(second_day).reason);
    CHECK(fixture.examine(second_day).bad == std::vector<SeqRange>{range});
}

TEST(a_quarantined_day_is_incomplete_and_the_rest_is_still_compared_with_the_root)
{
    Fixture fixture;
    const std::string file = shard_file(second_day);
    fixture.change(file, "demo.echo", "demo.ecHo");
    const Quarantined moved = quarantine_day(fixture.root(), fixture.examine(second_day), Original::moved);
    CHECK(!exists(fixture.path(file)));
    CHECK(exists(fixture.path(moved.folder + "/" + file)));
    const auto verdict = [&] { return verify_ledger({.root = fixture.root(), .patience = Millis{0}}).findings.exit_code(); };
    CHECK_EQUAL(5, verdict());
    fixture.change(shard_file("2026-11-22"), "demo.echo", "demo.ecHo");
    CHECK_EQUAL(2, verdict());
}

TEST(two_half_broken_sources_give_what_one_does_not)
{
    Fixture fixture;
    const std::string file = shard_file(second_day);
    const std::string text = read_file(fixture.path(file));
    const SeqRange range = fixture.examine(second_day).range;
    std::filesystem::remove(fixture.path(file));
    const std::string one = fixture.path("one.jsonl"), two = fixture.path("two.jsonl.zst");
    replace_file(one, text.substr(0, text.size() / 2));
    write_packed(two, text.substr(text.size() / 4));
    const auto outcome = [&](const std::vector<std::string>& from) { return fixture.plan(from).at(1); };
    CHECK(outcome({one}).outcome == RestoredDay::Outcome::incomplete);
    CHECK(outcome({two}).outcome == RestoredDay::Outcome::incomplete);
    const RestoredDay both = outcome({one, two});
    CHECK(both.outcome == RestoredDay::Outcome::restorable);
    CHECK_EQUAL(std::size_t{2}, both.sources.size());
    CHECK_EQUAL(range.begin, both.sources[0].second.at(0).begin);
    CHECK_EQUAL(range.end, both.sources[1].second.at(0).end);
    // A source's lie is no line: the same text with another letter everywhere gives nothing.
    replace_file(one, replace_all(text, "demo", "dem0"));
    CHECK(outcome({one, two}).outcome == RestoredDay::Outcome::incomplete);
    CHECK_THROWS(SystemError, outcome({fixture.path("nowhere")}));
}

TEST(where_a_tile_is_damaged_too_each_line_tells_the_hash_of_the_one_before)
{
    Fixture fixture;
    const LedgerView ledger = open_ledger(fixture.root(), {});
    AuthenticLeaves right{ledger};
    std::filesystem::remove_all(fixture.path("tile"));
    AuthenticLeaves none{ledger};
    DayLines lines{{0, 5}, none, fixture.root()};
    lines.begin_source("x");
    for (std::uint64_t seq = 0; seq < 5; ++seq)
        lines.add(fixture.sample.lines()[seq]);
    lines.settle();
    CHECK_EQUAL("0-4"s, text_of(lines.missing()));   // nothing says that the last one is right
    CHECK(right.at(4).has_value());
}

TEST(a_compressed_file_can_be_read_from_any_place)
{
    const test::ScratchFolder folder;
    std::mt19937 random{7};
    std::string text;
    while (text.size() < 3'500'000)
        text += std::to_string(random()) + (random() % 3 ? "," : "\n");
    const std::string path = folder / "x.zst";
    write_packed(path, text);
    SeekableZstdReader reader{path};
    CHECK_EQUAL(std::uint64_t{text.size()}, reader.size());
    for (int i = 0; i < 50; ++i) {
        const std::size_t offset = random() % text.size(), size = random() % 2'000'000;
        CHECK(reader.read(offset, size) == text.substr(offset, size));
    }
    CHECK(reader.read(text.size(), 10).empty());
    std::string bytes = read_file(path);
    bytes[bytes.size() / 3] = static_cast<char>(bytes[bytes.size() / 3] ^ 1);
    replace_file(path, bytes);
    SeekableZstdReader damaged{path};
    CHECK_THROWS(Error, (void)damaged.read(0, text.size()));
    replace_file(path, bytes.substr(0, bytes.size() - 1));
    CHECK_THROWS(Error, SeekableZstdReader{path});
}

TEST(a_compressed_file_is_the_same_with_any_number_of_threads)
{
    const test::ScratchFolder folder;
    std::mt19937 random{11};
    std::string text;
    for (const std::size_t size : {std::size_t{0}, std::size_t{5}, std::size_t{1} << 20, std::size_t{8} << 20, std::size_t{20'000'001}}) {
        while (text.size() < size)
            text += std::to_string(random()) + "\n";
        text.resize(size);
        write_packed(folder / "one", text);
        for (const unsigned threads : {2U, 5U}) {
            write_packed(folder / "more", text, threads);
            CHECK(read_file(folder / "one") == read_file(folder / "more"));
        }
        CHECK(SeekableZstdReader{folder / "more"}.read(0, size + 1) == text);
    }
}

TEST(a_verifier_goes_on_from_its_state_and_notices_a_rollback_and_another_history)
{
    Fixture fixture;
    const test::ScratchFolder own, yesterday;
    const VerifierFolder state{own / "state"};
    const auto verified = [&](const std::string& root) {
        return verify_increment({.root = root, .patience = Millis{0}}, state);
    };
    CHECK_EQUAL(0, verified(fixture.root()).findings.exit_code());
    std::filesystem::copy(fixture.root(), yesterday / "copy", std::filesystem::copy_options::recursive);
    fixture.sample.add_run("new-1", "demo.echo", "ok");
    fixture.sample.begin_day("2026-11-23");
    fixture.sample.add_run("new-2", "demo.echo", "ok");
    fixture.sample.publish();
    const VerifyReport increment = verified(fixture.root());
    CHECK_EQUAL(0, increment.findings.exit_code());
    CHECK_EQUAL(std::uint64_t{5}, increment.lines);
    CHECK_EQUAL(std::uint64_t{0}, verified(fixture.root()).lines);
    CHECK_EQUAL(fixture.sample.size(), state.load().value().size);
    const std::string shard = read_file(fixture.path("events-2026-11-23.jsonl"));
    fixture.sample.add_run("new-3", "demo.echo", "ok");
    fixture.sample.publish();
    fixture.change("events-2026-11-23.jsonl", "new-3", "nEw-3");
    CHECK_EQUAL(2, verified(fixture.root()).findings.exit_code());
    CHECK_EQUAL(4, verified(yesterday / "copy").findings.exit_code());
    std::string text = read_file(own / "state/state.note");
    text[text.find("verified") + 10] ^= 1;
    replace_file(own / "state/state.note", text);
    CHECK_THROWS(Error, verified(fixture.root()));
}

TEST(a_backup_verifies_by_itself_and_a_second_one_copies_what_is_new)
{
    Fixture fixture;
    const test::ScratchFolder target;
    const NoteSigner signer{"backup", SigningKey::generate()};
    const auto backup = [&] { return backup_ledger(open_ledger(fixture.root(), {}), target / "copy", signer); };
    fixture.sample.add_run("not-covered", "demo.echo", "ok");
    const BackupReport first = backup();
    CHECK_EQUAL(first.files, first.copied);
    const auto verdict = [&] {
        return verify_ledger({.root = target / "copy", .patience = Millis{0}}).findings.exit_code();
    };
    CHECK_EQUAL(0, verdict());
    CHECK(!exists(target / "copy/private/keys"));
    const auto mode = [&](const std::string& file) { return std::filesystem::status(target / ("copy/" + file)).permissions(); };
    CHECK(mode("tile/0/000.p/" + std::to_string(tile_width_in(open_ledger(fixture.root(), {}).checkpoint.size, 0, 0)))
          == std::filesystem::perms{0444});
    CHECK(mode(shard_file(second_day)) == std::filesystem::perms{0440});
    CHECK(!exists(target / "copy/state"));
    CHECK(Note::parse(read_file(first.manifest)).is_signed_by(signer.verifier_key()));
    fixture.sample.publish();
    const BackupReport second = backup();
    CHECK(second.copied < second.files);
    CHECK_EQUAL(0, verdict());
}

TEST(an_exported_static_log_and_an_export_give_a_lost_day_back)
{
    Fixture fixture;
    const LedgerView ledger = open_ledger(fixture.root(), {});
    std::string text;
    for_each_line(ledger, {.type = "run."}, [&](std::uint64_t seq, std::string_view line) {
        CHECK_EQUAL(fixture.sample.lines()[seq], std::string{line});
        text.append(line).append("\n");
    });
    replace_file(fixture.path("runs.jsonl"), text);
    const SeqRange range = fixture.examine(second_day).range;
    std::filesystem::remove(fixture.path(shard_file(second_day)));
    const RestoredDay day = fixture.plan({fixture.path("runs.jsonl")}).at(1);
    CHECK_EQUAL(std::to_string(range.begin), text_of(day.missing));   // its first line, the seal, is no run
}

TEST(scrubbing_all_parts_finds_a_changed_sealed_day_and_a_changed_tile)
{
    Fixture fixture;
    const auto scrubbed = [&](std::optional<unsigned> part) { return scrub_ledger(open_ledger(fixture.root(), {}), part); };
    CHECK_EQUAL(0, scrubbed({}).findings.exit_code());
    CHECK_EQUAL(std::uint64_t{2}, scrubbed({}).files);
    std::uint64_t files = 0;
    for (unsigned part = 0; part < scrub_parts; ++part)
        files += scrubbed(part).files;
    CHECK_EQUAL(std::uint64_t{2}, files);
    fixture.change(shard_file(second_day), "demo.echo", "demo.ecHo");
    CHECK_EQUAL(shard_file(second_day), scrubbed({}).findings.list().at(0).file);
}

TEST(csv_quotes_what_has_quotes)
{
    Fixture fixture;
    const std::string row = csv_row(fixture.sample.lines()[0]);
    CHECK(row.starts_with("0,2026-11-20T"));
    CHECK(row.find(R"("{""format"":1,)") != row.npos);
}

TEST(a_time_is_a_beginning_of_rfc_3339_in_utc)
{
    for (const char* const right : {"2026", "2026-11", "2026-11-23", "2026-11-23T10", "2026-11-23T10:00", "2026-11-23T10:00:00"})
        CHECK_EQUAL(std::string{right}, time_beginning(right).value());
    CHECK_EQUAL("2026-11-23T10:00:00"s, time_beginning("2026-11-23T10:00:00Z").value());
    CHECK_EQUAL("2026-11-23T10:00:00.5"s, time_beginning("2026-11-23T10:00:00.500Z").value());
    CHECK_EQUAL("2026-11-23T10:00:00."s, time_beginning("2026-11-23T10:00:00.000000Z").value());
    for (const char* const wrong : {"", "x", "202", "2026-", "2026-1", "2026-13", "2026-02-30", "2026-11-23Z", "2026-11-23T24", "2026-11-23 10",
                                    "2026-11-23T10:00:00+01:00", "2026-11-23T10:00:00-00:00", "2026-11-23T10:00:00.5", "2026-11-23T10:00:00.Z",
                                    "2026-11-23T10:00:00ZZ", "2026-11-23t10:00:00Z", "2026-11-23t10", "2026-11-23T10:00:00z"})
        CHECK(!time_beginning(wrong));
}
