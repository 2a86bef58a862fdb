// A copy of a ledger that verifies by itself, without any private key.
#pragma once

#include "audit/ledger_view.h"
#include "tlog/note.h"

#include <cstdint>
#include <functional>
#include <string>

namespace forge {

struct BackupReport {
    std::uint64_t files = 0;      // in the backup
    std::uint64_t copied = 0;     // of them, now
    std::uint64_t bytes = 0;      // copied
    std::string manifest{};       // the signed note's path
};

/// Copies what the checkpoint covers into `to`, which is made where it is missing; files that never change and are there
/// with their size are left.  manifest.sha256 lists all (as sha256sum -c takes it); manifest.note signs that list with
/// `signer`, a key of its own.  state/ and private/keys/ stay behind.  `on_file`: called with each file's name.
/// Durable when it returns.  Throws Error.
BackupReport backup_ledger(const LedgerView& ledger, const std::string& to, const NoteSigner& signer,
                           const std::function<void(const std::string&)>& on_file = {});

}
