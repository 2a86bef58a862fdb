// Who may ask the ledger for what: one table.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

namespace forge {

enum class Operation {
    append, appendv, head, stats, wait_published, reveal, subject_tag, cosign, rotate_key, redact, seal, freeze, repair
};

std::string_view name_of(Operation operation);
std::optional<Operation> operation_of(std::string_view name);

/// A connected process, as the kernel says.
struct LedgerPeer {
    std::string user;        // "uid-1234" where the number has no name
    bool in_group = false;   // a member of group forge-ledger
};
/// Throws SystemError when users and groups cannot be looked up just now.
LedgerPeer ledger_peer(uid_t uid, gid_t gid);

class Rights {
public:
    /// The table.
    Rights() = default;
    /// Every row for one user, and nothing for others: for `forge dev`.
    static Rights development(std::string user);

    /// `type` is the type of the line where something is appended.
    bool allows(const LedgerPeer& peer, Operation operation, std::string_view type = {}) const;
    /// Whether the table has rows for this user himself, not only for a group of his.
    bool names(std::string_view user) const;
    /// What genesis says: "sha256:…" of the table's text, or "dev".
    std::string digest() const;

private:
    std::optional<std::string> everything_for_;
};

}
