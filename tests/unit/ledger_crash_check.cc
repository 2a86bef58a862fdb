// What must hold of a simulated ledger's disk.
#include "ledger_crash_check.h"

#include <fcntl.h>

#include <functional>

#include "audit/verify.h"
#include "base/error.h"
#include "base/text.h"
#include "ledger/entry.h"
#include "os/file.h"
#include "test.h"
#include "tlog/checkpoint.h"
#include "tlog/jcs.h"
#include "tlog/tile.h"

namespace forge::test {

namespace {

bool is_shard(const std::string& path)
{
    return path.starts_with("root/events-");
}

// The leaf hashes of the first `count` lines of what is there; fewer where there are fewer.
Hashes first_leaves(const SimIo& io, std::uint64_t count)
{
    Hashes leaves;
    for (const std::string& path : io.paths()) {
        if (!is_shard(path))
            continue;
        const std::string_view text = io.text(path);
        std::size_t begin = 0;
        for (auto end = text.find('\n'); end != text.npos && leaves.size() < count; end = text.find('\n', begin)) {
            leaves.push_back(leaf_hash(text.substr(begin, end - begin)));
            begin = end + 1;
        }
    }
    return leaves;
}

// Every tile of the tree of these leaves must have its bytes; a partial one may be gone when the full one is there.
void check_tiles(const SimIo& io, const Hashes& leaves)
{
    Hashes level = leaves;
    for (unsigned number = 0; !level.empty(); ++number) {
        Hashes above;
        for (std::size_t begin = 0; begin < level.size(); begin += tile_width) {
            const std::size_t width = std::min<std::size_t>(tile_width, level.size() - begin);
            const std::span<const Hash> hashes = std::span{level}.subspan(begin, width);
            const Tile tile{TileKind::hashes, number, begin / tile_width, static_cast<unsigned>(width)};
            const std::string path = "root/tile/" + tile.path();
            if (!io.has(path) || io.text(path) != tile_bytes(hashes))
                throw Error("I2: " + path + " is missing or has other hashes");
            if (tile.is_full())
                above.push_back(root_hash(hashes));
        }
        level = std::move(above);
    }
}

}

CheckedLines checked_lines(const SimIo& io, const Promises& promises)
{
    CheckedLines lines;
    Hashes& leaves = lines.leaves;
    std::string ts;
    for (const std::string& path : io.paths()) {
        if (!is_shard(path))
            continue;
        const std::string_view text = io.text(path);
        if (text.empty() || !text.ends_with('\n'))
            throw Error("I4: " + path + " is empty or ends within a line");
        for (const auto line : split(text.substr(0, text.size() - 1), '\n')) {
            const auto entry = parse_entry(line);
            const std::string where = "I5: line " + std::to_string(leaves.size());
            if (!entry || canonical_error(line))
                throw Error(where + " is none: " + std::string{line});
            if (entry->seq != leaves.size() || entry->prev != hex(leaves.empty() ? Hash{} : leaves.back()))
                throw Error(where + " does not follow: " + std::string{line});
            if (entry->ts < ts || entry->ts.substr(0, 10) != base_name(path).substr(7, 10))
                throw Error(where + " has another time: " + std::string{line});
            if (!lines.seqs.emplace(entry->id, entry->seq).second)
                throw Error(where + ": id twice: " + std::string{line});
            if (!entry->type.starts_with("ledger.") && !promises.asked.contains(std::string{entry->id}))
                throw Error(where + " was never asked for: " + std::string{line});
            ts = entry->ts;
            leaves.push_back(leaf_hash(line));
        }
    }
    return lines;
}

void check_promises(const CheckedLines& lines, const Promises& promises)
{
    const Hashes& leaves = lines.leaves;
    CompactRange tree;
    for (const auto& [size, root] : promises.roots) {
        if (size > leaves.size())
            throw Error("I1: " + std::to_string(leaves.size()) + " lines, but " + std::to_string(size) + " were promised");
        while (tree.size() < size)
            tree.append(leaves[tree.size()]);
        if (tree.root() != root)
            throw Error("I3: the tree of " + std::to_string(size) + " lines has another root than was promised");
    }
    for (const auto& [id, seq] : promises.acked)
        if (const auto found = lines.seqs.find(id); found == lines.seqs.end() || found->second != seq)
            throw Error("I1: " + id + " was acknowledged as line " + std::to_string(seq));
}

void check_published(const SimIo& io)
{
    if (!io.has("root/checkpoint"))
        return;
    const Checkpoint checkpoint = Checkpoint::parse(Note::parse(io.text("root/checkpoint")).text);
    const Hashes leaves = first_leaves(io, checkpoint.size);
    if (leaves.size() != checkpoint.size || root_hash(leaves) != checkpoint.root)
        throw Error("I2: the checkpoint covers " + std::to_string(checkpoint.size) + " lines, " + std::to_string(leaves.size())
                    + " are there, or they are others");
    check_tiles(io, leaves);
    for (const std::string& path : io.paths())
        if (path.starts_with("root/checkpoints/") && io.text(path).find(checkpoint.text()) != std::string::npos)
            return;
    throw Error("I2: the checkpoint is not in checkpoints/");
}

std::size_t digest_of(const SimIo& io)
{
    std::size_t digest = 0;
    const std::hash<std::string_view> hash;
    for (const std::string& path : io.paths())
        digest = digest * 1'000'003 + hash(path) * 31 + hash(io.text(path));
    return digest;
}

void write_out(const SimIo& io, const std::string& folder)
{
    for (const std::string& path : io.paths()) {
        const std::string to = folder + "/" + path;
        make_folders(folder_of(to), 0700);
        write_all(open_file(to, O_CREAT | O_WRONLY | O_TRUNC, io.mode(path) | 0400).get(), io.text(path), to);
    }
}

void check_with_verifier(const SimIo& io)
{
    const ScratchFolder folder;
    write_out(io, folder.path());
    const VerifyReport report = verify_ledger({.root = folder / "root", .patience = Millis{0}});
    for (const Flaw& flaw : report.findings.list())
        throw Error("the verifier: " + flaw.file + ": line " + std::to_string(flaw.line) + ": " + flaw.reason);
}

}
