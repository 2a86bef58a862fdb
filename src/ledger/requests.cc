// What forge-ledgerd is asked.
#include "ledger/requests.h"

#include <algorithm>

#include "tlog/slices.h"

namespace forge {

namespace {

using Members = std::vector<JsonSlice>;

constexpr std::size_t events_limit = 4096;
constexpr std::size_t redacted_seqs_limit = 8192;

Refused invalid(const std::string& what)
{
    return Refused(Fault::invalid, what);
}

void check_there(std::string_view slice, const std::string& name)
{
    if (slice.empty())
        throw invalid(name + ": missing");
}

Members members_of(std::string_view text, const std::string& name)
{
    check_there(text, name);
    auto members = object_slices(text);
    if (!members)
        throw invalid(name + ": no object without blanks");
    return std::move(*members);
}

Members items_of(std::string_view text, const std::string& name, std::size_t limit)
{
    check_there(text, name);
    auto items = array_slices(text, limit);
    if (!items)
        throw invalid(name + ": no array without blanks of at most " + std::to_string(limit));
    return std::move(*items);
}

void check_names(const Members& members, std::initializer_list<std::string_view> known)
{
    for (const auto& [name, value] : members)
        if (std::ranges::find(known, name) == known.end())
            throw invalid("unknown member " + std::string{utf8_prefix(name, 64)});
}

bool is_plain_ascii(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

std::string text_of(std::string_view literal, const std::string& name)
try {
    if (literal.empty())
        throw Error("missing");
    if (const auto plain = plain_text(literal); plain && is_plain_ascii(*plain))
        return std::string{*plain};
    const Json value = parse_json(literal);
    if (!value.is_string())
        throw Error("no text");
    return std::string{value.as_text()};
} catch (const Error& error) {
    throw invalid(name + ": " + error.what());
}

std::uint64_t number_of(std::string_view text, const std::string& name)
{
    check_there(text, name);
    const auto number = parse_unsigned(text);
    if (!number)
        throw invalid(name + ": no whole number");
    return *number;
}

Subject subject_of(std::string_view text)
{
    const Members members = members_of(text, "subject");
    check_names(members, {"iss", "sub"});
    const std::string_view iss = slice_of(members, "iss");
    return {iss == "null" || iss.empty() ? std::string{} : text_of(iss, "subject.iss"), text_of(slice_of(members, "sub"), "subject.sub")};
}

std::string file_of(const std::vector<Fd>& files, std::string_view number, const std::string& name)
{
    const std::uint64_t index = number_of(number, "files." + name);
    if (index >= files.size())
        throw invalid("files." + name + ": there is no such file");
    auto data = read_sealed(files[index].get(), private_value_limit);
    if (!data)
        throw invalid("files." + name + ": not sealed, or more than 8 MiB");
    return std::move(*data);
}

std::vector<PrivateValue> private_of(const Members& members, const std::vector<Fd>& files)
{
    std::vector<PrivateValue> values;
    if (const auto inside = slice_of(members, "priv"); !inside.empty())
        for (const auto& [name, value] : members_of(inside, "priv"))
            values.push_back({std::string{name}, std::string{value}});
    if (const auto outside = slice_of(members, "files"); !outside.empty())
        for (const auto& [name, number] : members_of(outside, "files"))
            values.push_back({std::string{name}, file_of(files, number, std::string{name})});
    if (const auto unstored = slice_of(members, "unstored"); !unstored.empty())
        for (const auto& [none, name] : items_of(unstored, "unstored", private_names_limit)) {
            const auto value = std::ranges::find(values, text_of(name, "unstored"), &PrivateValue::name);
            if (value == values.end())
                throw invalid("unstored: a name without a value");
            value->stored = false;
        }
    return values;
}

LedgerEvent event_of(const Members& members, const std::vector<Fd>& files)
{
    LedgerEvent event{text_of(slice_of(members, "id"), "id"), text_of(slice_of(members, "type"), "type"),
                      std::string{slice_of(members, "event")}, private_of(members, files), {}};
    if (const auto subject = slice_of(members, "subject"); !subject.empty())
        event.subject = subject_of(subject);
    check_there(event.event, "event");
    check_event(event);
    if (event.id.starts_with(daemon_prefix))
        throw invalid("id: ledger. is for forge-ledgerd");
    return event;
}

std::vector<LedgerEvent> events_of(const Members& members, const std::vector<Fd>& files)
{
    std::vector<LedgerEvent> events;
    for (const auto& [none, item] : items_of(slice_of(members, "events"), "events", events_limit)) {
        const Members parts = members_of(item, "events");
        check_names(parts, {"event", "files", "id", "priv", "subject", "type", "unstored"});
        events.push_back(event_of(parts, files));
    }
    if (events.empty())
        throw invalid("events: none");
    return events;
}

// "seq" and "leaf" are always answered.
bool wants_receipts(const Members& members)
{
    const auto want = slice_of(members, "want");
    if (!want.empty() && want != R"("seq")" && want != R"("leaf")" && want != R"("receipt")")
        throw invalid("want: neither seq nor leaf nor receipt");
    return want == R"("receipt")";
}

std::vector<std::uint64_t> seqs_of(std::string_view list, std::size_t limit)
{
    std::vector<std::uint64_t> seqs;
    for (const auto& [none, seq] : items_of(list, "seqs", limit))
        seqs.push_back(number_of(seq, "seqs"));
    return seqs;
}

std::vector<std::string> names_of(std::string_view list, const std::string& member)
{
    std::vector<std::string> names;
    if (list.empty())
        return names;
    for (const auto& [none, name] : items_of(list, member, private_names_limit)) {
        names.push_back(text_of(name, member));
        if (!is_private_name(names.back()))
            throw invalid(member + ": not of [a-z_], 1 to 32");
    }
    return names;
}

// A text that a line shows: 1 to 512 bytes.
std::string said_in(const Members& members, const std::string& name)
{
    std::string text = text_of(slice_of(members, name), name);
    if (text.empty() || text.size() > 512)
        throw invalid(name + ": 1 to 512 bytes");
    return text;
}

RedactRequest redact_of(const Members& members)
{
    RedactRequest request;
    request.basis = said_in(members, "basis");
    request.authoriser = said_in(members, "authoriser");
    request.fields = names_of(slice_of(members, "fields"), "fields");
    if (const auto seqs = slice_of(members, "seqs"); !seqs.empty())
        request.seqs = seqs_of(seqs, redacted_seqs_limit);
    if (const auto run = slice_of(members, "run"); !run.empty())
        request.run = text_of(run, "run");
    if (const auto subject = slice_of(members, "subject"); !subject.empty())
        request.subject = subject_of(subject);
    if (const auto before = slice_of(members, "before"); !before.empty())
        request.before = text_of(before, "before");
    return request;
}

RevealRequest reveal_of(const Members& members)
{
    RevealRequest request;
    request.subject = subject_of(slice_of(members, "subject"));
    request.seqs = seqs_of(slice_of(members, "seqs"), reveal_seqs_limit);
    request.names = names_of(slice_of(members, "names"), "names");
    if (const auto id = slice_of(members, "request_id"); !id.empty())
        request.request_id = text_of(id, "request_id");
    if (request.request_id.size() > 256 || request.subject.sub.size() > 4096 || request.subject.iss.size() > 4096)
        throw invalid("request_id or subject: too long");
    const auto others = slice_of(members, "private");
    if (others != "true" && others != "false" && !others.empty())
        throw invalid("private: neither true nor false");
    request.others = others == "true";
    return request;
}

RepairRecord repair_of(const Members& members)
{
    constexpr std::string_view types[] = {"ledger.archived", "ledger.incident", "ledger.restored"};
    RepairRecord record{text_of(slice_of(members, "type"), "type"), std::string{slice_of(members, "event")}};
    if (std::ranges::find(types, record.type) == std::end(types))
        throw invalid("type: not one of what repair records");
    check_there(record.event, "event");
    check_event({"repair", record.type, record.event});
    return record;
}

}

LedgerRequest decode_request(Packet&& packet)
{
    const Members members = members_of(packet.text, "request");
    const std::string name = text_of(slice_of(members, "op"), "op");
    const auto operation = operation_of(name);
    if (!operation)
        throw invalid("op: unknown");
    LedgerRequest request{.operation = *operation};
    switch (*operation) {
    case Operation::append:
        check_names(members, {"event", "files", "id", "op", "priv", "subject", "type", "unstored", "want"});
        request.events.push_back(event_of(members, packet.files));
        request.wants_receipts = wants_receipts(members);
        break;
    case Operation::appendv:
        check_names(members, {"events", "op", "want"});
        request.events = events_of(members, packet.files);
        request.wants_receipts = wants_receipts(members);
        break;
    case Operation::head:
    case Operation::stats:
        check_names(members, {"op"});
        break;
    case Operation::wait_published:
        check_names(members, {"op", "size"});
        request.size = number_of(slice_of(members, "size"), "size");
        break;
    case Operation::reveal:
        check_names(members, {"names", "op", "private", "request_id", "seqs", "subject"});
        request.reveal = reveal_of(members);
        break;
    case Operation::repair:
        check_names(members, {"event", "op", "type"});
        request.repair = repair_of(members);
        break;
    case Operation::cosign:
        check_names(members, {"note", "op"});
        request.note = text_of(slice_of(members, "note"), "note");
        break;
    case Operation::rotate_key:
        check_names(members, {"force", "op", "retire"});
        if (const auto retire = slice_of(members, "retire"); !retire.empty())
            request.retire = text_of(retire, "retire");
        request.is_forced = slice_of(members, "force") == "true";
        break;
    case Operation::subject_tag:
        check_names(members, {"op", "subject"});
        request.reveal.subject = subject_of(slice_of(members, "subject"));
        break;
    case Operation::redact:
        check_names(members, {"authoriser", "basis", "before", "fields", "op", "run", "seqs", "subject"});
        request.redact = redact_of(members);
        break;
    case Operation::seal:
        check_names(members, {"op"});
        break;
    case Operation::freeze:
        check_names(members, {"op", "reason"});
        request.reason = said_in(members, "reason");
        break;
    }
    return request;
}

}
