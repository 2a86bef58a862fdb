// A ledger as the tools that mend it see it.
#include "audit/ledger_view.h"

#include "audit/key_chain.h"
#include "base/error.h"
#include "os/file.h"

#include <algorithm>

namespace forge {

namespace {

constexpr std::size_t note_limit = 1U << 20;

std::vector<std::string> noted_days(const std::string& root)
{
    std::vector<std::string> days;
    if (exists(root + "/days"))
        for (const auto& name : names_in(root + "/days"))
            if (name.size() == 15 && name.ends_with(".note"))
                days.push_back(name.substr(0, 10));
    return days;
}

// Damaged lines and tiles are what is to be mended: they say nothing.
TreeKeys keys_by_lines(const std::string& root, const LogKeys& keys, const PublishedTree& tree)
{
    TreeKeys by_lines;
    for (const VerifierKey& key : keys.all())
        by_lines.add(key.text(), 0);
    try {
        for (const auto& [vkey, seq] : retired_since(root, PublicLog{root}, tree, 0))
            by_lines.retire(vkey, seq);
    } catch (const Error&) {
        return by_lines;
    }
    return by_lines;
}

void check_signers(TreeKeys by_lines, std::uint64_t size, const std::vector<std::string>& signers)
{
    if (const auto why = by_lines.add_note(size, signers))
        throw Error(*why);
}

}

LedgerView open_ledger(const std::string& root, const std::optional<std::string>& vkey)
{
    if (!exists(root + "/checkpoint"))
        throw Error(root + " holds no ledger with a checkpoint");
    std::vector<VerifierKey> earlier;
    if (!vkey)
        earlier = folder_keys(root);
    LogKeys keys{vkey ? VerifierKey::parse(*vkey) : folder_key(root), earlier};
    try {
        PublishedTree tree{read_file(root + "/checkpoint", note_limit), {}};
        tree.checkpoint = keys.open_checkpoint(tree.note);
        TreeKeys by_lines = keys_by_lines(root, keys, tree);
        check_signers(by_lines, tree.checkpoint.size, keys.signers(tree.note));
        return {root, std::move(keys), std::move(tree.checkpoint), std::move(by_lines)};
    } catch (const Error& error) {
        throw Error(root + "/checkpoint does not hold: " + error.what());
    }
}

std::optional<DayNote> note_of_day(const LedgerView& ledger, const std::string& day)
{
    const std::string path = ledger.root + "/days/" + day + ".note";
    if (!exists(path))
        return std::nullopt;
    try {
        const std::string text = read_file(path, note_limit);
        DayNote note = ledger.keys.open_day(text);
        check_signers(ledger.by_lines, note.size, ledger.keys.signers(text));
        if (note.day != day || note.size > ledger.checkpoint.size || note.first > note.last)
            throw Error("not of this day, or beyond the checkpoint");
        return note;
    } catch (const Error& error) {
        throw Error(path + " does not hold: " + error.what());
    }
}

SeqRange lines_of_day(const LedgerView& ledger, const std::string& day)
{
    if (const auto note = note_of_day(ledger, day))
        return {note->first, note->last + 1};
    const auto days = noted_days(ledger.root);
    const auto after = std::upper_bound(days.begin(), days.end(), day);
    if (after != days.end())
        throw Error(ledger.root + "/days/" + day + ".note is missing: put it back from a backup first");
    SeqRange range{0, ledger.checkpoint.size};
    if (after != days.begin())
        range.begin = note_of_day(ledger, *std::prev(after)).value().size;
    return range;
}

AuthenticLeaves::AuthenticLeaves(const LedgerView& ledger)
    : folder_(ledger.root + "/tile"), size_(ledger.checkpoint.size)
{
    prove_edge(ledger.checkpoint.root);
}

// The tiles of the right edge make the root.
void AuthenticLeaves::prove_edge(const Hash& root)
{
    CompactRange range;
    auto tiles = partial_tiles(size_);
    std::reverse(tiles.begin(), tiles.end());
    for (const Tile& tile : tiles) {
        auto hashes = folder_.read(tile);
        if (!hashes) {
            wrong_tile_ = TileFolder::file_of(tile);
            edge_.clear();
            return;
        }
        for (const Hash& hash : *hashes)
            range.append_subtree(tile.level * tile_height, hash);
        edge_[{tile.level, tile.index}] = std::move(hashes);
    }
    if (size_ > 0 && range.root() != root) {
        wrong_tile_ = tiles.empty() ? "checkpoint" : TileFolder::file_of(tiles.back());
        edge_.clear();
    }
}

const Hashes* AuthenticLeaves::tile(unsigned level, std::uint64_t index)
{
    if (const auto found = edge_.find({level, index}); found != edge_.end())
        return &*found->second;
    if (edge_.empty() || tile_width_in(size_, level, index) != tile_width)
        return nullptr;
    auto& [held, hashes] = newest_[level];
    if (hashes && held == index)
        return &*hashes;
    held = index;
    hashes.reset();
    const Hashes* const above = tile(level + 1, index / tile_width);
    if (!above)
        return nullptr;
    const Tile full{TileKind::hashes, level, index};
    hashes = folder_.read(full);
    if (!hashes || root_hash(*hashes) != (*above)[index % tile_width]) {
        hashes.reset();
        if (wrong_tile_.empty())
            wrong_tile_ = TileFolder::file_of(full);
        return nullptr;
    }
    return &*hashes;
}

std::optional<Hash> AuthenticLeaves::at(std::uint64_t seq)
{
    const Hashes* const hashes = seq < size_ ? tile(0, seq / tile_width) : nullptr;
    if (!hashes)
        return std::nullopt;
    return (*hashes)[seq % tile_width];
}

}
