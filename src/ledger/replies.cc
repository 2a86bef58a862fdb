// What forge-ledgerd answers.
#include "base/log.h"
#include "ledger/requests.h"

namespace forge {

namespace {

constexpr std::size_t inline_limit = 32 * 1024;
constexpr std::size_t inline_total = 64 * 1024;
constexpr std::size_t days_shown = 400;

std::string ack_members(const Ack& ack)
{
    return R"("seq":)" + std::to_string(ack.seq) + R"(,"leaf":")" + hex(ack.leaf) + R"(","ts":")" + ack.ts + R"(","dup":)"
           + (ack.dup ? "true" : "false") + (ack.receipt.empty() ? "" : R"(,"receipt":)" + json_quoted(ack.receipt));
}

Json days_json(const LedgerHead& head)
{
    Json days = Json::object();
    std::uint64_t end = head.size();
    std::size_t shown = 0;
    if (!head.day.empty())
        days.set(head.day, end - head.day_first);
    end = head.day_first;
    for (auto day = head.days.rbegin(); day != head.days.rend() && ++shown < days_shown; ++day) {
        days.set(day->day, end - day->first);
        end = day->first;
    }
    return days;
}

Json published_json(const Engine& engine)
{
    const Publisher& publisher = engine.publisher();
    return Json::object({{"size", publisher.size()}, {"ts", publisher.time() == WallTime{} ? Json{nullptr} : Json{rfc3339(publisher.time())}}});
}

const char* state_of(const Engine& engine, std::optional<Fault> trouble)
{
    if (engine.is_frozen())
        return "frozen";
    if (trouble == Fault::read_only)
        return "read only";
    return trouble == Fault::no_space || engine.space().is_full() ? "disk full" : "ok";
}

Packet packet_of(const Json& json)
{
    return {dump(json), {}};
}

}

Packet encode_refusal(const Refused& refusal)
{
    return packet_of(Json::object({{"ok", false}, {"error", code_of(refusal.fault)}, {"detail", utf8_prefix(refusal.what(), 1000)}}));
}

Packet encode_outcome(Operation operation, const Outcome& outcome, std::uint64_t size)
{
    if (outcome.refusal)
        return encode_refusal(*outcome.refusal);
    const std::string begin = R"({"ok":true,"size":)" + std::to_string(size) + ",";
    if (operation == Operation::append)
        return {begin + ack_members(outcome.acks.front()) + "}", {}};
    std::string list;
    for (const Ack& ack : outcome.acks)
        list += (list.empty() ? "{" : ",{") + ack_members(ack) + "}";
    Packet packet{begin + R"("acks":[)" + list + "]}", {}};
    if (packet.text.size() > packet_limit) {
        packet.text = begin + R"("acks_file":0})";
        packet.files.push_back(sealed_file("[" + list + "]"));
    }
    return packet;
}

Packet encode_head_reply(const Engine& engine)
{
    const LedgerHead& head = engine.head();
    const VerifierKey& key = engine.signers().current();
    return packet_of(Json::object({{"ok", true}, {"size", head.size()}, {"root", base64(head.tree.root())}, {"ts", rfc3339(head.ts)},
                                   {"origin", engine.identity().origin}, {"uuid", engine.identity().uuid}, {"vkey", key.text()},
                                   {"fingerprint", key.fingerprint()}, {"published", published_json(engine)},
                                   {"witnessed", engine.is_witnessed()}}));
}

Packet encode_stats_reply(const Engine& engine, std::optional<Fault> trouble)
{
    const LedgerHead& head = engine.head();
    return packet_of(Json::object({{"ok", true}, {"size", head.size()}, {"bytes", head.bytes}, {"types", counts_json(head.types)},
                                   {"statuses", counts_json(head.statuses)}, {"days", days_json(head)},
                                   {"open_runs", head.open_runs()}, {"published", published_json(engine)},
                                   {"state", state_of(engine, trouble)}, {"erasing", engine.erasing()},
                                   {"witnessed", engine.is_witnessed()}}));
}

Packet encode_published(const Engine& engine)
{
    return packet_of(Json::object({{"ok", true}, {"size", engine.publisher().size()}}));
}

Packet encode_keys(const Engine& engine)
{
    Json keys = Json::array();
    for (const auto& [vkey, from, to, since] : engine.head().keys)
        keys.append(Json::object({{"vkey", vkey}, {"from", from}, {"to", to ? Json{*to} : Json{nullptr}}, {"since", rfc3339(since)}}));
    return packet_of(Json::object({{"ok", true}, {"size", engine.head().size()}, {"vkey", engine.signers().current().text()},
                                   {"keys", keys}}));
}

Packet encode_tag(const std::string& tag)
{
    return packet_of(Json::object({{"ok", true}, {"tag", tag}}));
}

Packet encode_redacted(const Redacted& redacted, std::uint64_t size)
{
    Json lines = Json::array();
    for (const std::uint64_t seq : redacted.lines)
        lines.append(seq);
    return packet_of(Json::object({{"ok", true}, {"size", size}, {"values", redacted.values}, {"redactions", lines},
                                   {"days", redacted.days}}));
}

Packet encode_sealed(const Engine& engine, const std::string& note)
{
    const auto& newest = engine.publisher().newest();
    Json json = Json::object({{"ok", true}, {"size", engine.publisher().size()}, {"root", newest ? base64(newest->root) : ""}});
    if (!note.empty())
        json.set("checkpoint", note);
    return packet_of(json);
}

Packet encode_revealed(const std::vector<RevealedValue>& values)
{
    Packet packet;
    std::string list;
    for (const auto& [seq, name, key, value] : values) {
        list += (list.empty() ? "" : ",") + (R"({"seq":)" + std::to_string(seq)) + R"(,"name":")" + name + R"(","key":")" + key + '"';
        if (value.size() > inline_limit || list.size() + value.size() > inline_total) {
            list += R"(,"file":)" + std::to_string(packet.files.size());
            packet.files.push_back(sealed_file(value));
        } else if (!value.empty()) {
            list += R"(,"value":)" + value;
        }
        list += '}';
        if (packet.files.size() > packet_files_limit)
            throw Refused(Fault::too_big, "more than 16 large values at once");
    }
    packet.text = R"({"ok":true,"values":[)" + list + "]}";
    if (packet.text.size() > packet_limit)
        throw Refused(Fault::too_big, "more values than one reply takes");
    return packet;
}

}
