// What is said on the ledger's socket: the client's half.
#include "ledger/wire.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "tlog/jcs.h"

namespace forge {

namespace {

// Values up to this size travel in the packet, larger ones as sealed files.
constexpr std::size_t inline_limit = 64 * 1024;
constexpr std::size_t acks_limit = 512U << 20;   // bytes: each of 4,096 acks may hold a receipt with its line
constexpr std::size_t envelope_room = 1024;   // for all of a request but event and private values

std::string subject_json(const Subject& subject)
{
    return R"({"iss":)" + (subject.iss.empty() ? "null" : json_quoted(subject.iss)) + R"(,"sub":)" + json_quoted(subject.sub) + "}";
}

std::string joined(const std::vector<std::uint64_t>& numbers)
{
    std::string list;
    for (const auto number : numbers)
        list += (list.empty() ? "" : ",") + std::to_string(number);
    return list;
}

std::string joined(const std::vector<std::string>& texts)
{
    std::string list;
    for (const auto& text : texts)
        list += (list.empty() ? "" : ",") + json_quoted(text);
    return list;
}

// The private values of one event: `,"files":{"name":number of the file},"priv":{…},"unstored":["name"]`.
void append_private(Packet& packet, const LedgerEvent& event, std::size_t& room)
{
    std::string values;
    std::string files;
    std::vector<std::string> unstored;
    for (const auto& [name, value, stored] : event.priv) {
        if (!stored)
            unstored.push_back(name);
        if (value.size() > private_value_limit)
            throw Error("private value " + name + " has " + std::to_string(value.size()) + " bytes, more than 8 MiB");
        const bool fits = value.size() <= std::min(inline_limit, room);
        std::string& list = fits ? values : files;
        list += (list.empty() ? "" : ",") + json_quoted(name) + ":";
        if (fits) {
            list += value;
            room -= value.size();
        } else {
            list += std::to_string(packet.files.size());
            packet.files.push_back(sealed_file(value));
        }
    }
    if (!files.empty())
        packet.text += R"(,"files":{)" + files + "}";
    if (!values.empty())
        packet.text += R"(,"priv":{)" + values + "}";
    if (!unstored.empty())
        packet.text += R"(,"unstored":[)" + joined(unstored) + "]";
}

void append_event(Packet& packet, const LedgerEvent& event, std::size_t& room)
{
    packet.text += R"("event":)" + event.event + R"(,"id":)" + json_quoted(event.id) + R"(,"type":)" + json_quoted(event.type);
    if (event.subject)
        packet.text += R"(,"subject":)" + subject_json(*event.subject);
    append_private(packet, event, room);
}

std::size_t room_beside(std::span<const LedgerEvent> events)
{
    std::size_t taken = 0;
    for (const auto& event : events)
        taken += event.event.size() + envelope_room + (event.subject ? event.subject->iss.size() + event.subject->sub.size() : 0);
    return packet_limit - std::min(packet_limit, taken);
}

Packet checked(Packet packet)
{
    if (packet.text.size() > packet_limit)
        throw Error("a request to the ledger of " + std::to_string(packet.text.size()) + " bytes");
    if (packet.files.size() > packet_files_limit)
        throw Error("a request to the ledger with " + std::to_string(packet.files.size()) + " large values");
    return packet;
}

std::string want_member(Want want)
{
    return want == Want::receipt ? R"("want":"receipt",)" : "";
}

std::string file_of(const LedgerReply& reply, const Json& number, std::size_t limit)
{
    const auto index = static_cast<std::size_t>(number.as_integer(-1));
    auto data = index < reply.files.size() ? read_sealed(reply.files[index].get(), limit) : std::nullopt;
    if (!data)
        throw Error("the ledger's reply names a file that is not with it");
    return std::move(*data);
}

}

Packet encode_append(const LedgerEvent& event, Want want)
{
    Packet packet;
    std::size_t room = room_beside({&event, 1});
    packet.text = R"({"op":"append",)" + want_member(want);
    append_event(packet, event, room);
    packet.text += '}';
    return checked(std::move(packet));
}

Packet encode_appendv(std::span<const LedgerEvent> events, Want want)
{
    Packet packet;
    std::size_t room = room_beside(events);
    packet.text = R"({"op":"appendv",)" + want_member(want) + R"("events":[)";
    for (const auto& event : events) {
        packet.text += &event == events.data() ? "{" : ",{";
        append_event(packet, event, room);
        packet.text += '}';
    }
    packet.text += "]}";
    return checked(std::move(packet));
}

Packet encode_head()
{
    return {R"({"op":"head"})", {}};
}

Packet encode_stats()
{
    return {R"({"op":"stats"})", {}};
}

Packet encode_wait_published(std::uint64_t size)
{
    return {R"({"op":"wait_published","size":)" + std::to_string(size) + "}", {}};
}

Packet encode_reveal(const RevealRequest& request)
{
    std::string text = R"({"op":"reveal","subject":)" + subject_json(request.subject) + R"(,"seqs":[)" + joined(request.seqs) + "]";
    if (!request.names.empty())
        text += R"(,"names":[)" + joined(request.names) + "]";
    if (!request.request_id.empty())
        text += R"(,"request_id":)" + json_quoted(request.request_id);
    return checked({text + (request.others ? R"(,"private":true})" : "}"), {}});
}

Packet encode_cosign(const std::string& note)
{
    return checked({R"({"op":"cosign","note":)" + json_quoted(note) + "}", {}});
}

Packet encode_rotate_key(const std::string& retire, bool is_forced)
{
    return {std::string{R"({"op":"rotate_key")"} + (retire.empty() ? "" : R"(,"retire":)" + json_quoted(retire))
                + (is_forced ? R"(,"force":true})" : "}"),
            {}};
}

Packet encode_subject_tag(const Subject& subject)
{
    return checked({R"({"op":"subject_tag","subject":)" + subject_json(subject) + "}", {}});
}

Packet encode_redact(const RedactRequest& request)
{
    std::string text = R"({"op":"redact","basis":)" + json_quoted(request.basis) + R"(,"authoriser":)" + json_quoted(request.authoriser);
    if (!request.seqs.empty())
        text += R"(,"seqs":[)" + joined(request.seqs) + "]";
    if (!request.run.empty())
        text += R"(,"run":)" + json_quoted(request.run);
    if (request.subject)
        text += R"(,"subject":)" + subject_json(*request.subject);
    if (!request.before.empty())
        text += R"(,"before":)" + json_quoted(request.before);
    if (!request.fields.empty())
        text += R"(,"fields":[)" + joined(request.fields) + "]";
    return checked({text + "}", {}});
}

Packet encode_seal()
{
    return {R"({"op":"seal"})", {}};
}

Packet encode_freeze(const std::string& reason)
{
    return checked({R"({"op":"freeze","reason":)" + json_quoted(reason) + "}", {}});
}

Packet encode_repair(const RepairRecord& record)
{
    return checked({R"({"event":)" + record.event + R"(,"op":"repair","type":")" + record.type + R"("})", {}});
}

LedgerReply decode_reply(Packet&& packet)
try {
    LedgerReply reply;
    // The acknowledgements of a packet are many, and most clients read none of them.
    if (const auto acks = member_of(packet.text, "acks"); acks.starts_with('[')) {
        const auto begin = static_cast<std::size_t>(acks.data() - packet.text.data());
        reply.acks = acks;
        packet.text.replace(begin, acks.size(), "[]");
    }
    reply.body = parse_json(packet.text);
    if (!reply.body["ok"].is_bool())
        throw Error("it has no member ok");
    reply.ok = reply.body["ok"].as_bool();
    reply.error = reply.body["error"].as_text();
    reply.detail = reply.body["detail"].as_text();
    reply.seq = static_cast<std::uint64_t>(reply.body["seq"].as_integer());
    reply.leaf = reply.body["leaf"].as_text();
    reply.size = static_cast<std::uint64_t>(reply.body["size"].as_integer());
    reply.ts = reply.body["ts"].as_text();
    reply.dup = reply.body["dup"].as_bool();
    reply.receipt = reply.body["receipt"].as_text();
    reply.files = std::move(packet.files);
    return reply;
} catch (...) {
    rethrow_while("the ledger's reply");
}

LedgerReply decode_reply(std::string_view text)
{
    return decode_reply(Packet{std::string{text}, {}});
}

bool is_farewell(const LedgerReply& reply)
{
    return reply.error == "E_BUSY";
}

std::optional<std::string> unavailable_reason(const LedgerReply& reply)
{
    if (reply.error == "E_NOSPC")
        return "disk full";
    if (reply.error == "E_READONLY")
        return "read only";
    if (reply.error == "E_UNKNOWN" || is_farewell(reply))
        return "not reachable";
    return std::nullopt;
}

std::vector<LedgerAck> decode_acks(const LedgerReply& reply)
{
    std::vector<LedgerAck> acks;
    const Json& file = reply.body["acks_file"];
    const Json list = file ? parse_json(file_of(reply, file, acks_limit)) : reply.acks.empty() ? reply.body["acks"] : parse_json(reply.acks);
    for (const auto& item : list.items())
        acks.push_back({static_cast<std::uint64_t>(item["seq"].as_integer()), std::string{item["leaf"].as_text()},
                        std::string{item["ts"].as_text()}, item["dup"].as_bool(), std::string{item["receipt"].as_text()}});
    return acks;
}

std::vector<RevealedValue> decode_revealed(const LedgerReply& reply)
{
    std::vector<RevealedValue> values;
    for (const auto& item : reply.body["values"].items()) {
        RevealedValue value{static_cast<std::uint64_t>(item["seq"].as_integer()), std::string{item["name"].as_text()},
                            std::string{item["key"].as_text()}, {}};
        if (item["file"])
            value.value = file_of(reply, item["file"], private_value_limit);
        else if (item["value"])
            value.value = canonical_json(item["value"]);
        values.push_back(std::move(value));
    }
    return values;
}

}
