// The tiles at start.
#include "ledger/tile_start.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "ledger/refusal.h"

namespace forge {

namespace {

constexpr std::size_t block_size = 1U << 20;
constexpr std::uint64_t leaves_at_once = 256 * tile_width;   // in memory, while tiles are made again

// The leaf hashes of `count` lines of a day, from an offset on.
void read_leaves(Shards& shards, const std::string& day, std::uint64_t offset, std::uint64_t count,
                 const std::function<void(const Hash&)>& take)
{
    std::string block;
    while (count > 0) {
        const std::size_t kept = block.size();
        block += shards.read_lines(day, offset, block_size);
        if (block.size() == kept)
            throw LedgerDamaged("events-" + day + ".jsonl: " + std::to_string(count) + " lines are missing at its end");
        offset += block.size() - kept;
        std::size_t begin = 0;
        for (auto end = block.find('\n', kept); end != block.npos && count > 0; end = block.find('\n', begin)) {
            take(leaf_hash(std::string_view{block}.substr(begin, end - begin)));
            begin = end + 1;
            --count;
        }
        block.erase(0, begin);
    }
}

Hash root_of_lines(const KnownLines& lines)
{
    CompactRange tree;
    for_each_leaf(lines, 0, [&](const Hash& leaf) { tree.append(leaf); });
    return tree.root();
}

// On a full disk they are kept, and written before the next checkpoint is signed.
void write_if_there_is_room(TreeTiles& tiles, SteadyTime now, bool with_edge)
try {
    with_edge ? tiles.write(now) : tiles.write_full(now);
} catch (const Refused& refused) {
    log(Severity::warning, "tiles wait for room", {{"error", refused.what()}});
}

// Nothing is written before the lines as a whole have the right root.
void make_again(TreeTiles& tiles, const KnownLines& lines)
{
    if (root_of_lines(lines) != lines.head.tree.root())
        throw LedgerDamaged("the tiles are missing or damaged, and the lines have not the root to make them again");
    tiles.clear();
    for_each_leaf(lines, 0, [&](const Hash& leaf) {
        tiles.repair(leaf);
        if (tiles.size() % leaves_at_once == 0)
            write_if_there_is_room(tiles, lines.now, false);
    });
    write_if_there_is_room(tiles, lines.now, true);
    log(Severity::notice, "tiles made again from the lines", {{"tiles", std::to_string(tiles.repaired())}});
}

bool load(TreeTiles& tiles, const KnownLines& lines)
{
    const Checkpoint before = lines.published.value_or(Checkpoint{{}, 0, root_hash({})});
    if (before.size > lines.head.size() || !tiles.load(before.size, before.root, lines.now))
        return false;
    const std::uint64_t missing = lines.head.size() - before.size;
    if (lines.newest.size() >= missing)
        std::for_each(lines.newest.end() - static_cast<std::ptrdiff_t>(missing), lines.newest.end(), [&](const Hash& leaf) { tiles.add(leaf); });
    else
        for_each_leaf(lines, before.size, [&](const Hash& leaf) { tiles.add(leaf); });
    return tiles.root() == lines.head.tree.root();
}

}

void for_each_leaf(const KnownLines& lines, std::uint64_t first, const std::function<void(const Hash&)>& take)
{
    std::vector<SealedDay> days = lines.head.days;
    if (!lines.head.day.empty())
        days.push_back({lines.head.day, lines.head.day_first, lines.head.offset});
    for (std::size_t i = 0; i < days.size(); ++i) {
        const std::uint64_t end = i + 1 < days.size() ? days[i + 1].first : lines.head.size();
        if (end <= first)
            continue;
        const std::uint64_t begin = std::max(first, days[i].first);
        const std::uint64_t offset = begin == days[i].first ? 0 : lines.index.place(begin).offset;
        read_leaves(lines.shards, days[i].day, offset, end - begin, take);
    }
}

void start_tiles(TreeTiles& tiles, const KnownLines& lines)
{
    if (lines.head.size() == 0)
        return;
    const bool is_loaded = load(tiles, lines);
    if (is_loaded && tiles.is_complete(lines.published ? lines.published->size : 0))
        return;
    try {
        make_again(tiles, lines);
    } catch (const Error& error) {
        if (!is_loaded || !load(tiles, lines))
            throw LedgerDamaged(std::string{"tile: "} + error.what());
        log(Severity::error, "tiles are missing", {{"error", error.what()}});
    }
}

}
