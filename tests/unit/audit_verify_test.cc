// Verification of a whole ledger: what is whole passes, and every change is found and named.
#include "tests/unit/test.h"

#include "audit/verify.h"
#include "audit/verify_state.h"
#include "base/error.h"
#include "os/file.h"
#include "tests/unit/ledger_sample.h"
#include "tlog/checkpoint.h"

#include <fcntl.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <thread>

using namespace forge;
using forge::test::LedgerSample;

namespace {

VerifyReport verified(const std::string& root, Thoroughness thoroughness = Thoroughness::full, unsigned jobs = 1)
{
    return verify_ledger({.root = root, .thoroughness = thoroughness, .jobs = jobs, .patience = Millis{0}});
}

std::string text_of(const VerifyReport& report)
{
    std::string text = "exit " + std::to_string(report.findings.exit_code()) + "\n";
    for (const auto& [kind, file, line, reason] : report.findings.list())
        text += file + ":" + std::to_string(line) + ": " + reason + "\n";
    return text;
}

bool names(const VerifyReport& report, const std::string& file, std::uint64_t line)
{
    const auto& list = report.findings.list();
    return std::any_of(list.begin(), list.end(),
                       [&](const Flaw& finding) { return finding.file == file && finding.line == line; });
}

// Verifies with other contents of one file, which is put back afterwards.
VerifyReport with(const LedgerSample& sample, const std::string& file, const std::string& text)
{
    const std::string path = sample.root() + "/" + file;
    const std::string before = read_file(path);
    replace_file(path, text);
    VerifyReport report = verified(sample.root());
    replace_file(path, before);
    return report;
}

std::vector<std::string> lines_of(const std::string& text)
{
    std::vector<std::string> lines;
    for (const auto line : split(text, '\n'))
        lines.emplace_back(line);
    lines.pop_back();
    return lines;
}

std::string joined(const std::vector<std::string>& lines)
{
    std::string text;
    for (const auto& line : lines)
        text += line + "\n";
    return text;
}

// All places with FORGE_EXHAUSTIVE=1, else a tenth of them.
const unsigned every = std::getenv("FORGE_EXHAUSTIVE") ? 1 : 10;

const std::vector<std::string> shards = {"events-2026-11-20.jsonl", "events-2026-11-21.jsonl",
                                         "events-2026-11-22.jsonl"};

// Calls change(lines, at) for each line of each shard, and wants exit 2 with that line named, or the one below it.
template <class Change>
void check_every_line(const LedgerSample& sample, Change change)
{
    for (const auto& shard : shards) {
        const auto before = lines_of(read_file(sample.root() + "/" + shard));
        for (std::size_t at = 0; at < before.size(); ++at) {
            auto lines = before;
            if (!change(lines, at))
                continue;
            const VerifyReport report = with(sample, shard, joined(lines));
            const std::string what = shard + " line " + std::to_string(at + 1) + "\n" + text_of(report);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(what, 2, report.findings.exit_code());
            const bool at_end = at + 1 >= lines.size() && shard != shards.back();
            const std::string next = at_end ? *(std::find(shards.begin(), shards.end(), shard) + 1) : shard;
            CPPUNIT_ASSERT_MESSAGE(what, names(report, shard, at + 1) || names(report, shard, at + 2)
                                             || (at_end && names(report, next, 1)));
        }
    }
}

}

TEST(verify_accepts_a_whole_ledger_and_says_what_it_looked_at)
{
    const test::ScratchFolder folder;
    LedgerSample sample{folder.path()};
    fill_sample(sample);
    for (const auto thoroughness : {Thoroughness::full, Thoroughness::quick})
        for (const unsigned jobs : {1U, 3U}) {
            const VerifyReport report = verified(folder.path(), thoroughness, jobs);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text_of(report), 0, report.findings.exit_code());
            CHECK_EQUAL(std::uint64_t{63}, report.lines);
            CHECK_EQUAL(std::uint64_t{63}, report.size);
            CHECK_EQUAL(hex(sample.root_hash()), hex(report.root));
            CHECK_EQUAL(std::uint64_t{3}, report.shards);
            CHECK_EQUAL(std::uint64_t{2}, report.seals);
            CHECK_EQUAL(std::uint64_t{6}, report.checkpoints);
            CHECK_EQUAL("example.org/forge"s, report.origin);
        }
    CHECK_EQUAL(std::uint64_t{90}, verified(folder.path()).private_values);
    CHECK_EQUAL("key not pinned " + sample.signer().verifier_key().fingerprint(),
                verified(folder.path()).warnings.at(0));
}

TEST(verify_finds_a_flipped_bit_in_every_byte_of_every_shard_and_names_the_line)
{
    const test::ScratchFolder folder;
    LedgerSample sample{folder.path()};
    fill_sample(sample);
    std::mt19937 random{static_cast<unsigned>(std::chrono::system_clock::now().time_since_epoch().count() % 1000)};
    for (const auto& shard : shards) {
        const std::string path = folder / shard;
        const std::string text = read_file(path);
        const Fd file = open_file(path, O_WRONLY);
        std::uint64_t line = 1;
        for (std::size_t at = 0; at < text.size(); line += text[at++] == '\n') {
            if (random() % every != 0)
                continue;
            const char changed = static_cast<char>(text[at] ^ (1 << random() % 8));
            CHECK_EQUAL(ssize_t{1}, ::pwrite(file.get(), &changed, 1, static_cast<off_t>(at)));
            const VerifyReport report = verified(folder.path());
            CHECK_EQUAL(ssize_t{1}, ::pwrite(file.get(), &text[at], 1, static_cast<off_t>(at)));
            const std::string what = shard + " byte " + std::to_string(at) + " to " + changed + "\n" + text_of(report);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(what, 2, report.findings.exit_code());
            CPPUNIT_ASSERT_MESSAGE(what, names(report, shard, line));
            CPPUNIT_ASSERT_MESSAGE(what, report.findings.total() <= 3);
        }
    }
    CHECK_EQUAL(0, verified(folder.path()).findings.exit_code());
}

TEST(verify_finds_a_changed_bit_in_every_byte_of_notes_and_keys)
{
    const test::ScratchFolder folder;
    LedgerSample sample{folder.path()};
    fill_sample(sample);
    for (const std::string file :
         {"checkpoint", "days/2026-11-20.note", "checkpoints/2026-11-22.notes", "keys/log.vkey"}) {
        const std::string text = read_file(folder / file);
        for (std::size_t at = 0; at < text.size(); ++at) {
            std::string changed = text;
            changed[at] = static_cast<char>(changed[at] ^ (1 << at % 8));
            const VerifyReport report = with(sample, file, changed);
            const std::string what = file + " byte " + std::to_string(at) + "\n" + text_of(report);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(what, 2, report.findings.exit_code());
            const auto& list = report.findings.list();
            CPPUNIT_ASSERT_MESSAGE(
                what, std::any_of(list.begin(), list.end(), [&](const Flaw& found) { return found.file == file; }));
        }
        const VerifyReport cut = with(sample, file, text.substr(0, text.size() / 2));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(file + text_of(cut), 2, cut.findings.exit_code());
    }
}

TEST(verify_finds_every_dropped_line)
{
    const test::ScratchFolder folder;
    LedgerSample sample{folder.path()};
    fill_sample(sample);
    check_every_line(sample, [](auto& lines, std::size_t at) {
        lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
        return true;
    });
}

TEST(verify_finds_every_pair_of_swapped_lines)
{
    const test::ScratchFolder folder;
    LedgerSample sample{folder.path()};
    fill_sample(sample);
    check_every_line(sample, [](auto& lines, std::size_t at) {
        if (at + 1 == lines.size())
            return false;
        std::swap(lines[at], lines[at + 1]);
        return true;
    });
}

TEST(verify_finds_every_line_that_stands_twice_or_was_brought_in)
{
    const test::ScratchFolder folder, other_folder;
    LedgerSample sample{folder.path()}, other{other_folder.path()};
    fill_sample(sample);
    fill_sample(other);
    check_every_line(sample, [](auto& lines, std::size_t at) {
        lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), lines[at]);
        return true;
    });
    check_every_line(sample, [&](auto& lines, std::size_t at) {
        lines[at] = other.lines()[at];   // the same in all but key and hashes, on the first day
        return at > 0 || lines[at] != other.lines()[at];
    });
}

TEST(verify_finds_a_shard_cut_at_every_byte_of_its_last_lines)
{
    const test::ScratchFolder folder;
    LedgerSample sample{folder.path()};
    fill_sample(sample);
    for (const auto& shard : shards) {
        const std::string text = read_file(folder / shard);
        for (std::size_t size = text.size() - 1000; size < text.size(); size += every) {
            const VerifyReport report = with(sample, shard, text.substr(0, size));
            const std::string what = shard + " of " + std::to_string(size) + "\n" + text_of(report);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(what, 2, report.findings.exit_code());
        }
        const VerifyReport empty = with(sample, shard, "");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(text_of(empty), 2, empty.findings.exit_code());
    }
}

TEST(verify_finds_lines_rewritten_together_by_the_root)
{
    const test::ScratchFolder folder;
    LedgerSample sample{folder.path()};
    fill_sample(sample);
    // From the fifth line before the end on, each with the prev that fits: only the signature can tell.
    auto lines = lines_of(read_file(folder / shards.back()));
    std::string prev;
    for (std::size_t at = lines.size() - 5; at < lines.size(); ++at) {
        lines[at] = replace_all(lines[at], "demo.echo", "demo.ecHo");
        if (!prev.empty())
            lines[at].replace(lines[at].find("\"prev\":\"") + 8, 64, prev);
        prev = hex(leaf_hash(lines[at]));
    }
    const VerifyReport report = with(sample, shards.back(), joined(lines));
    CHECK_EQUAL(2, report.findings.exit_code());
    CPPUNIT_ASSERT_MESSAGE(text_of(report), names(report, shards.back(), lines.size()));
}

TEST(verify_finds_missing_files)
{
    for (const std::string file :
         {"checkpoint", "keys/log.vkey", "days/2026-11-20.note", "days/2026-11-21.note", "checkpoints",
          "checkpoints/2026-11-22.notes", shards[0].c_str(), shards[1].c_str(), shards[2].c_str()}) {
        const test::ScratchFolder folder;
        LedgerSample sample{folder.path()};
        fill_sample(sample);
        std::filesystem::remove_all(folder / file);
        const VerifyReport report = verified(folder.path());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(file + "\n" + text_of(report), 2, report.findings.exit_code());
    }
    const test::ScratchFolder nothing;
    CHECK_THROWS(Error, verified(nothing.path()));
}

TEST(verify_refuses_an_older_checkpoint_and_one_of_another_key)
{
    const test::ScratchFolder folder;
    LedgerSample sample{folder.path()};
    fill_sample(sample);
    const std::string text = read_file(folder / "checkpoints/2026-11-22.notes");
    const auto notes = notes_in(text);
    CHECK_EQUAL(2, with(sample, "checkpoint", std::string{notes.at(0)}).findings.exit_code());
    const NoteSigner stranger{"example.org/forge", SigningKey::generate()};
    const std::string forged = stranger.sign(Checkpoint{"example.org/forge", sample.size(), sample.root_hash()}.text());
    CHECK_EQUAL(2, with(sample, "checkpoint", forged).findings.exit_code());
    CHECK_EQUAL(2, with(sample, "keys/log.vkey", stranger.verifier_key().text() + "\n").findings.exit_code());
}

TEST(verify_with_a_pinned_key_refuses_a_folder_that_was_made_anew)
{
    const test::ScratchFolder folder;
    LedgerSample sample{folder.path()};
    fill_sample(sample);
    const auto with_key = [&](const std::string& vkey) {
        return verify_ledger({.root = folder.path(), .vkey = vkey, .patience = Millis{0}});
    };
    const VerifyReport good = with_key(sample.signer().verifier_key().text());
    CHECK_EQUAL(0, good.findings.exit_code());
    CHECK(good.warnings.empty());
    const NoteSigner other{"example.org/forge", SigningKey::generate()};
    CHECK_EQUAL(4, with_key(other.verifier_key().text()).findings.exit_code());
    CHECK_THROWS(Error, with_key("nonsense"));
}

TEST(verify_says_incomplete_for_lines_that_no_checkpoint_covers)
{
    const test::ScratchFolder folder;
    LedgerSample sample{folder.path()};
    fill_sample(sample);
    sample.add({"late", "job.done", "{}"});
    CHECK_EQUAL(5, verified(folder.path()).findings.exit_code());
    sample.publish();
    CHECK_EQUAL(0, verified(folder.path()).findings.exit_code());
    const std::string text = read_file(folder / sample.shard());
    CHECK_EQUAL(5, with(sample, sample.shard(), text + "{\"actor").findings.exit_code());
}

TEST(verify_finds_an_id_that_stands_twice)
{
    const test::ScratchFolder folder;
    LedgerSample sample{folder.path()};
    sample.add({"one", "job.done", "{}"});
    sample.add({"two", "job.done", "{}"});
    sample.begin_day("2026-11-21");
    sample.add({"one", "job.done", "{}"});
    sample.publish();
    const VerifyReport report = verified(folder.path());
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text_of(report), 2, report.findings.exit_code());
    CHECK_EQUAL("its id stands already at events-2026-11-20.jsonl:2"s, report.findings.list().at(0).reason);
}

TEST(verify_wants_each_private_value_or_a_redaction)
{
    const test::ScratchFolder folder;
    LedgerSample sample{folder.path()};
    fill_sample(sample);
    const std::string file = "private/2026-11-21.jsonl";
    auto lines = lines_of(read_file(folder / file));
    lines.erase(lines.begin() + 3);
    const VerifyReport missing = with(sample, file, joined(lines));
    CHECK_EQUAL(2, missing.findings.exit_code());
    CHECK(missing.findings.list().at(0).reason.find("the private value") == 0);
    replace_file(folder / file, joined(lines));
    const auto seq = std::to_string(sample.size() - missing.lines + 24);   // of the run that lost its first value
    sample.add({"redaction", "ledger.redaction", R"({"fields":["args"],"seqs":[)" + seq + "]}"});
    sample.publish();
    const VerifyReport redacted = verified(folder.path());
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text_of(redacted), 0, redacted.findings.exit_code());
    CHECK_EQUAL(std::uint64_t{1}, redacted.private_erased);
}

TEST(a_verifier_remembers_where_the_checkpoint_ends_although_the_shard_goes_on)
{
    const test::ScratchFolder folder, own;
    LedgerSample sample{folder.path()};
    fill_sample(sample);
    bool has_grown = false;
    const auto grow = [&](const VerifyProgress& progress) {
        if (has_grown || progress.bytes < progress.bytes_total)
            return;
        has_grown = true;
        sample.add({"covered", "job.done", "{}"});
        sample.publish();
        sample.add({"not-covered", "job.done", "{}"});
    };
    const VerifierFolder memory{own.path()};
    const VerifyOptions options{.root = folder.path(), .patience = Millis{0}, .on_progress = grow};
    CHECK_EQUAL(0, verify_increment(options, memory).findings.exit_code());
    CHECK(has_grown);
    sample.publish();
    const VerifyReport next = verify_increment(options, memory);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text_of(next), 0, next.findings.exit_code());
    CHECK_EQUAL(std::uint64_t{1}, next.lines);
}

TEST(verify_while_the_writer_appends_gives_no_false_alarm)
{
    const test::ScratchFolder folder;
    LedgerSample sample{folder.path()};
    fill_sample(sample);
    std::jthread writer{[&](const std::stop_token& stop) {
        for (int i = 0; !stop.stop_requested() && i < 20000; ++i) {
            sample.add_run("live-" + std::to_string(i), "demo.echo", "ok");
            if (i % 20 == 0)
                sample.publish();
            if (i == 200)
                sample.begin_day("2026-11-23");
        }
        sample.publish();
    }};
    for (int round = 0; round < 8; ++round) {
        const VerifyReport report = verify_ledger({.root = folder.path(), .jobs = round % 2 ? 2U : 1U});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(text_of(report), 0, report.findings.exit_code());
    }
}
