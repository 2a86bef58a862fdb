// The bytes of the catalog's index file; docs/CATALOG-INDEX.md describes them with an example.
#pragma once

#include <cstdint>
#include <cstddef>
#include <type_traits>

namespace forge::index_format {

// Numbers are those of the machine: the file is a cache that never leaves it.
constexpr char magic[8] = {'F', 'O', 'R', 'G', 'E', 'C', 'X', '2'};

/// Bytes of the file, or rows of a table; `offset` counts from the file's begin and is a multiple of 8 for tables.
struct Section {
    std::uint64_t offset;
    std::uint64_t size;
};

struct Header {
    char magic[8];
    unsigned char digest[32];   // SHA-256 of everything behind it
    std::uint64_t file_size;
    std::uint64_t state;        // CatalogState
    unsigned char etag[32];     // SHA-256 of all that a reader can be shown
    Section files;              // File rows, by path
    Section entries;            // u32: rows of `files` that are served, by id and version
    Section keywords;           // u32: rows of `entries` with a keyword that is theirs alone, by keyword
    Section search;             // lower-case texts of the entries, each ended by NUL, in their order
    Section origin;             // text: by what build and from which schema files it was made
    Section conflicts;          // JSON array: problems between files
};

/// What the file system said about a file when it was read.
struct Stamp {
    std::int64_t modified_ns;
    std::int64_t changed_ns;
    std::uint64_t size;
    std::uint64_t inode;
    std::uint64_t device;

    friend bool operator==(const Stamp&, const Stamp&) = default;
};

/// A line and a column, from 1.
struct Place {
    std::uint32_t line;
    std::uint32_t column;
};

enum Flags : std::uint64_t { has_template = 1, is_usable = 2, uses_schema_files = 4 };

/// A file of the catalog.  Without a template only path, stamp, flags and problems say something.
struct File {
    Stamp stamp;
    std::uint64_t flags;
    unsigned char key[32];      // SHA-256 of `text`
    Place id_at;
    Place keyword_at;
    Place reviewed_at;
    Section path;
    Section id;
    Section version;
    Section keyword;
    Section item;               // JSON object of the list; the items of consecutive entries are joined by ","
    Section search;             // in Header::search
    Section text;               // JSON object: the whole template
    Section problems;           // JSON array
};

static_assert(sizeof(Header) == 184 && sizeof(File) == 232);
static_assert(std::is_trivially_copyable_v<Header> && std::is_trivially_copyable_v<File>);

}
