// What a line of the ledger must be by itself.
#include "audit/verify_line.h"

#include "base/text.h"
#include "ledger/entry.h"
#include "tlog/jcs.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

namespace forge {

namespace {

// -1 for anything but a digit of lower-case hex.
constexpr std::array<signed char, 256> hex_values = [] {
    std::array<signed char, 256> values{};
    values.fill(-1);
    for (int i = 0; i < 16; ++i)
        values[static_cast<unsigned char>("0123456789abcdef"[i])] = static_cast<signed char>(i);
    return values;
}();

bool read_hex(std::string_view text, Hash& hash)
{
    int wrong = 0;
    for (std::size_t i = 0; i < hash.size(); ++i) {
        const int high = hex_values[static_cast<unsigned char>(text[2 * i])];
        const int low = hex_values[static_cast<unsigned char>(text[2 * i + 1])];
        wrong |= high | low;
        hash[i] = static_cast<unsigned char>(high << 4 | (low & 15));
    }
    return wrong >= 0;
}

bool is_hex(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return hex_values[static_cast<unsigned char>(c)] >= 0; });
}

// Two digits, or 99 for anything else.
std::uint64_t two_digits(std::string_view text, std::size_t at)
{
    const unsigned high = static_cast<unsigned char>(text[at]) - '0';
    const unsigned low = static_cast<unsigned char>(text[at + 1]) - '0';
    return high <= 9 && low <= 9 ? high * 10 + low : 99;
}

// "2026-11-23T18:19:03.000001Z" on the shard's day.
bool read_time(std::string_view ts, std::string_view day, std::uint64_t& time)
{
    if (ts.size() != 27 || !ts.starts_with(day) || ts[10] != 'T' || ts[13] != ':' || ts[16] != ':' || ts[19] != '.'
        || ts[26] != 'Z')
        return false;
    const std::uint64_t hour = two_digits(ts, 11), minute = two_digits(ts, 14), second = two_digits(ts, 17);
    const std::uint64_t a = two_digits(ts, 20), b = two_digits(ts, 22), c = two_digits(ts, 24);
    time = ((hour * 60 + minute) * 60 + second) * 1'000'000 + (a * 100 + b) * 100 + c;
    // A decimal of 99 may be no digits at all: then the form decides.
    return hour < 24 && minute < 60 && second < 60
           && std::all_of(ts.begin() + 20, ts.end() - 1, [](char x) { return x >= '0' && x <= '9'; });
}

bool read_seq(std::string_view text, std::uint64_t& seq)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seq);
    return error == std::errc{} && end == text.data() + text.size();
}

std::string_view inside(std::string_view literal)
{
    return literal.size() >= 2 && literal.front() == '"' ? literal.substr(1, literal.size() - 2) : std::string_view{};
}

bool is_commitment(const JsonSlice& item)
{
    const auto parts = object_slices(item.value);
    return is_private_name(item.name) && parts && parts->size() == 2 && (*parts)[0].name == "c"
           && (*parts)[1].name == "n" && inside((*parts)[0].value).size() == 64 && is_hex(inside((*parts)[0].value))
           && parse_unsigned((*parts)[1].value);
}

bool is_priv(std::string_view priv)
{
    const auto items = object_slices(priv);
    return items && !items->empty() && items->size() <= private_names_limit
           && std::all_of(items->begin(), items->end(), is_commitment);
}

// The members, in the only order that they can have.
constexpr std::string_view names[] = {"actor", "event", "id", "prev", "priv", "salt", "seq", "ts", "type", "v"};
enum Member { actor, event, id, prev, priv, salt, seq, ts, type, version, member_count };

// The values by member, or an empty array when a member is missing, unknown, or not in its place.
bool values_of(const std::vector<JsonSlice>& members, std::array<std::string_view, member_count>& values)
{
    std::size_t at = 0;
    for (std::size_t i = 0; i < member_count; ++i)
        if (at < members.size() && members[at].name == names[i])
            values[i] = members[at++].value;
        else if (i != priv)
            return false;
    return at == members.size();
}

std::string_view fault_of(std::span<const std::string_view, member_count> values, std::string_view day,
                          CheckedLine& line)
{
    const std::string_view prev_text = inside(values[prev]), salt_text = inside(values[salt]);
    if (!read_seq(values[seq], line.seq))
        return "seq is not a whole number";
    if (prev_text.size() != 64 || !read_hex(prev_text, line.prev))
        return "prev is not 64 digits of lower-case hex";
    line.is_parsed = true;
    if (!is_entry_id(inside(values[id])))
        return "id is not 1 to 64 of [A-Za-z0-9._:-]";
    if (inside(values[actor]).empty())
        return "actor is not a name";
    if (!values[event].starts_with('{'))
        return "event is not an object";
    if (!values[priv].empty() && !is_priv(values[priv]))
        return "priv is not a map of commitments";
    if (salt_text.size() != 32 || !is_hex(salt_text))
        return "salt is not 32 digits of lower-case hex";
    if (!read_time(inside(values[ts]), day, line.time))
        return "ts is not a time of the shard's day, with six decimals and Z";
    if (!is_type(inside(values[type])))
        return "type is not a dotted name";
    if (values[version] != "1")
        return "v is not 1";
    return {};
}

void check_fully(std::string_view text, std::string_view day, std::vector<JsonSlice>& members, CheckedLine& line)
{
    members.clear();
    if (const auto found = canonical_error(text, {.members = &members})) {
        line.fault = found->reason;
        line.fault_at = found->position;
        return;
    }
    std::array<std::string_view, member_count> values{};
    if (!values_of(members, values)) {
        line.fault = "its members are not those of a line";
        return;
    }
    line.fault = fault_of(values, day, line);
    line.id = inside(values[id]);
    line.id_hash = std::hash<std::string_view>{}(line.id);
    line.type = inside(values[type]);
    line.event = values[event];
    line.priv = values[priv];
}

// The members behind the event, from the last one on: they have fixed forms.
class FromEnd {
public:
    explicit FromEnd(std::string_view rest) : rest_(rest) {}

    bool skip(std::string_view literal)
    {
        return rest_.ends_with(literal) && skip(literal.size());
    }
    bool skip(std::size_t bytes)
    {
        if (bytes > rest_.size())
            return false;
        rest_.remove_suffix(bytes);
        return true;
    }
    // What stands behind the last such byte.
    std::string_view take_behind(char c)
    {
        const std::string_view taken = rest_.substr(rest_.rfind(c) + 1);
        rest_.remove_suffix(taken.size());
        return taken;
    }
    std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

// `rest` ends with prev, or with priv behind it.
bool read_prev(std::string_view rest, Hash& hash)
{
    constexpr std::string_view before = R"(","prev":")";
    const std::size_t size = before.size() + 64 + 1;
    const std::size_t at = rest.ends_with('}') ? rest.rfind(before) : rest.size() - std::min(rest.size(), size);
    return at < rest.size() && rest.size() - at >= size && rest.substr(at).starts_with(before)
           && read_hex(rest.substr(at + before.size(), 64), hash);
}

bool read_members(std::string_view text, CheckedLine& line)
{
    FromEnd end{text};
    if (!end.skip(R"(","v":1})"))
        return false;
    line.type = end.take_behind('"');
    if (!end.skip(R"(","type":")") || !end.skip(27) || !end.skip(R"(,"ts":")"))
        return false;
    return read_seq(end.take_behind(':'), line.seq) && end.skip(R"(,"seq":)") && end.skip(1 + 32) && end.skip(R"(,"salt":")")
           && read_prev(end.rest(), line.prev);
}

void check_quickly(std::string_view text, CheckedLine& line)
{
    line.is_parsed = read_members(text, line);
    if (!line.is_parsed)
        line.fault = "its members are not those of a line";
    else if (line.is_own())
        line.event = member_of(text, "event");
}

// What stands in the place of a line whose text had to go.
bool read_tombstone(std::string_view text, CheckedLine& line)
{
    constexpr std::string_view begin = R"({"leaf":")", middle = R"(","redacted":true,"seq":)";
    const std::size_t seq_at = begin.size() + 64 + middle.size();
    if (!text.starts_with(begin) || text.size() < seq_at + 2 || text.substr(begin.size() + 64, middle.size()) != middle
        || !text.ends_with('}'))
        return false;
    const std::string_view seq = text.substr(seq_at, text.size() - seq_at - 1);
    Hash leaf;
    if (!read_hex(text.substr(begin.size(), 64), leaf) || (seq.starts_with('0') && seq != "0") || !read_seq(seq, line.seq))
        return false;
    line.leaf = leaf;
    line.is_parsed = line.is_tombstone = true;
    return true;
}

}

std::vector<CheckedLine> check_lines(std::string_view block, std::string_view day, Thoroughness thoroughness)
{
    std::vector<CheckedLine> lines;
    lines.reserve(block.size() / 256);
    std::vector<JsonSlice> members;
    for (std::size_t at = 0; at < block.size();) {
        const std::size_t end = std::min(block.find('\n', at), block.size());
        const std::string_view text = block.substr(at, end - at);
        CheckedLine& line = lines.emplace_back();
        line.offset = static_cast<std::uint32_t>(at);
        line.length = static_cast<std::uint32_t>(text.size());
        line.leaf = leaf_hash(text);
        at = end + 1;
        if (read_tombstone(text, line))
            continue;
        if (text.size() > line_limit)
            line.fault = "longer than 65535 bytes";
        else if (thoroughness == Thoroughness::full)
            check_fully(text, day, members, line);
        else
            check_quickly(text, line);
    }
    return lines;
}

}
