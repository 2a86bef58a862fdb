// forge-ledgerd's socket: what a batch's requests are answered.
#include "ledger/server.h"

namespace forge {

void LedgerServer::answer_all(std::vector<Outcome>&& outcomes)
{
    auto outcome = outcomes.begin();
    for (const Pending& pending : pending_)
        pending.connection->replies.push_back(answer(pending, outcome));
    for (const Pending& pending : pending_)
        flush(*pending.connection);
    pending_.clear();
    pending_bytes_ = 0;
}

LedgerServer::Reply LedgerServer::answer(const Pending& pending, std::vector<Outcome>::iterator& outcome)
try {
    if (pending.refusal)
        throw *pending.refusal;
    switch (pending.request.operation) {
    case Operation::append:
    case Operation::appendv: return {encode_outcome(pending.request.operation, *outcome++, engine_.head().size()), {}};
    case Operation::head: return {encode_head_reply(engine_), {}};
    case Operation::stats: return {encode_stats_reply(engine_, trouble()), {}};
    case Operation::reveal: return {encode_revealed(engine_.reveal(pending.request.reveal)), {}};
    case Operation::repair:
        engine_.record(pending.request.repair.type, pending.request.repair.event);
        return {encode_head_reply(engine_), {}};
    case Operation::subject_tag: return {encode_tag(engine_.tag_of(pending.request.reveal.subject)), {}};
    case Operation::redact: {
        const Redacted redacted = engine_.redact(pending.request.redact, pending.connection->peer.user);
        return {encode_redacted(redacted, engine_.head().size()), {}};
    }
    case Operation::seal: engine_.seal(); return {encode_sealed(engine_, {}), {}};
    case Operation::freeze: return {encode_sealed(engine_, engine_.freeze(pending.request.reason, pending.connection->peer.user)), {}};
    case Operation::cosign: engine_.cosign(pending.request.note); return {encode_published(engine_), {}};
    case Operation::rotate_key:
        pending.request.retire.empty() ? engine_.rotate_key()
                                       : engine_.retire_key(pending.request.retire, pending.request.is_forced);
        return {encode_keys(engine_), {}};
    case Operation::wait_published:
        if (pending.request.size > engine_.head().size())
            throw Refused(Fault::invalid, "size: beyond the ledger");
        return {{}, pending.request.size};
    }
    throw Refused(Fault::invalid, "op: unknown");
} catch (const Refused& refused) {
    return {encode_refusal(refused), {}};
}

}
