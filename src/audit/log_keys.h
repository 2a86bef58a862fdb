// The keys that sign for a log: the current one, and those before it (keys/log.vkeys).
#pragma once

#include "ledger/day_note.h"
#include "tlog/checkpoint.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// What a key is worth, and whether it was retired, is decided by whoever compares it with the ledger's own lines
/// (audit/tree_keys.h, audit/key_chain.h) and with a key from outside.
class LogKeys {
public:
    /// `earlier`: in their order; those of another name are of no use and left out.
    explicit LogKeys(VerifierKey current, const std::vector<VerifierKey>& earlier = {});

    const VerifierKey& current() const noexcept { return keys_.back(); }
    const std::string& origin() const noexcept { return current().name(); }
    /// In their order, the current one last.
    const std::vector<VerifierKey>& all() const noexcept { return keys_; }

    /// A note that one of the keys signed; throws Error for anything else.
    Checkpoint open_checkpoint(std::string_view note) const;
    DayNote open_day(std::string_view note) const;
    /// Which of the keys signed a note that one of these opened.
    std::vector<std::string> signers(std::string_view note) const;

private:
    /// The key that signed, or else the current one, which then says what is wrong.
    const VerifierKey& signer(std::string_view note) const;

    std::vector<VerifierKey> keys_;
};

/// keys/log.vkey below the root; throws Error when that is not one line with a key.
VerifierKey folder_key(const std::string& root);

/// A line of keys/log.vkeys: the key signs trees of at least `from` leaves.
struct FolderKey {
    VerifierKey key;
    std::uint64_t from;
};
/// keys/log.vkeys below the root, empty where there is none; throws Error naming a line that has another form.
std::vector<FolderKey> folder_key_list(const std::string& root);
/// The keys alone.
std::vector<VerifierKey> folder_keys(const std::string& root);

}
