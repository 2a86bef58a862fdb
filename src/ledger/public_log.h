// What a ledger's folder shows to outsiders, for those who serve it or make proofs from it: checkpoints, tiles, entry
// bundles, receipts.  Only reads; forge-ledgerd may go on writing.
#pragma once

#include "ledger/events.h"
#include "tlog/proof.h"
#include "tlog/tile_folder.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// A checkpoint as text and as it reads; its signature was not checked.
struct PublishedTree {
    std::string note;
    Checkpoint checkpoint;
};

/// That a leaf is in the log, whatever became of its line.
struct LeafProof {
    Hash leaf;
    TlogProof proof;   // without `extra`
};

/// Any thread.  Functions throw SystemError for what cannot be read, Error where tiles are missing or give another root.
class PublicLog {
public:
    explicit PublicLog(std::string root) : root_(std::move(root)), tiles_(root_ + "/tile") {}

    /// The newest published one; nothing before the first.
    std::optional<PublishedTree> newest() const { return read_note("checkpoint"); }
    /// The newest one that witnesses have cosigned; nothing before the first.
    std::optional<PublishedTree> cosigned() const { return read_note("checkpoint.cosigned"); }

    /// The bytes of a tile of hashes or of an entry bundle; nothing where the tree of `size` leaves has not so much.
    /// Throws LineMissing where a line is not on the disk as it was recorded.
    std::optional<std::string> tile(const Tile& tile, std::uint64_t size) const;

    /// Lines [first, first + count), without LF; each has the hash that the tiles have.  Throws LineMissing.
    std::vector<std::string> lines(std::uint64_t first, std::uint64_t count) const;

    /// RFC 6962 section 2.1.2, 0 < from <= to <= tree's size; verified against the tree's root.
    Hashes consistency(std::uint64_t from, std::uint64_t to, const Checkpoint& tree) const;
    /// The root of the first `size` leaves; size <= tree's size.  The tiles have given the tree's root too.
    Hash root_of(std::uint64_t size, const Checkpoint& tree) const;
    /// The receipt of a line that the tree covers.
    TlogProof receipt(std::uint64_t seq, const PublishedTree& tree) const;

    /// As the receipt, from the tiles alone.
    LeafProof leaf_proof(std::uint64_t seq, const PublishedTree& tree) const;

    /// The note of a sealed day; nothing for anything else.
    std::optional<std::string> day_note(const std::string& day) const;

    const TileFolder& tiles() const noexcept { return tiles_; }

private:
    std::optional<PublishedTree> read_note(const std::string& name) const;
    TileTree tree_of(const Checkpoint& tree) const;
    std::string bundle(std::uint64_t first, std::uint64_t count) const;

    std::string root_;
    TileFolder tiles_;
};

}
