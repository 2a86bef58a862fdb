// What is said on the ledger's socket: forge-ledgerd's half.
#pragma once

#include "ledger/engine.h"
#include "ledger/rights.h"
#include "ledger/wire.h"

#include <cstdint>
#include <string>
#include <vector>

namespace forge {

struct LedgerRequest {
    Operation operation = Operation::head;
    std::vector<LedgerEvent> events{};   // append, appendv; each passed check_event
    bool wants_receipts = false;
    RevealRequest reveal{};              // reveal; its subject for subject_tag too
    std::uint64_t size = 0;              // wait_published
    RedactRequest redact{};
    std::string reason{};                // freeze
    RepairRecord repair{};               // repair
    std::string note{};                  // cosign
    std::string retire{};                // rotate_key: a vkey; empty: rotate
    bool is_forced = false;              // rotate_key
};

/// Throws Refused E_INVALID or E_TOO_BIG, saying what is wrong, for anything that is no request.
LedgerRequest decode_request(Packet&& packet);

// Replies.
Packet encode_refusal(const Refused& refusal);
Packet encode_outcome(Operation operation, const Outcome& outcome, std::uint64_t size);
Packet encode_head_reply(const Engine& engine);
/// `trouble`: why the disk refused something a moment ago.
Packet encode_stats_reply(const Engine& engine, std::optional<Fault> trouble = {});
Packet encode_published(const Engine& engine);
Packet encode_keys(const Engine& engine);
Packet encode_tag(const std::string& tag);
Packet encode_redacted(const Redacted& redacted, std::uint64_t size);
/// What was published last; with its note for freeze.
Packet encode_sealed(const Engine& engine, const std::string& note);
/// Throws Refused E_TOO_BIG when the values do not go into one packet and its files.
Packet encode_revealed(const std::vector<RevealedValue>& values);

}
