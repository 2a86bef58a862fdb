// The keys that sign for the log: one, or two while a rotation is under way.  Which, is said by the
// ledger's own lines; state/log.pem has the older, state/log-next.pem the newer.
#pragma once

#include "base/clock.h"
#include "ledger/io.h"
#include "tlog/note.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// A key as ledger.genesis and ledger.key say: it signs trees of at least `from` and less than `to` leaves.
struct LogKey {
    std::string vkey;
    std::uint64_t from = 0;
    std::optional<std::uint64_t> to{};
    WallTime since{};   // when that was recorded
};

/// A key that is to be retired has signed beside the next one for at least so long.
constexpr std::chrono::hours sign_with_both{30 * 24};

/// Errors are those of GrowingFile.
class LogSigners {
public:
    /// `origin`: the name in which they sign.
    LogSigners(Io& io, std::string root, const std::string& origin);

    /// A key for the next rotation, made where there is none yet; it signs nothing before it was recorded.
    VerifierKey prepare();
    /// Signs as the ledger's lines say from now on, and brings state/ and keys/ to that; called at start and after each
    /// ledger.key.  Throws LedgerDamaged when a key that should sign is not there.
    void follow(const std::vector<LogKey>& keys);

    /// The note, with a signature of each key.
    std::string sign(std::string_view text) const;
    /// keys/log.vkey: the older of two.
    const VerifierKey& current() const noexcept { return first_.verifier_key(); }
    /// Whether one of the keys has signed, and none wrongly.
    bool signed_by_us(const Note& note) const;

private:
    std::optional<NoteSigner> load_next() const;
    void move_up(const NoteSigner& next);
    void write_public(const std::vector<LogKey>& keys);
    std::string path(const char* name) const { return root_ + name; }

    Io& io_;
    const std::string root_;
    NoteSigner first_;
    std::optional<NoteSigner> second_;
};

}
