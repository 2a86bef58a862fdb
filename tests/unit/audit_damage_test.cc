// What a disk may do to a ledger's files: a bit flips, an end is lost; both are found and located.
// FORGE_EXHAUSTIVE=1 takes every byte, else some by a printed seed; FORGE_PART=1/2: the first of two halves of that.
#include "tests/unit/seed.h"
#include "tests/unit/test.h"
#include "tests/unit/thousand_lines.h"

#include "base/error.h"
#include "os/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <set>

using namespace forge;
using forge::test::is_exhaustive;
using forge::test::text_of;
using forge::test::ThousandLines;

namespace {

// At most so many places of a file, all when exhaustive; the first and the last always.
std::vector<std::size_t> places(std::size_t size, std::size_t count, std::mt19937& random)
{
    std::set<std::size_t> chosen{0, size - 1};
    if (is_exhaustive())
        count = size;
    if (count >= size)
        for (std::size_t at = 0; at < size; ++at)
            chosen.insert(at);
    while (chosen.size() < std::min(count, size))
        chosen.insert(random() % size);
    return {chosen.begin(), chosen.end()};
}

// True for what this process has to do of the work that several share.
class Share {
public:
    Share()
    {
        if (const char* const part = std::getenv("FORGE_PART"))
            CHECK_EQUAL(2, std::sscanf(part, "%u/%u", &part_, &parts_));
    }
    bool has_next() { return next_++ % parts_ == part_ - 1; }

private:
    unsigned part_ = 1, parts_ = 1, next_ = 0;
};

// A file that is damaged in place and mended.
class Damaged {
public:
    Damaged(const ThousandLines& ledger, const std::string& file)
        : path_(ledger.path(file)), text_(read_file(path_)), file_(open_file(path_, O_WRONLY))
    {
    }
    const std::string& text() const { return text_; }
    void put(std::size_t at, char byte) { CHECK_EQUAL(ssize_t{1}, ::pwrite(file_.get(), &byte, 1, static_cast<off_t>(at))); }
    void cut(std::size_t size) { CHECK_EQUAL(0, ::ftruncate(file_.get(), static_cast<off_t>(size))); }
    void mend()
    {
        CHECK_EQUAL(static_cast<ssize_t>(text_.size()), ::pwrite(file_.get(), text_.data(), text_.size(), 0));
    }

private:
    std::string path_;
    std::string text_;
    Fd file_;
};

bool is_shard(const std::string& file)
{
    return file.starts_with("events-");
}

// Where a bit was flipped, in words for a message; throws what CPPUNIT_FAIL throws unless the report says so too.
void check_flip(const std::string& file, const std::string& text, std::size_t at, const VerifyReport& report)
{
    const std::string what = file + " byte " + std::to_string(at) + "\n" + text_of(report);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(what, 2, report.findings.exit_code());
    const auto& found = report.findings;
    CPPUNIT_ASSERT_MESSAGE(what, found.has(file, 0));
    if (is_shard(file)) {
        const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
        CPPUNIT_ASSERT_MESSAGE(what, found.has(file, static_cast<std::uint64_t>(line)));
        CPPUNIT_ASSERT_MESSAGE(what, found.total() <= 3);
    } else if (file.starts_with("tile/0/") && file.find(".p/") == file.npos) {
        const auto seq = std::stoul(file.substr(7)) * tile_width + at / sizeof(Hash);
        CPPUNIT_ASSERT_MESSAGE(what, text_of(report).find("for seq " + std::to_string(seq) + "\n") != std::string::npos);
    }
}

// Nothing in the folder speaks of the last notes of an older file of checkpoints.
bool is_no_damage(const std::string& file, std::string_view left)
{
    return file.starts_with("checkpoints/") && file != "checkpoints/2026-11-22.notes"
           && (left.empty() || left.ends_with("\n\n"));
}

// A shard without its last lines is whole in itself: then the first line of the next one misses them.
void check_cut(const std::string& file, const std::string& next, std::string_view left, const VerifyReport& report)
{
    const std::string what = file + " cut to " + std::to_string(left.size()) + "\n" + text_of(report);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(what, 2, report.findings.exit_code());
    const bool is_whole = is_shard(file) && left.ends_with('\n') && is_shard(next);
    CPPUNIT_ASSERT_MESSAGE(what, is_whole ? report.findings.has(next, 1) : report.findings.has(file, 0));
}

// One bit of each byte; where there are few bytes, and each is a hash or a signature, all.
std::vector<unsigned> bits_of(const std::string& file, std::mt19937& random)
{
    if (is_exhaustive() && (file == "checkpoint" || file.starts_with("tile/")))
        return {0, 1, 2, 3, 4, 5, 6, 7};
    return {static_cast<unsigned>(random() % 8)};
}

}

TEST(a_flipped_bit_anywhere_in_a_ledger_of_a_thousand_lines_is_found_and_located)
{
    const ThousandLines ledger;
    std::mt19937 random{test::seed()};
    Share share;
    std::size_t count = 0;
    for (const std::string& file : ledger.files()) {
        Damaged damaged{ledger, file};
        for (const std::size_t at : places(damaged.text().size(), 12, random))
            for (const unsigned bit : bits_of(file, random)) {
                if (!share.has_next())
                    continue;
                damaged.put(at, static_cast<char>(damaged.text()[at] ^ (1 << bit)));
                check_flip(file, damaged.text(), at, ledger.verified());
                damaged.put(at, damaged.text()[at]);
                ++count;
            }
    }
    CHECK_EQUAL(0, ledger.verified().findings.exit_code());
    std::cout << "# damage: " << count << " bits\n";
}

TEST(a_file_cut_anywhere_in_a_ledger_of_a_thousand_lines_is_found_and_located)
{
    const ThousandLines ledger;
    std::mt19937 random{test::seed()};
    Share share;
    std::size_t count = 0;
    const std::vector<std::string> files = ledger.files();
    for (auto file = files.begin(); file != files.end(); ++file) {
        Damaged damaged{ledger, *file};
        auto sizes = places(damaged.text().size(), 6, random);
        std::reverse(sizes.begin(), sizes.end());
        for (const std::size_t size : sizes) {
            const auto left = std::string_view{damaged.text()}.substr(0, size);
            if (is_no_damage(*file, left) || !share.has_next())
                continue;
            damaged.cut(size);
            check_cut(*file, file + 1 == files.end() ? "" : file[1], left, ledger.verified());
            ++count;
        }
        damaged.mend();
    }
    CHECK_EQUAL(0, ledger.verified().findings.exit_code());
    std::cout << "# damage: " << count << " cuts\n";
}
