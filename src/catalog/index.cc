// The catalog's index as a reader maps it.
#include "catalog/index.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/text.h"

namespace forge {

namespace {

using index_format::File;
using index_format::Header;
using index_format::Section;

constexpr std::string_view states[] = {"ok", "missing", "empty", "all_broken"};

}

std::string_view word_of(CatalogState state)
{
    return states[static_cast<std::size_t>(state)];
}

CatalogIndex CatalogIndex::map(const std::string& path)
{
    CatalogIndex index;
    index.mapping_ = map_file(path);
    index.bytes_ = {index.mapping_.data(), index.mapping_.size()};
    try {
        index.open();
    } catch (...) {
        rethrow_while(path);
    }
    // What no request touches needs no memory of ours.
    ::madvise(index.mapping_.data(), index.mapping_.size(), MADV_DONTNEED);
    return index;
}

void CatalogIndex::open()
{
    if (bytes_.size() < sizeof(Header))
        throw Error("not an index of the catalog");
    check_bytes();
    const auto& header = *reinterpret_cast<const Header*>(bytes_.data());
    state_ = static_cast<CatalogState>(header.state);
    etag_ = hex(Bytes{header.etag}.first(16));
    files_ = table<File>(header.files);
    entries_ = table<std::uint32_t>(header.entries);
    keywords_ = table<std::uint32_t>(header.keywords);
    search_ = text(header.search);
    origin_ = text(header.origin);
    conflicts_ = text(header.conflicts);
    constexpr std::string_view no_problems = "[]";
    for (const File& file : files_)
        files_with_problems_ += record(file).problems != no_problems;
    check_numbers();
}

void CatalogIndex::check_bytes() const
{
    const auto& header = *reinterpret_cast<const Header*>(bytes_.data());
    if (std::memcmp(header.magic, index_format::magic, sizeof header.magic) != 0)
        throw Error("not an index of the catalog");
    constexpr auto after_digest = offsetof(Header, digest) + sizeof(Header::digest);
    const Hash actual = sha256(bytes_.substr(after_digest));
    if (header.file_size != bytes_.size() || std::memcmp(header.digest, actual.data(), actual.size()) != 0)
        throw Error("damaged");
    if (header.state >= std::size(states))
        throw Error("unknown state");
}

// The digest shows that the file is as it was written; this, that nothing written wrong can lead a reader astray.
void CatalogIndex::check_numbers() const
{
    const auto inside = [](std::size_t size) { return [size](std::uint32_t number) { return number < size; }; };
    if (!std::ranges::all_of(entries_, inside(files_.size())) || !std::ranges::all_of(keywords_, inside(size())))
        throw Error("a number of no row");
    const auto follows = [](const Section& before, const Section& after) {
        return after.offset == before.offset + before.size + 1;   // a comma or NUL between them
    };
    for (std::size_t i = 1; i < size(); ++i)
        if (!follows(file_of(i - 1).item, file_of(i).item) || !follows(file_of(i - 1).search, file_of(i).search))
            throw Error("texts out of their order");
    if (size() > 0 && (text(file_of(0).search).data() != search_.data() ||
                       text(file_of(size() - 1).search).data() + file_of(size() - 1).search.size + 1 !=
                           search_.data() + search_.size()))
        throw Error("a search text outside of its section");
}

template <class Row>
std::span<const Row> CatalogIndex::table(const Section& section) const
{
    if (section.offset > bytes_.size() || section.offset % alignof(std::uint64_t) != 0 ||
        section.size > (bytes_.size() - section.offset) / sizeof(Row))
        throw Error("a table outside of the file");
    return {reinterpret_cast<const Row*>(bytes_.data() + section.offset), section.size};
}

std::string_view CatalogIndex::text(const Section& section) const
{
    if (section.offset > bytes_.size() || section.size > bytes_.size() - section.offset)
        throw Error("a text outside of the file");
    return {bytes_.data() + section.offset, section.size};
}

FileRecord CatalogIndex::record(const File& file) const
{
    FileRecord record{file.stamp,         file.flags,         {},
                      file.id_at,         file.keyword_at,    file.reviewed_at, text(file.path),
                      text(file.id),      text(file.version), text(file.keyword),
                      text(file.item),    text(file.search),  text(file.text),
                      text(file.problems)};
    std::ranges::copy(file.key, record.key.begin());
    return record;
}

FileRecord CatalogIndex::entry(std::size_t number) const
{
    return record(file_of(number));
}

std::string CatalogIndex::problems() const
{
    std::string all;
    const auto add = [&all](std::string_view array) {
        if (array.size() > 2)
            all.append(all.empty() ? "" : ",").append(array.substr(1, array.size() - 2));
    };
    for (const File& file : files_)
        add(text(file.problems));
    add(conflicts_);
    return "[" + all + "]";
}

}
