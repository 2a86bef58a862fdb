// What a ledger's folder shows to outsiders.
#include "ledger/public_log.h"

#include "base/error.h"
#include "ledger/line_files.h"
#include "os/file.h"

#include <cerrno>

namespace forge {

namespace {

constexpr std::size_t note_limit = 1U << 20;

std::optional<std::string> read_if_there(const std::string& path)
try {
    return read_file(path, note_limit);
} catch (const SystemError& error) {
    if (error.code != ENOENT)
        throw;
    return std::nullopt;
}

}

std::optional<PublishedTree> PublicLog::read_note(const std::string& name) const
{
    auto note = read_if_there(root_ + "/" + name);
    if (!note)
        return std::nullopt;
    Checkpoint checkpoint = Checkpoint::parse(Note::parse(*note).text);
    return PublishedTree{std::move(*note), std::move(checkpoint)};
}

std::optional<std::string> PublicLog::tile(const Tile& tile, std::uint64_t size) const
{
    if (tile_width_in(size, tile.level, tile.index) < tile.width)
        return std::nullopt;
    if (tile.kind == TileKind::entries)
        return bundle(tile.index * tile_width, tile.width);
    return tile_bytes(tiles_.reader()(tile));
}

std::vector<std::string> PublicLog::lines(std::uint64_t first, std::uint64_t count) const
{
    std::vector<std::string> lines = read_lines(root_, first, count);
    Hashes hashes;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t in_tile = (first + i) % tile_width;
        if (i == 0 || in_tile == 0) {
            const auto width = std::min<std::uint64_t>(tile_width, in_tile + count - i);
            hashes = tiles_.reader()({TileKind::hashes, 0, (first + i) / tile_width, static_cast<unsigned>(width)});
        }
        if (leaf_hash(lines[i]) != hashes[in_tile])
            throw LineMissing(root_, {first + i});
    }
    return lines;
}

std::string PublicLog::bundle(std::uint64_t first, std::uint64_t count) const
{
    std::string bytes;
    for (const std::string& line : lines(first, count)) {
        bytes += static_cast<char>(line.size() >> 8);
        bytes += static_cast<char>(line.size());
        bytes += line;
    }
    return bytes;
}

TileTree PublicLog::tree_of(const Checkpoint& tree) const
{
    return {tree.size, tiles_.reader()};
}

Hashes PublicLog::consistency(std::uint64_t from, std::uint64_t to, const Checkpoint& tree) const
{
    TileTree tiles = tree_of(tree);
    if (tiles.root() != tree.root)
        throw Error("the tiles have not the checkpoint's root");
    Hashes proof = tiles.consistency_proof(from, to);
    if (!verify_consistency(from, to, tiles.root(from), tiles.root(to), proof))
        throw Error("the tiles contradict one another");
    return proof;
}

Hash PublicLog::root_of(std::uint64_t size, const Checkpoint& tree) const
{
    TileTree tiles = tree_of(tree);
    if (tiles.root() != tree.root)
        throw Error("the tiles have not the checkpoint's root");
    const Hash root = tiles.root(size);
    if (size > 0 && !verify_consistency(size, tree.size, root, tree.root, tiles.consistency_proof(size, tree.size)))
        throw Error("the tiles contradict one another");
    return root;
}

TlogProof PublicLog::receipt(std::uint64_t seq, const PublishedTree& tree) const
{
    TlogProof proof{lines(seq, 1).front(), seq, tree_of(tree.checkpoint).inclusion_proof(seq, tree.checkpoint.size), tree.note};
    if (!proof.proves(leaf_hash(*proof.extra)))
        throw Error("the tiles have not the checkpoint's root");
    return proof;
}

LeafProof PublicLog::leaf_proof(std::uint64_t seq, const PublishedTree& tree) const
{
    TileTree tiles = tree_of(tree.checkpoint);
    LeafProof found{tiles.leaf(seq), {{}, seq, tiles.inclusion_proof(seq, tree.checkpoint.size), tree.note}};
    if (!found.proof.proves(found.leaf))
        throw Error("the tiles have not the checkpoint's root");
    return found;
}

std::optional<std::string> PublicLog::day_note(const std::string& day) const
{
    const auto midnight = day.size() == 10 ? parse_rfc3339(day) : std::nullopt;
    if (!midnight || utc_day(*midnight) != day)
        return std::nullopt;
    return read_if_there(root_ + "/days/" + day + ".note");
}

}
