// Receipts as people use them: made from a ledger's folder, and checked without it.
#pragma once

#include "audit/flaws.h"
#include "base/clock.h"
#include "ledger/public_log.h"
#include "tlog/policy.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace forge {

struct ReceiptVerdict {
    struct Finding {
        FlawKind kind;
        std::string reason;
    };
    std::vector<Finding> findings{};
    std::string origin{};
    std::uint64_t size = 0;
    std::uint64_t index = 0;
    Hash leaf{};
    std::string entry{};
    std::map<std::string, std::uint64_t> witnessed{};   // by the policy's names: seconds since 1970

    /// 0; 2 form, path or a signature is wrong by itself, whatever else; 4 it contradicts the policy; 5 too few witnesses.
    int exit_code() const;
};

/// `entry`: the line that the receipt is to be of; without it, the one that the receipt carries.
ReceiptVerdict check_receipt(std::string_view text, const Policy& policy, const std::optional<std::string>& entry);

/// The newest tree that covers the line, waited for until then; with a policy, one that satisfies it.
std::optional<PublishedTree> covering_tree(const PublicLog& log, std::uint64_t seq, const Policy* policy, SteadyTime until);

}
