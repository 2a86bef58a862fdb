// Asks the witnesses of a policy to cosign the ledger's newest checkpoint (c2sp.org/tlog-witness).
#pragma once

#include "audit/flaws.h"
#include "base/clock.h"
#include "ledger/public_log.h"
#include "lib/web_client.h"
#include "tlog/policy.h"

#include <map>
#include <string>
#include <vector>

namespace forge {

/// What became of one witness.
struct WitnessAnswer {
    std::string name;                  // the policy's
    std::string line{};                // its cosignature; empty: none
    std::optional<FlawKind> flaw{};    // outside: it knows another history, or a larger tree
    std::string reason{};              // why there is no cosignature
    std::uint64_t size = 0;            // of the newest tree that it is known to have cosigned
};

/// One after the other; those without a URL, or of a kind that cannot be checked here, are left out.  `known`: sizes of
/// which right cosignatures had come before, by the witnesses' vkeys; brought up to date.  Throws Error when tiles are missing.
std::vector<WitnessAnswer> ask_witnesses(const PublicLog& log, const PublishedTree& tree, const Policy& policy, WebClient& web,
                                         Millis patience, std::map<std::string, std::uint64_t>& known);

}
