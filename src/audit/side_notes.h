// What is signed beside the newest checkpoint: checkpoint.cosigned, FROZEN, and the list of keys.
#pragma once

#include "audit/flaws.h"
#include "audit/log_keys.h"
#include "audit/tree_keys.h"

#include <optional>
#include <string>
#include <vector>

namespace forge {

class SideNotes {
public:
    /// Reads them, before the checkpoint is read that is compared with the lines; notes what does not hold by itself.
    SideNotes(std::string root, const LogKeys& keys, Flaws& findings);

    /// The tree that witnesses have cosigned: its root is that of the lines.
    const std::optional<Checkpoint>& cosigned() const noexcept { return cosigned_; }
    /// The lines were read; `keys` are those that they name, and `is_frozen` when one says so.
    void finish(const std::optional<Checkpoint>& newest, bool is_frozen, const std::vector<KeyInTree>& keys);

private:
    std::optional<Checkpoint> read_note(const std::string& file, const LogKeys& keys);
    std::string read_key_list() const;
    void check_key_list(const std::vector<KeyInTree>& keys);
    void found(const std::string& file, const std::string& reason) { findings_.add(FlawKind::contradiction, file, 0, reason); }

    const std::string root_;
    Flaws& findings_;
    std::optional<Checkpoint> cosigned_;
    std::optional<Checkpoint> last_;   // of a frozen ledger
    std::string key_list_;
};

}
