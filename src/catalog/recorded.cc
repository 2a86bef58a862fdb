// The versions of templates that runs in a ledger recorded.
#include "catalog/recorded.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "ledger/event_index_view.h"
#include "ledger/events.h"
#include "ledger/line_files.h"
#include "tlog/merkle.h"

namespace forge {

namespace {

constexpr std::uint64_t piece_bytes = 4 << 20;

std::uint64_t first_bytes(const Hash& hash)
{
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i)
        number = number << 8 | hash[i];
    return number;
}

// The lines from `begin` on that stand in one day's shard, one behind the other, as far as they are read at once.
std::uint64_t end_of_piece(const EventIndexView& view, std::uint64_t begin)
{
    std::uint64_t end = begin + 1;
    while (end < view.size() && view.offset(end) > view.offset(end - 1) && view.offset(end) - view.offset(begin) < piece_bytes &&
           view.day(end) == view.day(begin))
        ++end;
    return end;
}

// The text between two others that follow each other; what is before it is dropped from `rest`.
std::optional<std::string_view> take_between(std::string_view& rest, std::string_view begin, std::string_view end)
{
    const auto at = rest.find(begin);
    if (at == rest.npos)
        return std::nullopt;
    rest.remove_prefix(at + begin.size());
    const auto length = rest.find(end);
    if (length == rest.npos)
        return std::nullopt;
    return rest.substr(0, length);
}

std::string name_of(std::string_view id, std::string_view version)
{
    return std::string{id} + "@" + std::string{version};
}

}

RecordedVersions::RecordedVersions(const Json& kept)
{
    const auto leaf = parse_unsigned(kept["leaf"].as_text());
    if (!leaf || kept["lines"].as_integer() <= 0)
        return;
    lines_ = static_cast<std::uint64_t>(kept["lines"].as_integer());
    last_leaf_ = *leaf;
    for (const auto& item : kept["versions"].items())
        versions_.emplace(item.at(0).as_text(), Run{std::string{item.at(1).as_text()}, std::string{item.at(2).as_text()}});
}

Json RecordedVersions::to_json() const
{
    Json list = Json::array();
    for (const auto& [name, run] : versions_)
        list.append(Json::array({name, run.digest, run.id}));
    return Json::object({{"lines", lines_}, {"leaf", std::to_string(last_leaf_)}, {"versions", list}});
}

void RecordedVersions::read(const std::string& ledger_root)
{
    const EventIndexView view = EventIndex{ledger_root + "/index"}.view();
    if (lines_ > view.size() || (lines_ > 0 && view.record(lines_ - 1).leaf != last_leaf_))
        *this = {};   // another ledger stands there now
    const Link started = view.name(NameKind::type, "run.started");
    while (lines_ < view.size()) {
        const std::uint64_t begin = lines_;
        const std::uint64_t end = end_of_piece(view, begin);
        const std::uint64_t first = view.offset(begin);
        const EventRecord& last = view.record(end - 1);
        const auto size = static_cast<std::size_t>(view.offset(end - 1) - first + last.length);
        const auto bytes = read_day(ledger_root, view.day(begin), first, size);
        for (; lines_ < end; ++lines_) {
            const EventRecord& record = view.record(lines_);
            last_leaf_ = record.leaf;
            if (started == 0 || record.names[static_cast<std::size_t>(NameKind::type)] != started)
                continue;
            const auto at = std::min<std::uint64_t>(view.offset(lines_) - first, bytes.size());
            const auto line = std::string_view{bytes}.substr(at, record.length);
            if (first_bytes(leaf_hash(line)) != record.leaf)
                throw LineMissing(ledger_root, {lines_});
            take(line);
        }
    }
}

// The line is canonical JSON: the members of "template" stand in this order and hold no escapes, and within a text the
// quotes would have backslashes before them.
void RecordedVersions::take(std::string_view line)
{
    auto rest = line;
    const auto digest = take_between(rest, R"("template":{"digest":")", "\"");
    const auto id = digest ? take_between(rest, R"(","id":")", "\"") : std::nullopt;
    const auto version = id ? take_between(rest, R"(","version":")", "\"") : std::nullopt;
    if (!version)
        return;
    const auto name = name_of(*id, *version);
    const auto [first, end] = versions_.equal_range(name);
    if (std::any_of(first, end, [&](const auto& known) { return known.second.digest == *digest; }))
        return;
    auto from_begin = line;
    const auto run = take_between(from_begin, R"("run":")", "\"");
    versions_.emplace(name, Run{std::string{*digest}, std::string{run.value_or("")}});
}

const RecordedVersions::Run* RecordedVersions::other_than(std::string_view id, std::string_view version,
                                                          std::string_view digest) const
{
    const auto [first, end] = versions_.equal_range(name_of(id, version));
    const auto other = std::find_if(first, end, [&](const auto& known) { return known.second.digest != digest; });
    return other == end ? nullptr : &other->second;
}

}
