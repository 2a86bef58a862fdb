// What a verifier remembers outside the ledger, signed with a key of its own, so that it need not read everything again
// and notices when the ledger goes back.
#pragma once

#include "audit/verify.h"
#include "tlog/note.h"

#include <optional>
#include <string>
#include <vector>

namespace forge {

/// state.note is a signed note: "<origin>/verified", "<size> <root, base64>", "<day> <first seq> <offset>", the log's
/// key, and "<vkey> <seq> <seq or ->" of each key that the lines name and that they retire; one line each.
struct VerifierState {
    std::string origin;
    std::uint64_t size = 0;
    Hash root{};
    std::string day;             // the shard of the last line
    std::uint64_t first = 0;     // seq of that shard's first line
    std::uint64_t offset = 0;    // behind the last line in its shard
    std::string vkey;
    std::optional<std::vector<KeyInTree>> keys{};   // nothing in a state that an older verifier left

    std::string text() const;
    /// Throws Error for anything that is not exactly the form.
    static VerifierState parse(std::string_view text);

    bool operator==(const VerifierState&) const = default;
};

class VerifierFolder {
public:
    /// Makes folder (0700) and key where they are missing.  Throws SystemError, and Error for a key that is none.
    explicit VerifierFolder(std::string folder);

    /// Nothing before the first save; throws Error for a state that this verifier's key did not sign.
    std::optional<VerifierState> load() const;
    void save(const VerifierState& state) const;

private:
    std::string folder_;
    NoteSigner signer_;
};

/// Checks that the ledger goes on from the state, and the lines since then; without a state, or where the tiles of the
/// state are damaged or none of the keys that it knows has signed, all of it.  The new state is saved when nothing was
/// found.  `options.vkey` is the pinned key, else the state's; start and pin are set here.
VerifyReport verify_increment(VerifyOptions options, const VerifierFolder& folder);

}
