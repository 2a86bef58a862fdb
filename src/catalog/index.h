// The catalog's index: a file that one service writes and every worker maps.
#pragma once

#include "catalog/file_record.h"
#include "os/shared_memory.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

enum class CatalogState { ok, missing, empty, all_broken };

/// "ok", "missing", "empty", "all_broken": the words of x-catalog-problem.
std::string_view word_of(CatalogState state);

/// A page of the list.
struct ListPage {
    std::string body;          // "[{…},…]"
    std::size_t total = 0;     // of all pages
    std::string next_cursor;   // empty on the last page
};

/// Immutable once mapped: any number of threads.  What it gives are views into itself.
class CatalogIndex {
public:
    /// An index without any template.
    CatalogIndex() = default;
    /// Looks at the bytes of an index, which must live longer.  Throws Error as map does.
    explicit CatalogIndex(std::string_view bytes) : bytes_(bytes) { open(); }
    /// Throws Error for a file that is not whole, byte for byte; SystemError when it cannot be read.
    static CatalogIndex map(const std::string& path);

    CatalogState state() const noexcept { return state_; }
    /// Of all content, for an ETag: 32 hex digits.
    const std::string& etag() const noexcept { return etag_; }
    /// Templates that are served.
    std::size_t size() const noexcept { return entries_.size(); }
    /// Files in which something is wrong.
    std::size_t files_with_problems() const noexcept { return files_with_problems_; }

    /// Templates whose id, name, description or a tag contains `filter` (ASCII letters in either case; empty: all), by
    /// id and version, from the one behind `cursor` on (empty: the first).  Nothing for a cursor that is none of ours.
    std::optional<ListPage> list(std::size_t limit, std::string_view cursor, std::string_view filter) const;
    std::size_t count(std::string_view filter) const;

    /// "id" (its highest version), "id@version", or an old keyword; nothing when there is none.
    std::optional<FileRecord> find(std::string_view name) const;
    /// All versions of an id, lowest first.
    std::vector<std::string_view> versions(std::string_view id) const;
    /// Every template, by id and version.
    FileRecord entry(std::size_t number) const;

    /// JSON array of every problem in the catalog, those of files without a template too.
    std::string problems() const;

    // For the service that writes the next one.
    std::string_view bytes() const noexcept { return bytes_; }
    std::span<const index_format::File> files() const noexcept { return files_; }
    FileRecord record(const index_format::File& file) const;
    /// By what build and from which schema files it was made.
    std::string_view origin() const noexcept { return origin_; }

private:
    void open();
    void check_bytes() const;
    void check_numbers() const;
    template <class Row>
    std::span<const Row> table(const index_format::Section& section) const;
    std::string_view text(const index_format::Section& section) const;
    const index_format::File& file_of(std::size_t entry) const { return files_[entries_[entry]]; }

    std::string_view id_of(std::size_t entry) const { return text(file_of(entry).id); }
    std::size_t lower_bound(std::string_view id, std::string_view version) const;
    std::optional<std::size_t> first_of_page(std::string_view cursor) const;
    std::optional<std::size_t> number_of(std::string_view name) const;
    std::vector<std::uint32_t> matches(std::string_view filter) const;
    ListPage whole_page(std::size_t first, std::size_t limit) const;
    ListPage filtered_page(std::size_t first, std::size_t limit, std::string_view filter) const;
    std::string cursor_behind(std::size_t entry) const;

    Mapping mapping_;         // empty where somebody else keeps the bytes
    std::string_view bytes_;
    CatalogState state_ = CatalogState::missing;
    std::string etag_ = std::string(32, '0');
    std::span<const index_format::File> files_;
    std::size_t files_with_problems_ = 0;
    std::span<const std::uint32_t> entries_;
    std::span<const std::uint32_t> keywords_;
    std::string_view search_;
    std::string_view origin_;
    std::string_view conflicts_ = "[]";
};

}
