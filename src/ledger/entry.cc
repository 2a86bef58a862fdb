// One line of the ledger: made from an event, and read back.
#include "ledger/entry.h"

#include <algorithm>

#include "ledger/refusal.h"
#include "tlog/jcs.h"
#include "tlog/slices.h"

namespace forge {

namespace {

bool consists_of(std::string_view text, std::size_t longest, auto&& allowed)
{
    return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), allowed);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

bool is_hex(std::string_view text, std::size_t size)
{
    bool good = text.size() == size;
    for (const char c : text)   // to its end: without a branch it is done many bytes at once
        good &= is_digit(c) | ((c >= 'a') & (c <= 'f'));
    return good;
}

void check_canonical(std::string_view value, const std::string& name, CanonicalRules rules)
{
    if (const auto fault = canonical_error(value, rules))
        throw Refused(Fault::invalid, name + ": byte " + std::to_string(fault->position) + ": " + std::string{fault->reason});
}

void check_private(const std::vector<PrivateValue>& values)
{
    if (values.size() > private_names_limit)
        throw Refused(Fault::invalid, "priv: more than 16 values");
    for (auto value = values.begin(); value != values.end(); ++value) {
        if (!is_private_name(value->name))
            throw Refused(Fault::invalid, "priv: a name is not of [a-z_], 1 to 32");
        if (std::any_of(values.begin(), value, [&](const PrivateValue& other) { return other.name == value->name; }))
            throw Refused(Fault::invalid, "priv." + value->name + " stands twice");
        if (value->value.size() > private_value_limit)
            throw Refused(Fault::too_big, "priv." + value->name + ": more than 8 MiB");
        check_canonical(value->value, "priv." + value->name, {.object = false});
    }
}

std::string private_json(const std::vector<Commitment>& values)
{
    std::string list;
    for (const auto& [name, c, n] : values)
        list += (list.empty() ? "\"" : ",\"") + name + R"(":{"c":")" + c + R"(","n":)" + std::to_string(n) + "}";
    return "{" + list + "}";
}

std::optional<std::string_view> text_member(const std::vector<JsonSlice>& members, std::string_view name)
{
    return plain_text(slice_of(members, name));
}

}

bool is_type(std::string_view text)
{
    const auto allowed = [](char c) { return is_lower(c) || is_digit(c) || c == '_' || c == '.'; };
    return consists_of(text, 64, allowed) && text.find('.') != std::string_view::npos && text.front() != '.' && text.back() != '.'
           && text.find("..") == std::string_view::npos;
}

bool is_entry_id(std::string_view text)
{
    return consists_of(text, 64, [](char c) {
        return is_lower(c) || is_upper(c) || is_digit(c) || c == '.' || c == '_' || c == ':' || c == '-';
    });
}

bool is_private_name(std::string_view text)
{
    return consists_of(text, 32, [](char c) { return is_lower(c) || c == '_'; });
}

std::string entry_line(const Entry& entry)
{
    std::string line;
    line.reserve(entry.event.size() + 512);
    line.append(R"({"actor":")").append(entry.actor).append(R"(","event":)").append(entry.event);
    line.append(R"(,"id":")").append(entry.id).append(R"(","prev":")").append(entry.prev);
    line.append(entry.priv.empty() ? "\"" : R"(","priv":)" + private_json(entry.priv));
    line.append(R"(,"salt":")").append(entry.salt).append(R"(","seq":)").append(std::to_string(entry.seq));
    line.append(R"(,"ts":")").append(entry.ts).append(R"(","type":")").append(entry.type).append(R"(","v":1})");
    if (line.size() > line_limit)
        throw Refused(Fault::too_big, "the line would have " + std::to_string(line.size()) + " bytes, more than 65535");
    return line;
}

void check_event(const LedgerEvent& event)
{
    if (!is_entry_id(event.id))
        throw Refused(Fault::invalid, "id: 1 to 64 of [A-Za-z0-9._:-]");
    if (!is_type(event.type))
        throw Refused(Fault::invalid, "type: a dotted name of [a-z0-9_], at most 64");
    if (event.event.size() > line_limit)
        throw Refused(Fault::too_big, "event: " + std::to_string(event.event.size()) + " bytes");
    // One level less than a line may have, which is around the event.
    check_canonical(event.event, "event", {.depth = canonical_depth - 1});
    check_private(event.priv);
    if (!event.priv.empty() && !event.subject)
        throw Refused(Fault::invalid, "subject: missing beside priv");
    if (event.subject && (event.subject->sub.size() > 4096 || event.subject->iss.size() > 4096))
        throw Refused(Fault::invalid, "subject: longer than 4096 bytes");
}

std::optional<EntryView> parse_entry(std::string_view line)
{
    const auto members = object_slices(line);
    if (!members)
        return std::nullopt;
    const auto actor = text_member(*members, "actor"), id = text_member(*members, "id"), prev = text_member(*members, "prev"),
               salt = text_member(*members, "salt"), ts = text_member(*members, "ts"), type = text_member(*members, "type");
    const auto seq = parse_unsigned(slice_of(*members, "seq"));
    const std::string_view event = slice_of(*members, "event"), priv = slice_of(*members, "priv");
    if (!actor || !id || !prev || !salt || !ts || !type || !seq || slice_of(*members, "v") != "1" || !event.starts_with('{')
        || members->size() != (priv.empty() ? 9U : 10U) || !is_entry_id(*id) || !is_type(*type) || !is_hex(*prev, 64)
        || !is_hex(*salt, 32))
        return std::nullopt;
    return EntryView{*actor, event, *id, *prev, priv, *salt, *ts, *type, *seq};
}

std::vector<Commitment> parse_commitments(std::string_view priv)
{
    std::vector<Commitment> list;
    for (const auto& [name, value] : object_slices(priv).value_or(std::vector<JsonSlice>{})) {
        const auto c = plain_text(member_of(value, "c"));
        const auto n = parse_unsigned(member_of(value, "n"));
        if (c && n)
            list.push_back({std::string{name}, std::string{*c}, *n});
    }
    return list;
}

}
