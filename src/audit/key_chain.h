// From a key that is kept outside to the one that signs now, by the ledger's own lines.
#pragma once

#include "ledger/public_log.h"
#include "tlog/note.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace forge {

/// The keys that the lines of the tree from `size` on retire, each with the seq of its line.  Lines that are not in the folder
/// say nothing.  Throws Error where such a line is not the one that was recorded.
std::map<std::string, std::uint64_t> retired_since(const std::string& root, const PublicLog& log, const PublishedTree& tree,
                                                   std::uint64_t size);

/// Nothing when `known` signed the tree, or the keys lead from it to one that did: the tree holds a line that names each
/// next key, later than the one before, and a key of them signed a published tree with that line.  A key signs for nothing
/// behind the line that retires it; such lines are looked for from `known_size` on, where `known` signed for certain.  Else
/// what is missing.  Throws LineMissing, and Error where lines, tiles or the list of keys do not hold.
std::optional<std::string> why_not_signed_for(const PublicLog& log, const std::string& root, const PublishedTree& tree,
                                              const VerifierKey& known, std::uint64_t known_size);

}
