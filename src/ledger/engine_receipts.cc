// The ledger's engine: receipts in the acknowledgement, under one signature for the whole batch.
#include <algorithm>

#include "base/log.h"
#include "ledger/engine.h"
#include "tlog/proof.h"

namespace forge {

// Called when the batch is durable, and never before: a signed root that a crash could lose would be a split view.
void Engine::add_receipts(std::span<const Submission> submissions, std::vector<Outcome>& outcomes)
{
    const auto wants = [](const Submission& submission) { return submission.wants_receipts; };
    if (std::ranges::none_of(submissions, wants) || head_.size() == 0)
        return;
    const std::string note = publisher_.signed_checkpoint(head_);
    const Hash root = head_.tree.root();
    TileTree tree = tiles_.tree();
    for (std::size_t i = 0; i < submissions.size(); ++i)
        for (Ack& ack : outcomes[i].acks) {
            if (!submissions[i].wants_receipts)
                continue;
            try {
                TlogProof proof{line(ack.seq), ack.seq, tree.inclusion_proof(ack.seq, head_.size()), note};
                if (!verify_inclusion(ack.seq, head_.size(), leaf_hash(*proof.extra), proof.path, root))
                    throw Error("line or tiles are damaged");
                ack.receipt = proof.text();
            } catch (const Error& error) {
                // What was asked first stands: the line is recorded.
                log(Severity::error, "no receipt", {{"seq", std::to_string(ack.seq)}, {"error", error.what()}});
            }
        }
}

}
