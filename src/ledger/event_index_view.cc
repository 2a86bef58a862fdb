// Reads the index of events.
#include "ledger/event_index_view.h"

#include "base/error.h"
#include "ledger/index_table.h"
#include "os/file.h"

#include <sys/stat.h>

#include <algorithm>
#include <ranges>

namespace forge {

namespace {

constexpr unsigned offset_bits = 48;
constexpr int attempts = 10;   // to meet two files of one generation while a writer replaces both

const IndexHeader& header_of(const Mapping& mapping)
{
    return *reinterpret_cast<const IndexHeader*>(mapping.data());
}

}

const EventRecord& EventIndexView::record(std::uint64_t seq) const noexcept
{
    return reinterpret_cast<const EventRecord*>(files_->events.data())[seq + 1];
}

const NameRecord& EventIndexView::name_record(std::uint64_t ordinal) const noexcept
{
    return reinterpret_cast<const NameRecord*>(files_->names.data())[ordinal + 1];
}

// Those that fit the mapping: later ones are of lines beyond size().
std::uint64_t EventIndexView::name_count() const noexcept
{
    return std::min(loaded(header_of(files_->names).count), files_->names.size() / sizeof(NameRecord) - 1);
}

std::string EventIndexView::day(std::uint64_t seq) const
{
    return utc_day(WallTime{std::chrono::days{record(seq).place >> offset_bits}});
}

std::uint64_t EventIndexView::offset(std::uint64_t seq) const noexcept
{
    return record(seq).place & ((std::uint64_t{1} << offset_bits) - 1);
}

RunStatus EventIndexView::status(std::uint64_t seq) const noexcept
{
    return static_cast<RunStatus>(std::min(loaded(record(seq).status), static_cast<std::uint32_t>(RunStatus::unknown)));
}

std::optional<std::uint64_t> EventIndexView::other(std::uint64_t seq) const noexcept
{
    const Link link = loaded(record(seq).other);
    return link == 0 || link > size_ ? std::nullopt : std::optional<std::uint64_t>{link - 1};
}

std::optional<std::uint64_t> EventIndexView::find(std::string_view id) const
{
    return find_by_key(short_hash(id), size_, [this](std::uint64_t i) -> const EventRecord& { return record(i); },
                       [](std::uint32_t) { return true; });
}

std::uint64_t EventIndexView::first_since(WallTime time) const
{
    const auto all = std::views::iota(std::uint64_t{0}, size_);
    const auto micros = time.time_since_epoch().count();
    return *std::ranges::partition_point(all, [&](std::uint64_t seq) { return record(seq).ts < micros; });
}

Link EventIndexView::name(NameKind kind, std::string_view text) const
{
    const std::string stored = stored_name(text);
    const auto found = find_by_key(
        name_key(kind, stored), name_count(), [this](std::uint64_t i) -> const NameRecord& { return name_record(i); },
        [&](std::uint32_t i) {
            return name_record(i).kind == static_cast<std::uint16_t>(kind) && name_text(i + 1) == stored;
        });
    return found ? *found + 1 : 0;
}

std::optional<std::uint64_t> EventIndexView::idempotent_run(std::string_view tag) const
{
    const Link of = name(NameKind::idem, tag.substr(0, idem_digits));
    const Link newest = of == 0 ? 0 : loaded(name_record(of - 1).newest);
    return newest == 0 || newest > size_ ? std::nullopt : std::optional<std::uint64_t>{newest - 1};
}

std::string_view EventIndexView::name_text(Link name) const noexcept
{
    if (name == 0 || name > name_count())
        return {};
    const NameRecord& record = name_record(name - 1);
    return {record.text, std::min<std::size_t>(record.length, sizeof record.text)};
}

std::vector<Link> EventIndexView::names(NameKind kind) const
{
    std::vector<Link> list;
    for (std::uint64_t i = 0; i < name_count(); ++i)
        if (name_record(i).kind == static_cast<std::uint16_t>(kind))
            list.push_back(static_cast<Link>(i + 1));
    return list;
}

std::optional<std::uint64_t> EventIndexView::newest(Link name, Chain chain) const noexcept
{
    if (name == 0 || name > name_count())
        return std::nullopt;
    Link link = loaded(name_record(name - 1).newest);
    // Back over lines that came after this view was taken, of which the last may be beyond what is mapped.
    if (link > files_->events.size() / sizeof(EventRecord) - 1)
        link = static_cast<Link>(size_);
    while (link != 0 && (link > size_ || !is_in_chain(link - 1, name, chain)))
        link = link > size_ ? record(link - 1).previous[chain] : link - 1;
    return link == 0 ? std::nullopt : std::optional<std::uint64_t>{link - 1};
}

bool EventIndexView::is_in_chain(std::uint64_t seq, Link name, Chain chain) const noexcept
{
    const EventRecord& line = record(seq);
    const auto is = [&](NameKind kind) { return line.names[static_cast<std::size_t>(kind)] == name; };
    if (chain != by_template)
        return is(chain == by_type ? NameKind::type : NameKind::subject);
    const std::string_view type = name_text(line.names[static_cast<std::size_t>(NameKind::type)]);
    if (name_record(name - 1).kind == static_cast<std::uint16_t>(NameKind::status))
        return type == "run.finished" && name_of(status(seq)) == name_text(name);
    return is(NameKind::template_id) && type == "run.started";
}

std::optional<std::uint64_t> EventIndexView::previous(std::uint64_t seq, Chain chain) const noexcept
{
    const Link link = record(seq).previous[chain];
    return link == 0 || link > seq ? std::nullopt : std::optional<std::uint64_t>{link - 1};
}

std::uint64_t EventIndexView::chain_size(Link name, Chain chain) const noexcept
{
    const auto last = newest(name, chain);
    return last ? record(*last).ordinal[chain] : 0;
}

std::shared_ptr<const EventIndexView::Files> EventIndex::mapped() const
{
    for (int attempt = 0; attempt < attempts; ++attempt) {
        auto files = std::make_shared<EventIndexView::Files>();
        files->names = map_file(folder_ + "/names.idx");
        files->events = map_file(folder_ + "/events.idx");
        if (!is_index_table(files->names, sizeof(NameRecord)) || !is_index_table(files->events, sizeof(EventRecord)))
            throw Error(folder_ + " has no whole index of events");
        if (header_of(files->names).generation == header_of(files->events).generation)
            return files;
    }
    throw Error(folder_ + ": the index of events is being replaced");
}

EventIndexView EventIndex::view()
{
    struct stat status {};
    const std::string path = folder_ + "/events.idx";
    if (::stat(path.c_str(), &status) != 0)
        throw errno_error("stat " + path);
    const auto has_all = [](const Mapping& table, std::size_t item_size) {
        return table && loaded(header_of(table).count) < table.size() / item_size;
    };
    auto current = current_.access();
    if (!current->files || current->inode != status.st_ino || !has_all(current->files->events, sizeof(EventRecord))) {
        current->files = mapped();
        current->inode = status.st_ino;
    }
    EventIndexView view;
    view.size_ = std::min(loaded(header_of(current->files->events).count),
                          current->files->events.size() / sizeof(EventRecord) - 1);
    // After the count of lines: all of their names are counted by now.
    if (!has_all(current->files->names, sizeof(NameRecord)))
        current->files = mapped();
    view.files_ = current->files;
    return view;
}

}
