// What is said on the ledger's socket: requests and replies, one JSON object a packet.
// Replies come in the order of the requests of a connection.
#pragma once

#include "ledger/packet.h"
#include "lib/json.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

constexpr std::size_t private_value_limit = 8U << 20;

/// Whose data a private value is.  `iss` is empty under the development bypass; the ledger then takes null for it.
struct Subject {
    std::string iss;
    std::string sub;
};

/// A value that stands in the line as a commitment only: its name and its canonical JSON, at most private_value_limit.
/// What is not `stored` is committed to and forgotten; whoever has the value can still prove it was this one.
struct PrivateValue {
    std::string name;
    std::string value;
    bool stored = true;

    bool operator==(const PrivateValue&) const = default;
};

/// One event to be appended.  `event` is canonical JSON (canonical_json of tlog/jcs.h), an object.
/// `subject` chooses the key of the private values and is not part of the line; needed where `priv` is not empty.
struct LedgerEvent {
    std::string id;
    std::string type;
    std::string event;
    std::vector<PrivateValue> priv{};
    std::optional<Subject> subject{};
};

constexpr std::size_t reveal_seqs_limit = 64;

/// Private values to be seen by `subject`: those of the lines `seqs`, at most 64, all names or the given ones.
/// Only the subject's own, unless `others`: then each call is recorded in the ledger.
struct RevealRequest {
    Subject subject;
    std::vector<std::uint64_t> seqs;
    std::vector<std::string> names{};
    std::string request_id{};
    bool others = false;
};

/// What the reply to an append says: place, leaf hash and time; with `receipt` a whole tlog-proof too (tlog/proof.h).
enum class Want { leaf, receipt };

/// Private values to be erased for good: those of lines, of a run, of a subject, or of all days before one ("2026-11-01").
/// Exactly one of the four; all values or the given fields (not with `before`).
struct RedactRequest {
    std::vector<std::uint64_t> seqs{};
    std::string run{};
    std::optional<Subject> subject{};
    std::string before{};
    std::vector<std::string> fields{};
    std::string basis{};        // why that is lawful or due: "GDPR Art. 17(1)(a)"
    std::string authoriser{};   // who decided it
};

/// What was mended, as an entry of the ledger's own: `type` ledger.restored, ledger.archived or ledger.incident.
struct RepairRecord {
    std::string type;
    std::string event;   // canonical JSON, an object
};

// Requests.  Throws Error where the packet cannot be made: no canonical event, too large, too many values.
Packet encode_append(const LedgerEvent& event, Want want = Want::leaf);
/// All events or none of them.
Packet encode_appendv(std::span<const LedgerEvent> events, Want want = Want::leaf);
Packet encode_head();
Packet encode_stats();
/// Answered when a published checkpoint covers `size` entries.
Packet encode_wait_published(std::uint64_t size);
Packet encode_reveal(const RevealRequest& request);
/// For root and forge-ledger only; answered as encode_head is.
Packet encode_repair(const RepairRecord& record);
/// A checkpoint's note with the signature lines of witnesses.
Packet encode_cosign(const std::string& note);
/// A second key; or, where `retire` is not empty, the end of that one.
Packet encode_rotate_key(const std::string& retire = {}, bool is_forced = false);
Packet encode_subject_tag(const Subject& subject);
/// The reply has `values`, `redactions` (seqs of the lines that record it) and `days` whose files are still to be rewritten.
Packet encode_redact(const RedactRequest& request);
/// Seals a day that is over and publishes, now.  The reply has `size` and `root`.
Packet encode_seal();
/// The ledger's last line; from then on it is read only.  The reply has `checkpoint`, the final one.
Packet encode_freeze(const std::string& reason);

/// A reply.  Where `ok` is false, `error` is the code (E_INVALID, E_TOO_BIG, E_NOSPC, E_UNKNOWN, E_READONLY, E_CONFLICT,
/// E_DENIED, E_CLOCK, E_BUSY) and `detail` says more.  E_BUSY may come before anything was asked, and the connection is
/// over.  `body` is the whole reply: head and stats have their members there.
struct LedgerReply {
    bool ok = false;
    std::string error{};
    std::string detail{};
    std::uint64_t seq = 0;
    std::string leaf{};      // 64 hex digits
    std::uint64_t size = 0;
    std::string ts{};
    bool dup = false;
    std::string receipt{};
    Json body{};
    std::string acks{};   // the text of a packet's acknowledgements, for decode_acks; in body they are left out
    std::vector<Fd> files{};
};

/// Throws Error when this is no reply.
LedgerReply decode_reply(Packet&& packet);
LedgerReply decode_reply(std::string_view text);

/// E_BUSY: there is no room for this connection, and nothing more comes over it.
bool is_farewell(const LedgerReply& reply);

/// Why the ledger cannot record just now, in the words operators grep for: "disk full", "read only" or (outcome unknown,
/// or no room for the connection) "not reachable"; nothing for a reply that is ok or a refusal of the request itself.
std::optional<std::string> unavailable_reason(const LedgerReply& reply);

/// One line's outcome in the reply to encode_appendv.
struct LedgerAck {
    std::uint64_t seq = 0;
    std::string leaf{};
    std::string ts{};
    bool dup = false;
    std::string receipt{};
};
/// Throws Error when the reply names a file that is not with it.
std::vector<LedgerAck> decode_acks(const LedgerReply& reply);

/// A private value as it comes back: HMAC-SHA256(key, value) is the commitment in the line.
struct RevealedValue {
    std::uint64_t seq = 0;
    std::string name{};
    std::string key{};      // 64 hex digits
    std::string value{};    // canonical JSON; empty where it was not stored
};
/// The values of a reply to encode_reveal.  What was erased is not among them.
std::vector<RevealedValue> decode_revealed(const LedgerReply& reply);

}
