// Tiles (c2sp.org/tlog-tiles).
#include "tlog/tile.h"

#include "base/error.h"

#include <bit>
#include <cassert>
#include <cstring>
#include <limits>

namespace forge {

namespace {

constexpr std::string_view entries_name = "entries";
constexpr std::string_view partial_mark = ".p/";
constexpr unsigned levels_limit = 64;   // of a path

std::string three_digits(std::uint64_t number)
{
    const std::string digits = std::to_string(number);
    return std::string(3 - digits.size(), '0') + digits;
}

// "x001/x234/067"
std::string index_path(std::uint64_t index)
{
    std::string path = three_digits(index % 1000);
    while (index >= 1000) {
        index /= 1000;
        path.insert(0, "x" + three_digits(index % 1000) + "/");
    }
    return path;
}

std::optional<std::uint64_t> parse_index(std::string_view path)
{
    std::string digits;
    for (const auto part : split(path, '/')) {
        const bool has_mark = part.starts_with('x');
        if (part.size() != (has_mark ? 4U : 3U))
            return std::nullopt;
        digits += part.substr(has_mark ? 1 : 0);
    }
    return parse_unsigned(digits);
}

std::optional<unsigned> parse_small(std::string_view text, unsigned limit)
{
    const auto number = text.size() <= 3 ? parse_unsigned(text) : std::nullopt;
    return number && *number < limit ? std::optional{static_cast<unsigned>(*number)} : std::nullopt;
}

}

std::string Tile::path() const
{
    const std::string begin = kind == TileKind::entries ? std::string{entries_name} : std::to_string(level);
    return begin + "/" + index_path(index) + (is_full() ? "" : std::string{partial_mark} + std::to_string(width));
}

std::optional<Tile> Tile::parse(std::string_view path)
{
    constexpr std::size_t longest = 64;
    const auto slash = path.find('/');
    if (path.size() > longest || slash == path.npos)
        return std::nullopt;
    Tile tile;
    const std::string_view begin = path.substr(0, slash);
    std::string_view place = path.substr(slash + 1);
    if (begin == entries_name)
        tile.kind = TileKind::entries;
    else if (const auto level = parse_small(begin, levels_limit))
        tile.level = *level;
    else
        return std::nullopt;
    if (const auto mark = place.find(partial_mark); mark != place.npos) {
        const auto width = parse_small(place.substr(mark + partial_mark.size()), tile_width);
        if (!width || *width == 0)
            return std::nullopt;
        tile.width = *width;
        place = place.substr(0, mark);
    }
    const auto index = parse_index(place);
    if (!index)
        return std::nullopt;
    tile.index = *index;
    // One path for each tile: no further zeros, and each mark in its place.
    return tile.path() == path ? std::optional{tile} : std::nullopt;
}

unsigned tile_width_in(std::uint64_t size, unsigned level, std::uint64_t index)
{
    if (level >= tile_levels)
        return 0;
    const std::uint64_t hashes = size >> (level * tile_height);
    const std::uint64_t full = hashes / tile_width;
    return index < full ? tile_width : index == full ? static_cast<unsigned>(hashes % tile_width) : 0;
}

std::uint64_t leaves_below(const Tile& tile)
{
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    const unsigned shift = tile_height * tile.level;
    if (tile.level >= tile_levels || tile.index >= most >> tile_height || tile.index * tile_width + tile.width > most >> shift)
        return most;
    return (tile.index * tile_width + tile.width) << shift;
}

std::vector<Tile> partial_tiles(std::uint64_t size)
{
    std::vector<Tile> tiles;
    for (unsigned level = 0; level < tile_levels; ++level) {
        const std::uint64_t hashes = size >> (level * tile_height);
        if (hashes % tile_width != 0)
            tiles.push_back({TileKind::hashes, level, hashes / tile_width, static_cast<unsigned>(hashes % tile_width)});
    }
    return tiles;
}

std::string tile_bytes(std::span<const Hash> hashes)
{
    std::string bytes;
    bytes.reserve(hashes.size() * sizeof(Hash));
    for (const Hash& hash : hashes)
        bytes += text_of(hash);
    return bytes;
}

std::optional<Hashes> parse_tile(std::string_view bytes, unsigned width)
{
    if (bytes.size() != width * sizeof(Hash))
        return std::nullopt;
    Hashes hashes(width);
    std::memcpy(hashes.data(), bytes.data(), bytes.size());
    return hashes;
}

void TileCutter::add(unsigned level, const Hash& node)
{
    if (level == 0)
        ++size_;
    if (level % tile_height != 0)
        return;
    Hashes& edge = levels_[level / tile_height];
    edge.push_back(node);
    if (edge.size() < tile_width)
        return;
    on_full_({TileKind::hashes, level / tile_height, (size_ >> level) / tile_width - 1}, edge);
    edge.clear();
}

void TileCutter::resume(std::uint64_t size, std::array<Hashes, tile_levels> edges)
{
    for (unsigned level = 0; level < tile_levels; ++level)
        if (edges[level].size() != (size >> (level * tile_height)) % tile_width)
            throw Error("the edge of a tree has a tile of " + std::to_string(edges[level].size())
                        + " hashes, which does not fit its size");
    size_ = size;
    levels_ = std::move(edges);
}

void TileBuilder::resume(std::uint64_t size, std::array<Hashes, tile_levels> edges)
{
    cutter_.resume(size, std::move(edges));
    tree_ = {};
    for (unsigned level = tile_levels; level-- > 0;)
        for (const Hash& hash : cutter_.edge(level))
            tree_.append_subtree(level * tile_height, hash);
}

}
