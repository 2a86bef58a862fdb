// What the engine finds at start.
#include "ledger/recovery.h"

#include <algorithm>

#include "base/log.h"
#include "ledger/refusal.h"

namespace forge {

namespace {

// The head as it was saved, when what can be looked at quickly agrees with it.
std::optional<LedgerHead> saved_head(Io& io, const std::string& root, Shards& shards, EntryIndex& index,
                                     const std::optional<Checkpoint>& checkpoint)
try {
    if (!io.exists(root + "/state/head"))
        return std::nullopt;
    LedgerHead head = LedgerHead::parse(read_whole(io, root + "/state/head"));
    if (head.size() == 0 || index.size() < head.size() || !checkpoint || checkpoint->size < head.size())
        return std::nullopt;
    const LinePlace last = index.place(head.size() - 1);
    const std::string line = line_at(shards, last.day, last.offset);
    if (last.day != head.day || last.offset + line.size() + 1 != head.offset || leaf_hash(line) != head.last_leaf)
        return std::nullopt;
    for (const auto& [day, first, bytes] : head.days)
        if (shards.size_of(day) != bytes)
            return std::nullopt;
    return head;
} catch (const Error& error) {
    log(Severity::warning, "state/head is of no use, reading all lines", {{"error", error.what()}});
    return std::nullopt;
}

// Sidecar lines of a batch whose lines were never committed.
void cut_sidecars(Io& io, const std::string& root, Shards& shards, const LedgerHead& head)
{
    if (!io.exists(root + "/private")) {
        if (head.is_frozen())
            return;   // there the folder may be removed as a whole
        throw LedgerDamaged("private/ is missing, and the ledger is not frozen: put it back, from a backup if need be");
    }
    for (const std::string& name : io.names(root + "/private"))
        if (name.ends_with(".jsonl") && name.substr(0, 10) > head.day)
            io.remove(root + "/private/" + name);
    if (!head.day.empty() && shards.has_sidecar(head.day) && shards.sidecar(head.day).size() > head.private_offset)
        shards.sidecar(head.day).cut(head.private_offset);
}

}

std::optional<Checkpoint> read_checkpoint(Io& io, const std::string& root, const VerifierKey& key)
try {
    const std::string path = root + "/checkpoint";
    if (!io.exists(path))
        return std::nullopt;
    return Checkpoint::open(read_whole(io, path), key);
} catch (const SystemError&) {
    throw;
} catch (const Error& error) {
    throw LedgerDamaged(std::string{"checkpoint: "} + error.what());
}

Recovered recover_head(const ReplaySource& source)
{
    const auto& [io, env, root, shards, index, checkpoint, wal, on_loss] = source;
    const auto run = [&](LedgerHead head) {
        Replay replay{source};
        Recovered recovered;
        recovered.head = replay.run(std::move(head));
        cut_sidecars(io, root, shards, recovered.head);
        recovered.leaves = std::move(replay.leaves());
        recovered.foreign = replay.foreign();
        recovered.lost = replay.lost();
        return recovered;
    };
    if (auto saved = saved_head(io, root, shards, index, checkpoint)) {
        try {
            return run(std::move(*saved));
        } catch (const WalDamaged&) {
            throw;
        } catch (const LedgerDamaged& damage) {
            log(Severity::warning, "reading all lines", {{"error", damage.what()}});
        }
    }
    return run({});
}

void tidy_folders(Io& io, const std::string& root)
{
    for (const char* const name : {"", "/checkpoints", "/days", "/keys", "/index", "/quarantine", "/private", "/private/keys", "/state"}) {
        const std::string folder = root + name;
        if (!io.exists(folder))
            continue;
        for (const std::string& file : io.names(folder))
            if (file.starts_with(".tmp-"))
                io.remove(folder + "/" + file);
        io.sync_folder(folder);
    }
}

}
