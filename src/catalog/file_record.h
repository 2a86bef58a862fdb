// A file of the catalog as the index keeps it.
#pragma once

#include "catalog/index_format.h"
#include "lib/crypto.h"

#include <string>
#include <string_view>

namespace forge {

using FileStamp = index_format::Stamp;
using FilePlace = index_format::Place;

/// Looks at texts that somebody else keeps: an index that is mapped, or a ParsedFile.
struct FileRecord {
    FileStamp stamp{};
    std::uint64_t flags = 0;
    Hash key{};
    FilePlace id_at{1, 1};
    FilePlace keyword_at{1, 1};
    FilePlace reviewed_at{1, 1};
    std::string_view path;
    std::string_view id;
    std::string_view version;
    std::string_view keyword;
    std::string_view item;
    std::string_view search;
    std::string_view text;
    std::string_view problems;

    bool has_template() const { return (flags & index_format::has_template) != 0; }
    bool is_usable() const { return (flags & index_format::is_usable) != 0; }
    bool uses_schema_files() const { return (flags & index_format::uses_schema_files) != 0; }

    /// "reviewed", "digest", "dialect" …: a text at the top of `text`, as JSON writes it, found without reading all of it.
    /// Inside of a text every quote has a backslash before it, and the first that has this name is the template's own.
    std::string_view fact(std::string_view name) const
    {
        const auto begin = text.find(",\"" + std::string{name} + "\":\"");
        if (begin == text.npos)
            return {};
        const auto value = text.substr(begin + name.size() + 5);
        return value.substr(0, value.find('"'));
    }
};

/// A file that was just read, with texts of its own.
struct ParsedFile {
    FileStamp stamp{};
    std::uint64_t flags = 0;
    Hash key{};
    FilePlace id_at{1, 1};
    FilePlace keyword_at{1, 1};
    FilePlace reviewed_at{1, 1};
    std::string path, id, version, keyword, item, search, text, problems;

    FileRecord record() const
    {
        return {stamp, flags, key, id_at, keyword_at, reviewed_at, path, id, version, keyword, item, search, text, problems};
    }
};

}
