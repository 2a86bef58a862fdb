// The ledger for a command-line tool: through forge-ledgerd, or by an engine of its own while that is stopped.
#pragma once

#include "ledger/client.h"
#include "ledger/known_tree.h"
#include "ledger/wal_reader.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace forge {

class LedgerAccess {
public:
    /// Asks forge-ledgerd on the socket (empty: the one it noted in root/state/socket).  When nobody is there and this
    /// process can take the lock of the ledger in `root`, it serves the ledger itself, with the same rights, until the
    /// object's end; root becomes the folder's owner for that, for good.  `patience` is for each call.
    /// Throws LedgerUnavailable, LedgerDamaged; Error where no socket is given and the folder holds no ledger.
    LedgerAccess(const std::string& root, const std::string& socket, Millis patience, const AskKnown& known);
    ~LedgerAccess();
    LedgerAccess(const LedgerAccess&) = delete;
    LedgerAccess& operator=(const LedgerAccess&) = delete;

    LedgerClient& client() { return *client_; }
    bool is_embedded() const noexcept { return embedded_ != nullptr; }

private:
    class Embedded;
    std::unique_ptr<Embedded> embedded_;
    std::unique_ptr<LedgerClient> client_;
};

struct Repaired {
    std::uint64_t size;                        // lines, all published
    std::optional<std::uint64_t> lost;         // the first line that may be lost; a ledger.incident says so
    std::vector<KnownTree> given_up;           // what contradicts the ledger from outside; so does one for each
};

/// Opens the ledger as forge-ledgerd does when it starts, and closes it again; with OnLoss::accept what the write-ahead log
/// lost is given up, and the log is made anew; with `accept_rollback` what is known from outside and contradicts it.  root
/// becomes the folder's owner for that, for good.
/// Throws Error while another process has the ledger, WalDamaged, LedgerDamaged, Refused.
Repaired repair_ledger(const std::string& root, std::vector<KnownTree> known, OnLoss on_loss, bool accept_rollback);

/// Where forge-ledgerd notes its socket.
std::string socket_note(const std::string& root);

}
