// Receipts as people use them.
#include "audit/receipt.h"

#include "base/error.h"
#include "tlog/proof.h"

#include <poll.h>

#include <algorithm>

namespace forge {

namespace {

constexpr int look_again_millis = 50;

void check_signatures(const TlogProof& proof, const Policy& policy, ReceiptVerdict& verdict)
{
    const Policy::Verdict found = policy.check(Note::parse(proof.checkpoint));
    verdict.witnessed = found.witnessed;
    if (found.has_wrong)
        verdict.findings.push_back({FlawKind::contradiction, "a signature of a key that the policy knows is not right"});
    if (!found.is_log_signed)
        verdict.findings.push_back({FlawKind::outside, "no log of the policy has signed the checkpoint of " + verdict.origin});
    if (!found.has_quorum)
        verdict.findings.push_back({FlawKind::incomplete, std::to_string(found.witnessed.size())
                                                              + " witnesses of the policy have cosigned, which is no quorum"});
}

}

int ReceiptVerdict::exit_code() const
{
    for (const FlawKind kind : {FlawKind::contradiction, FlawKind::outside, FlawKind::incomplete})
        if (std::ranges::find(findings, kind, &Finding::kind) != findings.end())
            return static_cast<int>(kind);
    return 0;
}

ReceiptVerdict check_receipt(std::string_view text, const Policy& policy, const std::optional<std::string>& entry)
{
    ReceiptVerdict verdict;
    try {
        const TlogProof proof = TlogProof::parse(text);
        const Checkpoint tree = Checkpoint::parse(Note::parse(proof.checkpoint).text);
        verdict.origin = tree.origin;
        verdict.size = tree.size;
        verdict.index = proof.index;
        if (!entry && !proof.extra)
            throw Error("the receipt carries no entry: name it");
        verdict.entry = entry ? *entry : *proof.extra;
        verdict.leaf = leaf_hash(verdict.entry);
        if (!proof.proves(verdict.leaf))
            verdict.findings.push_back({FlawKind::contradiction, "the entry is not under the checkpoint's root"});
        check_signatures(proof, policy, verdict);
    } catch (const Error& error) {
        verdict.findings.push_back({FlawKind::contradiction, error.what()});
    }
    return verdict;
}

std::optional<PublishedTree> covering_tree(const PublicLog& log, std::uint64_t seq, const Policy* policy, SteadyTime until)
{
    for (;;) {
        auto tree = policy ? log.cosigned() : log.newest();
        if (tree && tree->checkpoint.size > seq && (!policy || policy->check(Note::parse(tree->note)).is_good()))
            return tree;
        if (steady_now() >= until)
            return std::nullopt;
        ::poll(nullptr, 0, look_again_millis);
    }
}

}
