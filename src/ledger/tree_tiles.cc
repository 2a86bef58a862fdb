// The tiles of the ledger's tree.
#include "ledger/tree_tiles.h"

#include "base/error.h"
#include "base/log.h"
#include "ledger/growing_file.h"
#include "os/file.h"

#include <algorithm>
#include <cerrno>

namespace forge {

namespace {

constexpr std::chrono::hours partials_stay{1};
constexpr std::uint64_t looked_back = 256;   // tiles of a level whose partial ones an earlier process may have left
constexpr std::size_t looked_into_at_start = 1024;   // tiles, the newest of level 0 first: a tenth of a second
constexpr mode_t tile_mode = 0444;
constexpr std::size_t known_folders = 4096;

}

TreeTiles::TreeTiles(Io& io, std::string root)
    : io_(io), root_(std::move(root)), builder_([this](const Tile& tile, const Hashes& hashes) {
          unwritten_.push_back({tile, hashes, repairing_});
      })
{
}

void TreeTiles::clear()
{
    builder_.resume(0, {});
    unwritten_.clear();
    written_edge_.clear();
    full_since_.clear();
    repairing_ = false;
}

bool TreeTiles::load(std::uint64_t size, const Hash& root, SteadyTime now)
{
    clear();
    std::array<Hashes, tile_levels> edges;
    for (const Tile& tile : partial_tiles(size)) {
        auto hashes = stored(tile);
        if (!hashes)
            return false;
        edges[tile.level] = std::move(*hashes);
    }
    builder_.resume(size, std::move(edges));
    if (builder_.root() != root) {
        clear();
        return false;
    }
    written_edge_ = partial_tiles(size);
    for (unsigned level = 0; level < tile_levels; ++level) {
        const std::uint64_t full = (size >> (level * tile_height)) / tile_width;
        for (std::uint64_t index = full - std::min(full, looked_back); index < full; ++index)
            full_since_.emplace_back(now, Tile{TileKind::hashes, level, index});
    }
    return true;
}

bool TreeTiles::is_complete(std::uint64_t size) const
{
    std::size_t looked_into = 0;
    for (unsigned level = 0; level + 1 < tile_levels; ++level)
        for (std::uint64_t index = (size >> (level * tile_height)) / tile_width; index-- > 0;) {
            const Tile tile{TileKind::hashes, level, index};
            const bool is_good = ++looked_into > looked_into_at_start ? io_.exists(path_of(tile)) : is_under_the_next(tile);
            if (!is_good)
                return false;
        }
    return true;
}

// Whether the tile is there and has the root that the tile above it says.
bool TreeTiles::is_under_the_next(const Tile& tile) const
try {
    const auto hashes = stored(tile);
    const auto in_next = static_cast<unsigned>(tile.index % tile_width);
    return hashes && read({TileKind::hashes, tile.level + 1, tile.index / tile_width, in_next + 1}).back() == root_hash(*hashes);
} catch (const SystemError&) {
    throw;
} catch (const Error&) {
    return false;   // the tile above is not there
}

void TreeTiles::repair(const Hash& leaf)
{
    repairing_ = true;
    builder_.add(leaf);
    repairing_ = false;
}

void TreeTiles::make_folder_of(const std::string& path)
{
    const std::string folder = folder_of(path);
    if (folders_.contains(folder))
        return;
    if (!io_.exists(folder))
        io_.make_folder(folder, 0755);
    // Each folder's name is in the one above; one that is there already may be of an attempt that a crash ended.
    for (std::string above = folder; above != root_ && unsynced_.insert(folder_of(above)).second;)
        above = folder_of(above);
    if (folders_.size() >= known_folders)
        folders_.clear();
    folders_.insert(folder);
}

bool TreeTiles::is_stored(const Tile& tile, const std::string& bytes) const
{
    const std::string path = path_of(tile);
    return io_.exists(path) && read_whole(io_, path) == bytes;
}

void TreeTiles::put(const Tile& tile, const std::string& bytes)
{
    const std::string path = path_of(tile);
    make_folder_of(path);
    unsynced_.insert(folder_of(path));
    io_.put(path, bytes, tile_mode);
}

void TreeTiles::sync_folders()
{
    while (!unsynced_.empty()) {
        io_.sync_folder(*unsynced_.begin());
        unsynced_.erase(unsynced_.begin());
    }
}

// Its name may be in the kernel's cache only, when an attempt before ended between rename and fsync.
bool TreeTiles::put_if_missing(const Tile& tile, const std::string& bytes)
{
    const bool is_missing = !is_stored(tile, bytes);
    if (is_missing)
        put(tile, bytes);
    else
        unsynced_.insert(folder_of(path_of(tile)));
    return is_missing;
}

void TreeTiles::write_made(SteadyTime now)
{
    for (; !unwritten_.empty(); unwritten_.pop_front()) {
        const auto& [tile, hashes, is_suspect] = unwritten_.front();
        const std::string bytes = tile_bytes(hashes);
        if (!is_suspect)
            put(tile, bytes);
        else if (put_if_missing(tile, bytes))
            ++repaired_;
        full_since_.emplace_back(now, tile);
    }
}

void TreeTiles::write_full(SteadyTime now)
try {
    write_made(now);
    sync_folders();
} catch (...) {
    rethrow_classified();
}

void TreeTiles::write(SteadyTime now)
try {
    write_made(now);
    auto edge = partial_tiles(size());
    for (const Tile& tile : edge) {
        if (std::ranges::find(written_edge_, tile) != written_edge_.end())
            continue;
        put_if_missing(tile, tile_bytes(builder_.edge(tile.level)));
    }
    sync_folders();
    written_edge_ = std::move(edge);
} catch (...) {
    rethrow_classified();
}

void TreeTiles::remove_partials_of(const Tile& tile)
try {
    const std::string folder = path_of(tile) + ".p";
    for (const std::string& name : io_.names(folder))
        io_.remove(folder + "/" + name);
    io_.remove(folder);
    folders_.erase(folder);
    unsynced_.erase(folder);
} catch (const SystemError& error) {
    if (error.code != ENOENT)
        log(Severity::warning, "partial tiles stay", {{"error", error.what()}});
}

void TreeTiles::remove_partials(SteadyTime now)
{
    for (; !full_since_.empty() && full_since_.front().first + partials_stay <= now; full_since_.pop_front())
        remove_partials_of(full_since_.front().second);
}

std::optional<Hashes> TreeTiles::stored(const Tile& tile) const
{
    const auto read_one = [&](unsigned width) -> std::optional<Hashes> {
        Tile wanted = tile;
        wanted.width = width;
        if (!io_.exists(path_of(wanted)))
            return std::nullopt;
        auto hashes = parse_tile(read_whole(io_, path_of(wanted)), width);
        if (hashes)
            hashes->resize(tile.width);
        return hashes;
    };
    auto hashes = read_one(tile.width);
    return hashes || tile.is_full() ? hashes : read_one(tile_width);
}

Hashes TreeTiles::read(const Tile& tile) const
{
    for (const Made& made : unwritten_)
        if (made.tile.level == tile.level && made.tile.index == tile.index)
            return {made.hashes.begin(), made.hashes.begin() + tile.width};
    const Hashes& edge = builder_.edge(tile.level);
    if (tile.index == (size() >> (tile.level * tile_height)) / tile_width && tile.width <= edge.size())
        return {edge.begin(), edge.begin() + tile.width};
    if (auto hashes = stored(tile))
        return std::move(*hashes);
    throw Error("tile/" + tile.path() + ": missing, or not of the length that its name says");
}

}
