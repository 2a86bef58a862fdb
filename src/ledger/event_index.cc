// Writes the index of events.
#include "ledger/event_index.h"

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/random.h"
#include "tlog/slices.h"

#include <cstring>
#include <limits>

namespace forge {

namespace {

constexpr unsigned offset_bits = 48;
constexpr std::uint64_t line_limit_of_index = std::numeric_limits<Link>::max() - 1;
constexpr std::size_t names_of_a_line = name_kinds + 3;   // and its status, the type of a run's other line, an idempotency tag
constexpr std::string_view started = "run.started";
constexpr std::string_view finished = "run.finished";

std::uint64_t leaf_tag(const Hash& leaf)
{
    std::uint64_t tag = 0;
    for (std::size_t i = 0; i < 8; ++i)
        tag = tag << 8 | leaf[i];
    return tag;
}

std::uint64_t new_generation()
{
    std::uint64_t number = 0;
    std::memcpy(&number, random_bytes(sizeof number).data(), sizeof number);
    return number;
}

// A member that is a text without escapes, as ids of templates and names of profiles are; else empty.
std::string_view text_member(std::string_view object, std::string_view name)
{
    return plain_text(member_of(object, name)).value_or(std::string_view{});
}

constexpr Chain chains_of_lines[] = {by_type, by_template, by_subject};

}

EventIndexWriter::EventIndexWriter(const std::string& folder)
    : events_(folder + "/events.idx", sizeof(EventRecord)), names_(folder + "/names.idx", sizeof(NameRecord))
{
    if (!names_.open() || !events_.open() || names_.generation() != events_.generation())
        clear();
    names_.mark_clean(false);
    events_.mark_clean(false);
}

EventIndexWriter::~EventIndexWriter()
{
    try {
        names_.mark_clean(true);
        events_.mark_clean(true);
    } catch (const Error&) {   // then the next start after a power cut makes it anew
    }
}

void EventIndexWriter::clear()
{
    shortcuts_ = {};
    recent_ = {};
    const std::uint64_t generation = new_generation();
    names_.create(generation);
    events_.create(generation);
    names_.mark_clean(false);
    events_.mark_clean(false);
}

bool EventIndexWriter::has(std::uint64_t seq, const Hash& leaf)
{
    return seq < size() && record(seq).leaf == leaf_tag(leaf);
}

bool EventIndexWriter::append(const IndexedLine& line)
{
    const std::uint64_t seq = size();
    if (line.seq != seq || seq >= line_limit_of_index || !events_.reserve(seq + 1)
        || !names_.reserve(names_.count() + names_of_a_line))
        return false;
    EventRecord next{};
    next.key = line.key;
    next.place = std::uint64_t{line.day} << offset_bits | line.offset;
    next.ts = line.ts.time_since_epoch().count();
    next.leaf = leaf_tag(line.leaf);
    next.length = static_cast<std::uint32_t>(line.length);
    name_line(next, line);
    // A process killed in one of these steps finds its own links when it takes the line again; each step bears that.
    const auto number = static_cast<std::uint32_t>(seq);
    chain(next, number);
    record(seq) = next;
    link_key(number, [this](std::uint64_t i) -> EventRecord& { return record(i); }, shortcuts_.place(next.key));
    if (line.type == finished)
        join_run(number, line);
    publish_chains(number, next);
    if (line.type == started)
        note_idempotency(number, line);
    events_.publish(seq + 1);
    return true;
}

void EventIndexWriter::name_line(EventRecord& next, const IndexedLine& line)
{
    const auto set = [&](NameKind kind, std::string_view text) {
        next.names[static_cast<std::size_t>(kind)] = name(kind, text);
    };
    set(NameKind::type, line.type);
    set(NameKind::subject, line.subject.substr(0, 16));
    if (line.type != started && line.type != finished)
        return;
    set(NameKind::template_id, text_member(member_of(line.event, "template"), "id"));
    set(NameKind::profile, text_member(line.event, "profile"));
    const RunStatus status = line.type == started ? RunStatus::running : run_status(text_member(line.event, "status"));
    next.status = static_cast<std::uint32_t>(status);
}

Link EventIndexWriter::name(NameKind kind, std::string_view text)
{
    Recent& recent = recent_[static_cast<std::size_t>(kind)];
    if (text.empty())
        return 0;
    if (recent.text == text)
        return recent.name;
    recent = {std::string{text}, find_or_add_name(kind, text)};
    return recent.name;
}

Link EventIndexWriter::find_or_add_name(NameKind kind, std::string_view text)
{
    const std::string stored = stored_name(text);
    const std::uint64_t key = name_key(kind, stored);
    const auto item = [this](std::uint64_t i) -> NameRecord& { return name_record(i); };
    const auto is_it = [&](std::uint32_t i) {
        return item(i).kind == static_cast<std::uint16_t>(kind)
               && std::string_view{item(i).text, item(i).length} == stored;
    };
    const auto count = static_cast<std::uint32_t>(names_.count());
    if (const auto found = find_by_key(key, count, item, is_it))
        return *found + 1;
    NameRecord fresh{.key = key,
                     .newest = 0,
                     .kind = static_cast<std::uint16_t>(kind),
                     .length = static_cast<std::uint16_t>(stored.size()),
                     .children = {},
                     .text = {}};
    std::copy(stored.begin(), stored.end(), fresh.text);
    item(count) = fresh;
    link_key(count, item);
    names_.publish(count + 1);
    return count + 1;
}

// The name of the chain that a line is in.  A line's template has the lines that start a run.
Link EventIndexWriter::chain_name(const EventRecord& line, Chain chain)
{
    if (chain == by_type)
        return line.names[static_cast<std::size_t>(NameKind::type)];
    if (chain == by_subject)
        return line.names[static_cast<std::size_t>(NameKind::subject)];
    const auto status = static_cast<RunStatus>(line.status);
    if (status == RunStatus::running)
        return line.names[static_cast<std::size_t>(NameKind::template_id)];
    return name(NameKind::status, name_of(status));
}

void EventIndexWriter::chain(EventRecord& next, std::uint32_t seq)
{
    for (const Chain chain : chains_of_lines) {
        const Link of = chain_name(next, chain);
        if (of == 0)
            continue;
        const Link newest = name_record(of - 1).newest;
        const Link before = newest == seq + 1 ? record(seq).previous[chain] : newest;
        next.previous[chain] = before;
        if (chain != by_subject)
            next.ordinal[chain] = before == 0 ? 1 : record(before - 1).ordinal[chain] + 1;
    }
}

// Out of the chain first, for those who walk along it.
void EventIndexWriter::forget_subject(std::uint64_t seq)
{
    Link& name = record(seq).names[static_cast<std::size_t>(NameKind::subject)];
    if (name == 0)
        return;
    const Link link = static_cast<Link>(seq + 1);
    Link* at = &name_record(name - 1).newest;
    while (*at != 0 && *at != link)
        at = &record(*at - 1).previous[by_subject];
    if (*at == link)
        store(*at, record(seq).previous[by_subject]);
    if (NameRecord& subject = name_record(name - 1); subject.newest == 0) {
        std::memset(subject.text, 0, sizeof subject.text);   // its key finds no text any more: nobody's tag
        subject.length = 0;
    }
    store(name, Link{0});
    recent_[static_cast<std::size_t>(NameKind::subject)] = {};
}

void EventIndexWriter::publish_chains(std::uint32_t seq, const EventRecord& line)
{
    for (const Chain chain : chains_of_lines)
        if (const Link of = chain_name(line, chain); of != 0)
            store(name_record(of - 1).newest, seq + 1);
}

void EventIndexWriter::note_idempotency(std::uint32_t seq, const IndexedLine& line)
{
    const std::string_view tag = text_member(member_of(line.event, "idem"), "key");
    if (tag.size() >= idem_digits)
        store(name_record(name(NameKind::idem, tag.substr(0, idem_digits)) - 1).newest, seq + 1);
}

void EventIndexWriter::join_run(std::uint32_t seq, const IndexedLine& line)
{
    const std::string start_id = std::string{text_member(line.event, "run")} + ".started";
    const Link start_type = name(NameKind::type, started);
    const auto found = find_by_key(
        short_hash(start_id), seq, [this](std::uint64_t i) -> EventRecord& { return record(i); },
        [&](std::uint32_t i) { return record(i).names[0] == start_type; });
    if (!found)
        return;
    store(record(seq).other, *found + 1);
    store(record(*found).other, seq + 1);
    store(record(*found).status, record(seq).status);
}

}
