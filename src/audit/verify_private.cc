// The private values.
#include "audit/verify_private.h"

#include "base/error.h"
#include "base/text.h"
#include "lib/json.h"
#include "os/file.h"
#include "tlog/slices.h"

#include <unistd.h>

#include <algorithm>

namespace forge {

namespace {

constexpr std::size_t sidecar_line_limit = 16U << 20;   // base64 of 8 MiB and what stands beside it
constexpr std::size_t key_line_limit = 4096;

bool can_read(const std::string& folder)
{
    return ::access(folder.c_str(), R_OK | X_OK) == 0;
}

std::string_view text_member(std::string_view object, std::string_view name)
{
    return plain_text(member_of(object, name)).value_or(std::string_view{});
}

}

PrivateCheck::PrivateCheck(std::string root, Flaws& findings)
    : root_(std::move(root)), findings_(findings),
      is_readable_(can_read(root_ + "/private") && can_read(root_ + "/private/keys"))
{
}

void PrivateCheck::begin_day(const std::string& day)
{
    sidecar_.reset();
    next_.reset();
    sidecar_file_ = "private/" + day + ".jsonl";
    sidecar_line_ = 0;
    if (const std::string file = "private/keys/" + day.substr(0, 7) + ".jsonl"; file != key_file_) {
        key_file_ = file;
        key_lines_.reset();
        keys_.clear();
    }
}

// Files and lines may come while this reads: each is looked for again when it is missed.
std::optional<std::string_view> PrivateCheck::next_line(std::unique_ptr<LineStream>& lines, const std::string& file,
                                                        std::size_t limit)
{
    const std::string path = root_ + "/" + file;
    if (!lines && !exists(path))
        return std::nullopt;
    if (!lines)
        lines = std::make_unique<LineStream>(path, limit);
    return lines->next();
}

bool PrivateCheck::has_key(const std::string& id)
{
    while (!keys_.contains(id)) {
        const auto line = next_line(key_lines_, key_file_, key_line_limit);
        if (!line)
            return false;
        keys_.emplace(text_member(*line, "dek"));
    }
    return true;
}

void PrivateCheck::read_next()
{
    next_.reset();
    while (const auto line = next_line(sidecar_, sidecar_file_, sidecar_line_limit)) {
        ++sidecar_line_;
        const auto seq = parse_unsigned(member_of(*line, "seq"));
        const auto name = text_member(*line, "name");
        if (seq && !name.empty()) {
            next_ = Stored{*seq, std::string{name}, has_key(std::string{text_member(*line, "dek")})};
            return;
        }
        findings_.add(FlawKind::contradiction, sidecar_file_, sidecar_line_, "not a line of private values");
    }
}

void PrivateCheck::add(std::uint64_t seq, std::string_view priv, const std::string& file, std::uint64_t line)
{
    const auto commitments = object_slices(priv).value_or(std::vector<JsonSlice>{});
    values_ += commitments.size();
    if (!is_readable_) {
        not_looked_at_ += commitments.size();
        return;
    }
    if (!next_)
        read_next();
    std::vector<std::string> stored;
    // Lines of a smaller seq: of a line that lost its commitment, which is found as a changed line.
    for (; next_ && next_->seq <= seq; read_next())
        if (next_->seq == seq && next_->has_key)
            stored.push_back(next_->name);
    for (const auto& commitment : commitments) {
        if (std::find(stored.begin(), stored.end(), commitment.name) != stored.end())
            continue;
        if (files_.empty() || files_.back() != file)
            files_.push_back(file);
        const auto name = names_.emplace(commitment.name, static_cast<std::uint32_t>(names_.size())).first->second;
        missing_.push_back({seq, line, name, static_cast<std::uint32_t>(files_.size() - 1)});
    }
}

void PrivateCheck::add_redaction(std::string_view event)
{
    const Json json = parse_json(event);
    std::vector<std::string> names;
    for (const Json& name : json["fields"].items())
        names.emplace_back(name.as_text());
    if (names.empty())
        names.emplace_back();
    for (const Json& item : json["seqs"].items()) {
        const Json first = item.is_array() ? item.at(0) : item;
        const Json last = item.is_array() ? item.at(1) : item;
        if (!first.is_integer() || !last.is_integer())
            throw Error("seqs is not a list of numbers and pairs of them");
        for (const auto& name : names)
            redacted_[name].push_back(
                {static_cast<std::uint64_t>(first.as_integer()), static_cast<std::uint64_t>(last.as_integer())});
    }
}

bool PrivateCheck::is_redacted(std::uint64_t seq, const std::string& name) const
{
    for (const auto& key : {name, std::string{}}) {
        const auto found = redacted_.find(key);
        if (found == redacted_.end())
            continue;
        // Sorted by first and merged by finish().
        const auto& spans = found->second;
        const auto after = std::upper_bound(spans.begin(), spans.end(), seq,
                                            [](std::uint64_t s, const Span& span) { return s < span.first; });
        if (after != spans.begin() && std::prev(after)->last >= seq)
            return true;
    }
    return false;
}

void PrivateCheck::finish()
{
    for (auto& [name, spans] : redacted_) {
        std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.first < b.first; });
        std::vector<Span> merged;
        for (const Span& span : spans)
            if (!merged.empty() && span.first <= merged.back().last + 1)
                merged.back().last = std::max(merged.back().last, span.last);
            else
                merged.push_back(span);
        spans = std::move(merged);
    }
    std::vector<std::string> names(names_.size());
    for (const auto& [name, ordinal] : names_)
        names[ordinal] = name;
    for (const auto& [seq, line, name, file] : missing_)
        if (is_redacted(seq, names[name]))
            ++erased_;
        else
            findings_.add(FlawKind::contradiction, files_[file], line,
                          "the private value \"" + names[name] + "\" is missing, and no redaction covers it");
}

}
