// A verification beside the write-ahead log, while that alone vouches for the last lines.
// FORGE_EXHAUSTIVE=1 takes every byte, else some by a printed seed.
#include "ledger_scratch.h"
#include "seed.h"
#include "test.h"
#include "thousand_lines.h"

#include "audit/verify.h"
#include "base/text.h"
#include "ledger/wal_format.h"
#include "os/file.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

using namespace forge;
using forge::test::ScratchLedger;
using forge::test::text_of;

namespace {

constexpr std::size_t header_end = 160;   // of a segment; zeros follow
const std::string shard = "events-2026-11-23.jsonl", older = "state/wal.0", newer = "state/wal.1";

// Three acknowledged lines that no checkpoint covers, as a killed daemon leaves them.
class Unpublished {
public:
    Unpublished()
    {
        ScratchLedger ledger;
        for (const char* const id : {"a", "b", "c"})
            ledger.append({id});
        for (const std::string& path : ledger.io.paths()) {
            make_folders(folder_of(real(path)));
            replace_file(real(path), ledger.io.text(path));
        }
        const std::string bytes = read(newer);
        for (std::size_t at = wal_block; at < bytes.size(); at += wal_block)
            if (parse_frame_header(std::string_view{bytes}.substr(at, wal_frame_header)))
                frames_.push_back(at);
        CHECK_EQUAL(std::size_t{3}, frames_.size());
    }

    std::string read(const std::string& file) const { return read_file(folder_ / file); }
    void put(const std::string& file, const std::string& text) const { replace_file(folder_ / file, text); }
    std::size_t frame(std::size_t number) const { return frames_[number]; }
    VerifyReport verified() const { return verify_ledger({.root = folder_.path(), .patience = Millis{0}}); }
    void remove(const std::string& file) const { std::filesystem::remove_all(folder_ / file); }

private:
    std::string real(const std::string& path) const { return folder_ / path.substr(path.find('/') + 1); }

    test::ScratchFolder folder_;
    std::vector<std::size_t> frames_;
};

void must_find(const Unpublished& ledger, int exit, const std::string& said)
{
    const VerifyReport report = ledger.verified();
    const std::string what = "wanted: " + said + "\n" + text_of(report);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(what, exit, report.findings.exit_code());
    CPPUNIT_ASSERT_MESSAGE(what, ("\n" + text_of(report)).find("\n" + said) != std::string::npos);
}

std::string cut_behind_line(std::string text, std::size_t lines)
{
    std::size_t end = 0;
    for (std::size_t line = 0; line < lines; ++line)
        end = text.find('\n', end) + 1;
    return text.substr(0, end);
}

std::string flipped(std::string bytes, std::size_t at, unsigned bit)
{
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
    return bytes;
}

}

TEST(lines_that_no_checkpoint_covers_are_those_of_the_write_ahead_log)
{
    const Unpublished ledger;
    const VerifyReport report = ledger.verified();
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text_of(report), 0, report.findings.exit_code());
    CHECK_EQUAL(std::uint64_t{3}, report.lines_in_log);
    CHECK_EQUAL(std::uint64_t{1}, report.size);

    ledger.remove("state");   // a copy without it
    must_find(ledger, 5, shard + ":4: no checkpoint covers the lines from seq 1 on");
    CHECK_EQUAL(std::uint64_t{1}, ledger.verified().findings.total());
}

TEST(lines_that_the_log_alone_has_are_not_lost)
{
    const Unpublished ledger;
    const std::string text = ledger.read(shard);
    for (const std::size_t size : {cut_behind_line(text, 2).size(), text.size() - 1, text.size() - 40}) {
        ledger.put(shard, text.substr(0, size));
        const VerifyReport report = ledger.verified();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(text_of(report), 0, report.findings.exit_code());
        CHECK_EQUAL(std::string{size + 100 < text.size() ? "2" : "1"} + " acknowledged lines stand in the write-ahead log alone: "
                    "forge-ledgerd brings them to their shard when it starts", report.warnings.back());
    }
}

TEST(a_shard_that_has_other_lines_than_the_log_contradicts_it)
{
    const Unpublished ledger;
    const std::string text = ledger.read(shard);
    const auto salt = text.rfind(R"("salt":")") + 8;
    ledger.put(shard, flipped(text, salt, 0));
    must_find(ledger, 2, shard + ":4: not what the write-ahead log has for seq 3");
    ledger.put(shard, text + "foreign");
    must_find(ledger, 5, shard + ":5: bytes behind the last line that end no line, and the write-ahead log does not have them");
}

TEST(a_log_that_lost_the_last_lines_is_damaged)
{
    const Unpublished ledger;
    const std::string bytes = ledger.read(newer);
    std::string lost = bytes;
    lost.replace(ledger.frame(2), wal_block, wal_block, '\0');
    ledger.put(newer, lost);
    must_find(ledger, 3, shard + ":4: the line of seq 3 is in a shard, but the write-ahead log does not have it");
    ledger.put(shard, cut_behind_line(ledger.read(shard), 3));   // and nothing tells of it: as if it had never been acknowledged
    CHECK_EQUAL(0, ledger.verified().findings.exit_code());
}

TEST(a_log_that_is_missing_or_of_another_ledger_is_damaged)
{
    const Unpublished ledger;
    const std::string bytes = ledger.read(newer), meta = ledger.read("state/meta");
    ledger.remove(newer);
    must_find(ledger, 3, newer + ":0: missing");
    ledger.put(newer, bytes);
    ledger.put("state/meta", flipped(meta, meta.find(R"("uuid":")") + 8, 0));
    must_find(ledger, 3, "state/meta:0: the uuid is not that of ledger.genesis");
    ledger.put("state/meta", "{");
    must_find(ledger, 3, "state/meta:0: ");
    ledger.put("state/meta", replace_all(meta, "\"segment\":", "\"segment\":-"));
    must_find(ledger, 3, "state/meta:0: a segment of ");
}

TEST(a_ledger_whose_log_was_not_made_yet_has_none_that_is_damaged)
{
    const Unpublished ledger;
    const std::string meta = ledger.read("state/meta");
    const auto begin = meta.find(",\"sizes\":{"), end = meta.find('}', begin) + 1;
    ledger.put("state/meta", meta.substr(0, begin) + meta.substr(end));
    ledger.remove(older);
    ledger.remove(newer);
    must_find(ledger, 5, shard + ":4: no checkpoint covers the lines from seq 1 on");
    CHECK_EQUAL(std::uint64_t{1}, ledger.verified().findings.total());
}

TEST(a_flipped_bit_anywhere_in_a_write_ahead_log_is_found_by_a_verification)
{
    const Unpublished ledger;
    std::mt19937 random{test::seed()};
    std::size_t count = 0;
    for (const std::string& file : {older, newer}) {
        const std::string bytes = ledger.read(file);
        for (std::size_t at = 0; at < (file == newer ? ledger.frame(2) + wal_block : wal_block); ++at)
            for (unsigned bit = 0; bit < 8; ++bit) {
                const bool is_padding = at >= wal_block && bytes[at] == '\0';
                if (is_padding || random() % (test::is_exhaustive() ? (at < header_end ? 1 : 8) : 1000) != 0)
                    continue;
                ledger.put(file, flipped(bytes, at, bit));
                const VerifyReport report = ledger.verified();
                const std::string what = file + " byte " + std::to_string(at) + " bit " + std::to_string(bit) + "\n" + text_of(report);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(what, 3, report.findings.exit_code());
                CPPUNIT_ASSERT_MESSAGE(what, text_of(report).find(at < ledger.frame(2) ? file + ":0: byte " : shard + ":4: ") != std::string::npos);
                ++count;
            }
        ledger.put(file, bytes);
    }
    std::cout << "# damage: " << count << " bits\n";
}

TEST(a_write_ahead_log_cut_anywhere_is_found_by_a_verification)
{
    const Unpublished ledger;
    std::mt19937 random{test::seed()};
    std::size_t count = 0;
    for (const std::string& file : {older, newer}) {
        const std::string bytes = ledger.read(file);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const unsigned every = test::is_exhaustive() ? (size < ledger.frame(2) + wal_block ? 4 : 256) : 10'000;
            if (random() % every != 0)
                continue;
            ledger.put(file, bytes.substr(0, size));
            must_find(ledger, 3, file + ":0: byte " + std::to_string(size < wal_block ? 0 : size) + ": ");
            ++count;
        }
        ledger.put(file, bytes);
    }
    std::cout << "# damage: " << count << " cuts\n";
}
