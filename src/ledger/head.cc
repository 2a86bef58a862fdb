// What the engine knows about the lines so far.
#include "ledger/head.h"

#include <algorithm>

#include "base/error.h"
#include "tlog/slices.h"

namespace forge {

namespace {

constexpr std::size_t names_limit = 256;   // clients choose what follows a type's prefix

void count(std::map<std::string, std::uint64_t>& counts, std::string_view name)
{
    const auto known = counts.find(std::string{name});
    if (known != counts.end())
        ++known->second;
    else
        ++counts[counts.size() < names_limit ? std::string{name} : "other"];
}

std::uint64_t count_of(const std::map<std::string, std::uint64_t>& counts, const char* name)
{
    const auto found = counts.find(name);
    return found == counts.end() ? 0 : found->second;
}

std::map<std::string, std::uint64_t> parse_counts(const Json& json)
{
    std::map<std::string, std::uint64_t> counts;
    for (const auto& [name, number] : json.members())
        counts[name] = static_cast<std::uint64_t>(number.as_integer());
    return counts;
}

std::uint64_t number(const Json& json, const char* name)
{
    if (!json[name].is_integer() || json[name].as_integer() < 0)
        throw Error(std::string{name} + " is no number");
    return static_cast<std::uint64_t>(json[name].as_integer());
}

// A key signs from the tree on that holds the line which names it.
void take_key(std::vector<LogKey>& keys, const EntryView& entry, WallTime ts)
{
    const std::uint64_t size = entry.seq + 1;
    if (const auto vkey = plain_text(member_of(entry.event, "vkey")))
        keys.push_back({std::string{*vkey}, entry.type == "ledger.genesis" ? 0 : size, {}, ts});
    if (const auto retired = plain_text(member_of(entry.event, "retire")))
        for (LogKey& key : keys)
            if (key.vkey == *retired && !key.to)
                key.to = size;
}

Json keys_json(const std::vector<LogKey>& keys)
{
    Json list = Json::array();
    for (const auto& [vkey, from, to, since] : keys)
        list.append(Json::array({vkey, from, to ? Json{*to} : Json{nullptr}, rfc3339(since)}));
    return list;
}

std::vector<LogKey> parse_keys(const Json& json)
{
    std::vector<LogKey> keys;
    for (const Json& item : json.items()) {
        LogKey key{std::string{item.at(0).as_text()}, static_cast<std::uint64_t>(item.at(1).as_integer()), {}, {}};
        if (item.at(2).is_integer())
            key.to = static_cast<std::uint64_t>(item.at(2).as_integer());
        key.since = parse_rfc3339(item.at(3).as_text()).value_or(WallTime{});
        keys.push_back(std::move(key));
    }
    if (keys.empty())
        throw Error("no keys");
    return keys;
}

}

std::uint64_t LedgerHead::open_runs() const
{
    const std::uint64_t started = count_of(types, "run.started");
    return started - std::min(started, count_of(types, "run.finished"));
}

void LedgerHead::add(const EntryView& entry, const Hash& leaf, std::size_t line_bytes, std::size_t private_bytes)
{
    const std::string_view entry_day = entry.ts.substr(0, 10);
    if (entry_day != day) {
        if (!day.empty())
            days.push_back({day, day_first, offset});
        day = entry_day;
        day_first = entry.seq;
        offset = private_offset = 0;
    }
    last_leaf = leaf;
    ts = parse_rfc3339(entry.ts).value_or(ts);
    offset += line_bytes;
    bytes += line_bytes;
    private_offset += private_bytes;
    count(types, entry.type);
    if (entry.type == "run.finished")
        count(statuses, plain_text(member_of(entry.event, "status")).value_or("other"));
    if (entry.type == "ledger.genesis" || entry.type == "ledger.key")
        take_key(keys, entry, ts);
    if (entry.type == "ledger.genesis" || entry.type == "ledger.rights")
        rights = plain_text(member_of(entry.event, "rights")).value_or("");
}

Json counts_json(const std::map<std::string, std::uint64_t>& counts)
{
    Json json = Json::object();
    for (const auto& [name, number] : counts)
        json.set(name, number);
    return json;
}

std::string LedgerHead::serialise() const
{
    Json earlier = Json::array();
    for (const auto& [name, first, size] : days)
        earlier.append(Json::array({name, first, size}));
    return dump(Json::object({{"tree", hex(tree.serialise())}, {"last_leaf", hex(last_leaf)}, {"ts", rfc3339(ts)},
                              {"day", day}, {"day_first", day_first}, {"offset", offset}, {"private_offset", private_offset},
                              {"bytes", bytes}, {"rights", rights}, {"keys", keys_json(keys)}, {"types", counts_json(types)},
                              {"statuses", counts_json(statuses)}, {"days", earlier}})) + "\n";
}

LedgerHead LedgerHead::parse(std::string_view text)
{
    const Json json = parse_json(text);
    const auto leaf = from_hex(json["last_leaf"].as_text());
    const auto time = parse_rfc3339(json["ts"].as_text());
    const auto edge = from_hex(json["tree"].as_text());
    if (!leaf || leaf->size() != Hash{}.size() || !time || !edge)
        throw Error("no head of a ledger");
    LedgerHead head;
    head.tree = CompactRange::parse(*edge);
    std::copy(leaf->begin(), leaf->end(), head.last_leaf.begin());
    head.ts = *time;
    head.day = json["day"].as_text();
    head.day_first = number(json, "day_first");
    head.offset = number(json, "offset");
    head.private_offset = number(json, "private_offset");
    head.bytes = number(json, "bytes");
    head.keys = parse_keys(json["keys"]);
    head.rights = json["rights"].as_text();
    head.types = parse_counts(json["types"]);
    head.statuses = parse_counts(json["statuses"]);
    for (const Json& day : json["days"].items())
        head.days.push_back({std::string{day.at(0).as_text()}, static_cast<std::uint64_t>(day.at(1).as_integer()),
                             static_cast<std::uint64_t>(day.at(2).as_integer())});
    return head;
}

}
