// Reads a catalog: what changed since the last index is parsed, the rest is taken from it.
#include "catalog/load.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <thread>

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "catalog/index_writer.h"
#include "catalog/read_template.h"
#include "os/beneath.h"
#include "os/file.h"

namespace forge {

namespace {

// Of a file that was written this shortly before it was read, a later write may leave the same stamp.
constexpr long long racy_ns = 100'000'000;

// Another program may see other problems in the same file.
std::string build_of_this_program()
{
    struct stat info{};
    if (::stat("/proc/self/exe", &info) != 0)
        throw errno_error("stat /proc/self/exe");
    return std::string{FORGE_VERSION} + " " + std::to_string(info.st_ino) + " " + std::to_string(info.st_size) + " " +
           std::to_string(info.st_mtim.tv_sec) + "." + std::to_string(info.st_mtim.tv_nsec);
}

struct Origin {
    std::string program;   // and the root
    std::string schemas;

    std::string text() const { return program + "\n" + schemas; }
};

// What of the last index still holds.
class Known {
public:
    Known(const CatalogIndex& previous, const Origin& origin) : index_(previous)
    {
        const auto lines = split(previous.origin(), '\n');
        is_usable_ = lines.size() == 2 && lines[0] == origin.program;
        has_same_schemas_ = is_usable_ && lines[1] == origin.schemas;
    }

    // What the file's bytes said the last time, if anything.  The files of both are sorted by path.
    std::optional<FileRecord> record(const Walk::File& file) const
    {
        if (!is_usable_)
            return std::nullopt;
        const auto path_of = [this](const index_format::File& each) { return index_.record(each).path; };
        const auto found = std::ranges::lower_bound(index_.files(), file.path, {}, path_of);
        if (found == index_.files().end() || path_of(*found) != file.path)
            return std::nullopt;
        const FileRecord record = index_.record(*found);
        return record.uses_schema_files() && !has_same_schemas_ ? std::nullopt : std::optional{record};
    }

private:
    const CatalogIndex& index_;
    bool is_usable_ = false;
    bool has_same_schemas_ = false;
};

std::string search_text(const CatalogTemplate& value)
{
    std::string text = value.id + "\n" + value.name() + "\n" + value.purpose;
    for (const auto& tag : value.tags)
        text += "\n" + tag;
    std::ranges::replace(text, '\0', ' ');
    return lower(text);
}

FilePlace place_of(Position at)
{
    return {static_cast<std::uint32_t>(at.line), static_cast<std::uint32_t>(at.column)};
}

void take_template(ParsedFile& parsed, const CatalogTemplate& value)
{
    parsed.flags |= index_format::has_template | (value.usable ? index_format::is_usable : index_format::Flags{});
    parsed.id = value.id;
    parsed.version = value.version;
    parsed.keyword = value.keyword;
    parsed.item = dump(list_item(value));
    parsed.search = search_text(value);
    parsed.text = dump(to_json(value));
    parsed.key = sha256(parsed.text);
}

void take_problems(ParsedFile& parsed, const std::vector<Problem>& problems)
{
    Json list = Json::array();
    for (const auto& problem : problems)
        list.append(to_json(problem));
    parsed.problems = dump(list);
}

// The file was written again, or is a copy: its bytes decide.
ParsedFile same_bytes(const FileRecord& record, const FileStamp& stamp)
{
    return {stamp, record.flags, record.key, record.id_at, record.keyword_at, record.reviewed_at,
            std::string{record.path}, std::string{record.id}, std::string{record.version}, std::string{record.keyword},
            std::string{record.item}, std::string{record.search}, std::string{record.text}, std::string{record.problems}};
}

void parse_text(ParsedFile& parsed, std::string_view text, SchemaFiles& schemas)
{
    const TemplateFile read = read_template(parsed.path, text, schemas);
    if (read.uses_schema_files)
        parsed.flags |= index_format::uses_schema_files;
    parsed.id_at = place_of(read.id_at);
    parsed.keyword_at = place_of(read.keyword_at);
    parsed.reviewed_at = place_of(read.reviewed_at);
    if (read.value)
        take_template(parsed, *read.value);
    take_problems(parsed, read.problems);
}

// A file that is read, and what is known of it.
struct Fresh {
    const Walk::File* file;
    std::optional<FileRecord> known;
};

// Opened below the root; problems of reading it are in the result.
ParsedFile parse_file(const Fd& root, const Fresh& fresh, SchemaFiles& schemas, std::atomic<std::size_t>& count)
{
    const Walk::File& file = *fresh.file;
    ParsedFile parsed;
    parsed.path = file.path;
    parsed.stamp = file.stamp;
    if (file.stamp.modified_ns > unix_millis(wall_now()) * 1'000'000 - racy_ns)
        parsed.stamp.modified_ns = 0;
    constexpr auto limit = YamlLimits{}.bytes;
    if (file.stamp.size > limit) {
        take_problems(parsed, {{file.path, {}, "", "file_invalid", "larger than " + std::to_string(limit) + " bytes"}});
        return parsed;
    }
    try {
        const Fd fd = open_beneath(root.get(), file.path, O_RDONLY | O_NONBLOCK, Links::inside);
        if (!fd)
            throw Error(std::strerror(errno));
        const auto text = read_rest(fd.get(), file.path, limit);
        if (fresh.known && fresh.known->fact("digest") == sha256_digest(text))
            return same_bytes(*fresh.known, parsed.stamp);
        ++count;
        parse_text(parsed, text, schemas);
    } catch (const Error& error) {
        take_problems(parsed, {{file.path, {}, "", "file_unreadable", error.what()}});
    }
    return parsed;
}

std::vector<ParsedFile> parse_all(const Fd& root, const std::vector<Fresh>& files, SchemaFiles& schemas,
                                  const LoadOptions& options, std::atomic<std::size_t>& count)
{
    std::vector<ParsedFile> parsed(files.size());
    std::atomic<std::size_t> next = 0;
    const auto work = [&](const auto& progress) {
        for (std::size_t i = next++; i < files.size(); i = next++) {
            parsed[i] = parse_file(root, files[i], schemas, count);
            if (progress)
                progress(i + 1, files.size());
        }
    };
    {
        std::vector<std::jthread> helpers;   // join at the end of the block
        for (unsigned i = 1; i < options.threads && i < files.size(); ++i)
            helpers.emplace_back([&work] { work(decltype(options.progress){}); });
        work(options.progress);
    }
    return parsed;
}

}

Loaded load_catalog(const std::string& root, const CatalogIndex& previous, const LoadOptions& options)
{
    SchemaFiles schemas{root};
    const Origin origin{build_of_this_program() + " " + root, schemas.fingerprint()};
    const Known known{previous, origin};

    Loaded loaded{{}, walk_catalog(root), {}};
    IndexContent content{{}, loaded.walk.problems, static_cast<bool>(loaded.walk.root), origin.text()};
    std::vector<Fresh> fresh;
    for (const auto& file : loaded.walk.files) {
        const auto record = known.record(file);
        if (record && record->stamp == file.stamp)
            content.files.push_back(*record);
        else
            fresh.push_back({&file, record});
    }
    std::atomic<std::size_t> count = 0;
    const auto parsed = parse_all(loaded.walk.root, fresh, schemas, options, count);
    loaded.counts = {loaded.walk.files.size(), fresh.size(), count};
    for (const auto& file : parsed)
        content.files.push_back(file.record());
    loaded.bytes = index_bytes(std::move(content));
    if (loaded.bytes == previous.bytes())
        loaded.bytes.clear();
    return loaded;
}

}
