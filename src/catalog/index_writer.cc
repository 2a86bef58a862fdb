// Puts the files of a catalog together as an index.
#include "catalog/index_writer.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

#include "base/text.h"
#include "catalog/version.h"

namespace forge {

namespace {

using index_format::File;
using index_format::Header;
using index_format::Section;
using Numbers = std::vector<std::uint32_t>;

bool stands_before(const FileRecord& a, const FileRecord& b)
{
    return a.id != b.id ? a.id < b.id : version_order(a.version, b.version) < 0;
}

Problem problem_of(const FileRecord& file, FilePlace at, const char* pointer, const char* code, std::string message)
{
    const Position position{static_cast<int>(at.line), static_cast<int>(at.column)};
    return {std::string{file.path}, position, pointer, code, std::move(message)};
}

class IndexWriter {
public:
    explicit IndexWriter(IndexContent content);
    std::string finish();

private:
    const FileRecord& entry(std::uint32_t number) const { return content_.files[entries_[number]]; }
    void select_entries();
    void report_duplicates(Numbers::const_iterator first, Numbers::const_iterator end);
    void select_keywords();
    CatalogState state() const;
    Hash etag() const;

    Section add_text(std::string_view text);
    template <class Row>
    Section add_table(const std::vector<Row>& rows);
    void add_lists(std::vector<File>& files);
    void add_unlisted(std::vector<File>& files);
    std::vector<File> add_texts();
    std::string conflicts() const;

    IndexContent content_;
    Numbers entries_;    // rows of content_.files
    Numbers keywords_;   // rows of entries_
    std::string bytes_;
};

IndexWriter::IndexWriter(IndexContent content) : content_(std::move(content))
{
    std::ranges::sort(content_.files, {}, &FileRecord::path);
    select_entries();
    select_keywords();
}

void IndexWriter::select_entries()
{
    Numbers all;
    for (std::uint32_t i = 0; i < content_.files.size(); ++i)
        if (content_.files[i].has_template())
            all.push_back(i);
    const auto file = [this](std::uint32_t number) -> const FileRecord& { return content_.files[number]; };
    std::ranges::stable_sort(all, stands_before, file);
    for (auto at = all.begin(); at != all.end();) {
        const auto end = std::find_if(at, all.end(), [&](std::uint32_t other) {
            return file(other).id != file(*at).id || file(other).version != file(*at).version;
        });
        if (end - at == 1)
            entries_.push_back(*at);
        else
            report_duplicates(at, end);
        at = end;
    }
}

void IndexWriter::report_duplicates(Numbers::const_iterator first, Numbers::const_iterator end)
{
    for (auto at = first; at != end; ++at) {
        const FileRecord& file = content_.files[*at];
        const FileRecord& other = content_.files[at == first ? *(first + 1) : *first];
        content_.problems.push_back(problem_of(file, file.id_at, "/id", "duplicate",
                                               std::string{file.id} + "@" + std::string{file.version} + " is also in " +
                                                   std::string{other.path} + "; neither is served"));
    }
}

void IndexWriter::select_keywords()
{
    std::map<std::string_view, Numbers> by_keyword;
    for (std::uint32_t i = 0; i < entries_.size(); ++i)
        if (!entry(i).keyword.empty())
            by_keyword[entry(i).keyword].push_back(i);
    for (const auto& [keyword, numbers] : by_keyword) {
        const auto is_other = [&](std::uint32_t number) { return entry(number).id != entry(numbers.front()).id; };
        if (std::ranges::none_of(numbers, is_other)) {
            keywords_.push_back(numbers.back());   // the highest version
            continue;
        }
        const auto message = "another template has the keyword " + std::string{keyword} + " too";
        for (const auto number : numbers)
            content_.problems.push_back(
                problem_of(entry(number), entry(number).keyword_at, "/keyword", "keyword_taken", message));
    }
}

CatalogState IndexWriter::state() const
{
    if (!content_.root_exists)
        return CatalogState::missing;
    if (content_.files.empty())
        return CatalogState::empty;
    return entries_.empty() ? CatalogState::all_broken : CatalogState::ok;
}

std::string IndexWriter::conflicts() const
{
    Json list = Json::array();
    for (const auto& problem : content_.problems)
        list.append(to_json(problem));
    return dump(list);
}

Hash IndexWriter::etag() const
{
    Sha256 sum;
    sum.update(word_of(state()));
    for (const auto number : entries_) {
        const FileRecord& file = content_.files[number];
        sum.update(file.id).update("@").update(file.version).update(text_of(file.key));
    }
    return sum.finish();
}

Section IndexWriter::add_text(std::string_view text)
{
    const Section section{bytes_.size(), text.size()};
    bytes_.append(text);
    return section;
}

template <class Row>
Section IndexWriter::add_table(const std::vector<Row>& rows)
{
    bytes_.resize((bytes_.size() + 7) / 8 * 8);
    const Section section{bytes_.size(), rows.size()};
    bytes_.append(reinterpret_cast<const char*>(rows.data()), rows.size() * sizeof(Row));
    return section;
}

// Items and search texts stand in the order of the entries, so that a page is one piece of the file.
void IndexWriter::add_lists(std::vector<File>& files)
{
    for (const auto number : entries_) {
        files[number].item = add_text(content_.files[number].item);
        bytes_ += ',';
    }
    for (const auto number : entries_) {
        files[number].search = add_text(content_.files[number].search);
        bytes_ += '\0';
    }
}

// Duplicates are in no list, but may be served when the other one is gone.
void IndexWriter::add_unlisted(std::vector<File>& files)
{
    std::vector<bool> is_listed(files.size());
    for (const auto number : entries_)
        is_listed[number] = true;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (is_listed[i])
            continue;
        files[i].item = add_text(content_.files[i].item);
        files[i].search = add_text(content_.files[i].search);
    }
}

std::vector<File> IndexWriter::add_texts()
{
    std::vector<File> files;
    files.reserve(content_.files.size());
    for (const FileRecord& from : content_.files) {
        File& file = files.emplace_back();
        file.stamp = from.stamp;
        file.flags = from.flags;
        std::ranges::copy(from.key, file.key);
        file.id_at = from.id_at;
        file.keyword_at = from.keyword_at;
        file.reviewed_at = from.reviewed_at;
        file.path = add_text(from.path);
        file.id = add_text(from.id);
        file.version = add_text(from.version);
        file.keyword = add_text(from.keyword);
        file.text = add_text(from.text);
        file.problems = add_text(from.problems);
    }
    return files;
}

std::string IndexWriter::finish()
{
    Header header{};
    std::memcpy(header.magic, index_format::magic, sizeof header.magic);
    header.state = static_cast<std::uint64_t>(state());
    std::ranges::copy(etag(), header.etag);

    bytes_.assign(sizeof header, '\0');
    auto files = add_texts();
    header.search.offset = bytes_.size();
    add_lists(files);
    if (!entries_.empty())
        header.search.offset = files[entries_.front()].search.offset;
    header.search.size = bytes_.size() - header.search.offset;
    add_unlisted(files);
    header.origin = add_text(content_.origin);
    header.conflicts = add_text(conflicts());
    header.files = add_table(files);
    header.entries = add_table(entries_);
    header.keywords = add_table(keywords_);
    header.file_size = bytes_.size();

    std::memcpy(bytes_.data(), &header, sizeof header);
    const auto after_digest = offsetof(Header, digest) + sizeof header.digest;
    const Hash digest = sha256(std::string_view{bytes_}.substr(after_digest));
    std::memcpy(bytes_.data() + offsetof(Header, digest), digest.data(), digest.size());
    return std::move(bytes_);
}

}

std::string index_bytes(IndexContent content)
{
    return IndexWriter{std::move(content)}.finish();
}

}
