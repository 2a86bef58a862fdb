// What a disk may do to the write-ahead log while it alone has the last lines: a bit flips, an end is lost.
// FORGE_EXHAUSTIVE=1 takes every byte, else some by a printed seed.
#include "ledger/refusal.h"
#include "ledger/wal_reader.h"
#include "ledger_scratch.h"
#include "seed.h"
#include "test.h"

#include <algorithm>
#include <iostream>

using namespace forge;
using forge::test::ScratchLedger;

namespace {

const std::string older = "root/state/wal.0", newer = "root/state/wal.1";

struct Frame {
    std::size_t begin;
    std::size_t end;   // of its bytes; zeros follow up to the next block
};

// Three acknowledged lines that only the log has: the shard's pages were lost in a power cut.
class Unpublished {
public:
    Unpublished()
    {
        ledger_.engine().tick();
        for (const char* const id : {"a", "b", "c"})
            ledger_.append({id});
        ledger_.io.cut_power();
        const std::string_view bytes = log(newer);
        for (std::size_t at = wal_block; at < bytes.size(); at += wal_block)
            if (const auto header = parse_frame_header(bytes.substr(at, wal_frame_header))) {
                const auto end = bytes.find(std::string(512, '\0'), at + wal_frame_header);
                frames_.push_back({at, end});
            }
        CHECK(frames_.size() >= 3);
    }

    const std::string& log(const std::string& path) const { return ledger_.io.text(path); }
    const std::vector<Frame>& frames() const { return frames_; }

    // What a start says of the log after the change: empty when it takes place; `has_last`: with the third line too.
    std::string refusal(const std::string& path, const std::function<void(std::string&)>& change, bool& has_last)
    try {
        const auto disk = ledger_.io.copy();
        change(disk->content(path));
        Engine engine{{.root = "root", .rights = "dev"}, *disk, ledger_.env};
        const std::string& shard = disk->text("root/events-2026-11-23.jsonl");
        const auto has = [&](char id) { return shard.find(std::string{R"("id":")"} + id + '"') != shard.npos; };
        CPPUNIT_ASSERT_MESSAGE("an acknowledged line is lost and nobody says so", has('a') && has('b'));
        has_last = has('c');
        return "";
    } catch (const WalDamaged& damage) {
        return damage.what();
    }

private:
    ScratchLedger ledger_;
    std::vector<Frame> frames_;
};

// Up to where a segment says something, and a block of zeros.
std::size_t end_of(const Unpublished& log, const std::string& path)
{
    return path == newer ? log.frames().back().begin + 2 * wal_block : wal_block;
}

bool starts(const std::string& text, const std::string& begin) { return text.compare(0, begin.size(), begin) == 0; }

// A flipped bit in a frame that another one follows is named with the frame; the last frame may have been torn.
void check_flip(Unpublished& log, const std::string& path, std::size_t at, unsigned bit)
{
    bool has_last = false;
    const std::string said = log.refusal(path, [&](std::string& bytes) { bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit)); }, has_last);
    const std::string what = path + " byte " + std::to_string(at) + " bit " + std::to_string(bit) + ": \"" + said + "\"";
    const auto& frames = log.frames();
    const auto hit = std::ranges::find_if(frames, [&](const Frame& frame) { return at >= frame.begin && at < frame.end; });
    if (at < wal_block)
        CPPUNIT_ASSERT_MESSAGE(what, starts(said, path + ": byte 0"));
    else if (path == newer && hit != frames.end() && hit + 1 != frames.end())
        CPPUNIT_ASSERT_MESSAGE(what, starts(said, path + ": byte " + std::to_string(hit->begin) + ":")
                                         || starts(said, path + ": byte " + std::to_string(hit[1].begin) + ": the frame before it"));
    else
        CPPUNIT_ASSERT_MESSAGE(what, (said.empty() && (has_last || (path == newer && at >= frames.back().begin))) || starts(said, path + ": byte "));
}

}

TEST(a_flipped_bit_anywhere_in_a_write_ahead_log_halts_the_start_or_is_the_end_of_it)
{
    Unpublished log;
    std::mt19937 random{test::seed()};
    std::size_t count = 0;
    for (const std::string& path : {older, newer})
        for (std::size_t at = 0; at < end_of(log, path); ++at) {
            if (!test::is_exhaustive() && random() % 300 != 0)
                continue;
            for (unsigned bit = 0; bit < 8; ++bit)
                if (at < wal_block || bit == random() % 8) {
                    check_flip(log, path, at, bit);
                    ++count;
                }
        }
    std::cout << "# damage: " << count << " bits\n";
}

TEST(a_write_ahead_log_cut_anywhere_halts_the_start)
{
    Unpublished log;
    std::mt19937 random{test::seed()};
    std::size_t count = 0;
    for (const std::string& path : {older, newer})
        for (std::size_t size = 0; size < log.log(path).size(); ++size) {
            const unsigned every = test::is_exhaustive() ? (size < end_of(log, path) ? 1 : 64) : 4000;   // behind it: zeros
            if (random() % every != 0 && (size < wal_block || size % wal_block > 1))
                continue;
            bool has_last = false;
            const std::string said = log.refusal(path, [&](std::string& bytes) { bytes.resize(size); }, has_last);
            const std::string place = path + ": byte " + std::to_string(size < wal_block ? 0 : size) + ": ";
            CPPUNIT_ASSERT_MESSAGE(path + " cut to " + std::to_string(size) + ": \"" + said + "\"", starts(said, place));
            ++count;
        }
    std::cout << "# damage: " << count << " cuts\n";
}
