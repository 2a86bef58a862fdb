// The ledger's engine: looking at what was committed.
#include <algorithm>

#include "ledger/engine.h"
#include "tlog/jcs.h"
#include "tlog/slices.h"

namespace forge {

std::string Engine::line(std::uint64_t seq)
{
    const LinePlace place = index_.place(seq);
    return line_at(shards_, place.day, place.offset);
}

bool Engine::has_id(std::uint64_t seq, std::string_view id)
{
    const std::string text = line(seq);
    const auto entry = parse_entry(text);
    return entry && entry->id == id;
}

// The commitments have random keys: the new values are put under the keys of the old ones, which the sidecar keeps.
bool Engine::is_same(std::uint64_t seq, std::string_view text, const LedgerEvent& event)
{
    const EntryView entry = parse_entry(text).value();
    const auto commitments = parse_commitments(entry.priv);
    if (entry.type != event.type || entry.event != event.event || commitments.size() != event.priv.size())
        return false;
    if (commitments.empty())
        return true;
    std::string buffer;
    const Hash hash = leaf_hash(text);
    const LinePlace place = index_.place(seq);
    std::size_t equal = 0;
    for (const SidecarLine& stored : sidecar_lines(place, seq, buffer)) {
        const auto commitment = std::ranges::find(commitments, stored.name, &Commitment::name);
        const auto value = std::ranges::find(event.priv, stored.name, &PrivateValue::name);
        const auto opened = values_.open(stored, hash, place.day);
        if (commitment == commitments.end() || value == event.priv.end() || !opened
            || !is_committed(*commitment, opened->key, value->value))
            return false;
        ++equal;
    }
    return equal == commitments.size();
}

std::vector<SidecarLine> Engine::sidecar_lines(const LinePlace& place, std::uint64_t seq, std::string& buffer)
{
    std::vector<SidecarLine> lines;
    if (!place.private_offset || !shards_.has_sidecar(place.day))
        return lines;
    constexpr std::size_t first_block = 16'384;
    // An entry's values stand together: read on until a line of another entry, or the end, comes into view.
    for (std::size_t size = first_block;; size *= 4) {
        buffer = shards_.read_sidecar(place.day, *place.private_offset, size);
        lines.clear();
        std::size_t begin = 0;
        for (std::size_t end = buffer.find('\n'); end != std::string::npos; begin = end + 1, end = buffer.find('\n', begin)) {
            const auto line = parse_sidecar(std::string_view{buffer}.substr(begin, end - begin));
            if (!line || line->seq != seq)
                return lines;
            lines.push_back(*line);
        }
        if (buffer.size() < size)
            return lines;
    }
}

void Engine::replay(std::uint64_t seq, const LineObserver& observer)
{
    for (; seq < head_.size(); ++seq) {
        const LinePlace place = index_.place(seq);
        const std::string text = line_at(shards_, place.day, place.offset);
        const EntryView entry = parse_entry(text).value();
        std::string buffer;
        const auto values = sidecar_lines(place, seq, buffer);
        const auto value = std::ranges::find_if_not(values, &SidecarLine::is_erased);
        observer({entry, hash_of_id(entry.id), place, leaf_hash(text), parse_rfc3339(entry.ts).value_or(head_.ts), text.size(),
                  value == values.end() ? std::string{} : std::string{value->subject}});
    }
}

// The seal is the first line of the day after.
std::optional<DayNote> Engine::seal_at(std::uint64_t seq)
{
    const std::string text = line(seq);
    const EntryView entry = parse_entry(text).value();
    if (entry.type != "ledger.day_sealed")
        return std::nullopt;
    const Json event = parse_json(entry.event);
    const auto number = [&](const char* name) { return static_cast<std::uint64_t>(event[name].as_integer()); };
    return DayNote{identity_.origin, std::string{event["day"].as_text()}, number("first"), number("last"), number("size"),
                   parse_hash(event["root"].as_text()), std::string{event["sha256"].as_text()}, number("bytes")};
}

std::vector<RevealedValue> Engine::reveal(const RevealRequest& request)
{
    if (request.seqs.empty() || request.seqs.size() > reveal_seqs_limit)
        throw Refused(Fault::invalid, "seqs: 1 to 64");
    const std::string tag = tag_of(request.subject);
    std::vector<RevealedValue> revealed;
    for (const std::uint64_t seq : request.seqs) {
        if (seq >= head_.size())
            throw Refused(Fault::invalid, "seqs: no line " + std::to_string(seq));
        const LinePlace place = index_.place(seq);
        const Hash hash = leaf(seq);
        std::string buffer;
        for (const SidecarLine& stored : sidecar_lines(place, seq, buffer)) {
            if (stored.is_erased())
                continue;
            if (!request.others && stored.subject != tag)
                throw Refused(Fault::denied, "line " + std::to_string(seq) + " is another subject's");
            if (!request.names.empty() && std::ranges::find(request.names, stored.name) == request.names.end())
                continue;
            if (auto opened = values_.open(stored, hash, place.day))
                revealed.push_back({seq, opened->name, hex(opened->key), std::move(opened->value)});
        }
    }
    if (request.others)
        record_reveal(request, revealed);
    return revealed;
}

void Engine::record_reveal(const RevealRequest& request, const std::vector<RevealedValue>& values)
{
    Json seqs = Json::array();
    for (const std::uint64_t seq : request.seqs)
        seqs.append(seq);
    std::vector<std::string> names = request.names;
    for (const RevealedValue& value : values)
        if (std::ranges::find(names, value.name) == names.end())
            names.push_back(value.name);
    Json list = Json::array();
    for (const std::string& name : names)
        list.append(name);
    commit_own({"ledger.revealed." + hex(env_.random(16)), "ledger.revealed",
                canonical_json(Json::object({{"names", list}, {"request_id", request.request_id}, {"seqs", seqs}})),
                {{"sub", canonical_json(Json{request.subject.sub})}}, request.subject});
}

}
