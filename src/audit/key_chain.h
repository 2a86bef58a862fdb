// From a key that is kept outside to the one that signs now, by the ledger's own lines.
#pragma once

#include "ledger/public_log.h"
#include "tlog/note.h"

#include <optional>
#include <string>

namespace forge {

/// Nothing when `known` signed the tree, or the keys lead from it to one that did: the tree holds a line that names each
/// next key, later than the one before, and a key of them signed a published tree with that line.  A key signs for nothing
/// behind the line that retires it; such lines are looked for from `known_size` on, where `known` signed for certain.  Else
/// what is missing.  Throws LineMissing, and Error where lines, tiles or the list of keys do not hold.
std::optional<std::string> why_not_signed_for(const PublicLog& log, const std::string& root, const PublishedTree& tree,
                                              const VerifierKey& known, std::uint64_t known_size);

}
