// Questions to the catalog's index: pages, counts, names.
#include "catalog/index.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "catalog/template.h"
#include "catalog/version.h"

namespace forge {

namespace {

// What stands in a cursor before the id: the version of its form.
constexpr std::string_view cursor_mark = "1:";

// "id@version", taken apart at the first "@".
std::pair<std::string_view, std::string_view> name_parts(std::string_view name)
{
    const auto at = name.find('@');
    return at == name.npos ? std::pair{name, std::string_view{}} : std::pair{name.substr(0, at), name.substr(at + 1)};
}

}

// The first entry that is not before id and version.
std::size_t CatalogIndex::lower_bound(std::string_view id, std::string_view version) const
{
    std::size_t low = 0;
    std::size_t high = size();
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        const auto order = id_of(middle) <=> id;
        const bool is_before = order < 0 || (order == 0 && version_order(text(file_of(middle).version), version) < 0);
        (is_before ? low : high) = is_before ? middle + 1 : middle;
    }
    return low;
}

std::string CatalogIndex::cursor_behind(std::size_t entry) const
{
    const FileRecord last = record(file_of(entry));
    return base64url(std::string{cursor_mark} + std::string{last.id} + "@" + std::string{last.version});
}

std::optional<std::size_t> CatalogIndex::first_of_page(std::string_view cursor) const
{
    if (cursor.empty())
        return 0;
    const auto plain = from_base64url(cursor);
    if (!plain || !plain->starts_with(cursor_mark))
        return std::nullopt;
    const auto [id, version] = name_parts(std::string_view{*plain}.substr(cursor_mark.size()));
    if (!is_template_id(id) || !Version::parse(version))
        return std::nullopt;
    const auto found = lower_bound(id, version);
    const bool is_there = found < size() && id_of(found) == id && text(file_of(found).version) == version;
    return found + (is_there ? 1 : 0);
}

// One search over all texts, and from a hit to the entry it is in.
std::vector<std::uint32_t> CatalogIndex::matches(std::string_view filter) const
{
    std::vector<std::uint32_t> found;
    if (filter.find('\0') != filter.npos)   // it ends the texts, and is in none
        return found;
    const auto needle = lower(filter);
    const auto begin = [this](std::size_t entry) { return file_of(entry).search.offset; };
    const char* const file = bytes_.data();
    for (std::size_t from = 0; from < search_.size();) {
        const void* const hit = ::memmem(search_.data() + from, search_.size() - from, needle.data(), needle.size());
        if (!hit)
            break;
        const auto offset = static_cast<std::uint64_t>(static_cast<const char*>(hit) - file);
        std::size_t low = found.empty() ? 0 : found.back() + 1;
        std::size_t step = 1;   // the next hit is often near
        for (; low + step < size() && begin(low + step) <= offset; step *= 2)
            low += step;
        std::size_t high = std::min(low + step, size());
        while (low + 1 < high) {
            const auto middle = low + (high - low) / 2;
            (begin(middle) <= offset ? low : high) = middle;
        }
        if (low >= size())
            break;
        found.push_back(static_cast<std::uint32_t>(low));
        from = begin(low) + file_of(low).search.size - static_cast<std::uint64_t>(search_.data() - file);
    }
    return found;
}

// Consecutive items stand side by side in the file, joined by commas.
ListPage CatalogIndex::whole_page(std::size_t first, std::size_t limit) const
{
    ListPage page{"[]", size(), {}};
    const auto end = first + std::min(limit, size() - first);
    if (first == end)
        return page;
    const auto items = text(file_of(first).item);
    const auto last = text(file_of(end - 1).item);
    page.body.reserve(static_cast<std::size_t>(last.data() + last.size() - items.data()) + 2);
    page.body.assign("[").append(items.data(), last.data() + last.size()).append("]");
    if (end < size())
        page.next_cursor = cursor_behind(end - 1);
    return page;
}

ListPage CatalogIndex::filtered_page(std::size_t first, std::size_t limit, std::string_view filter) const
{
    const auto found = matches(filter);
    ListPage page{"[", found.size(), {}};
    auto at = std::ranges::lower_bound(found, first);
    for (std::size_t count = 0; count < limit && at != found.end(); ++count, ++at)
        page.body.append(count == 0 ? "" : ",").append(text(file_of(*at).item));
    page.body += ']';
    if (limit > 0 && at != found.end())
        page.next_cursor = cursor_behind(*(at - 1));
    return page;
}

std::optional<ListPage> CatalogIndex::list(std::size_t limit, std::string_view cursor, std::string_view filter) const
{
    const auto first = first_of_page(cursor);
    if (!first)
        return std::nullopt;
    return filter.empty() ? whole_page(*first, limit) : filtered_page(*first, limit, filter);
}

std::size_t CatalogIndex::count(std::string_view filter) const
{
    return filter.empty() ? size() : matches(filter).size();
}

std::optional<FileRecord> CatalogIndex::find(std::string_view name) const
{
    const auto number = number_of(name);
    return number ? std::optional{entry(*number)} : std::nullopt;
}

std::optional<std::size_t> CatalogIndex::number_of(std::string_view name) const
{
    const auto [id, version] = name_parts(name);
    auto at = lower_bound(id, version);
    if (id.size() < name.size()) {
        const bool is_there = at < size() && id_of(at) == id && text(file_of(at).version) == version;
        return is_there ? std::optional{at} : std::nullopt;
    }
    if (at < size() && id_of(at) == id) {
        while (at + 1 < size() && id_of(at + 1) == id)
            ++at;
        return at;
    }
    const auto keyword_of = [this](std::uint32_t entry) { return text(file_of(entry).keyword); };
    const auto found = std::ranges::lower_bound(keywords_, name, {}, keyword_of);
    if (found == keywords_.end() || keyword_of(*found) != name)
        return std::nullopt;
    return *found;
}

std::vector<std::string_view> CatalogIndex::versions(std::string_view id) const
{
    std::vector<std::string_view> list;
    for (auto at = lower_bound(id, ""); at < size() && id_of(at) == id; ++at)
        list.push_back(text(file_of(at).version));
    return list;
}

}
