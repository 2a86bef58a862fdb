// The private values.
#include "audit/verify_private.h"

#include "base/error.h"
#include "lib/json.h"
#include "os/file.h"

#include <unistd.h>

#include <algorithm>

namespace forge {

namespace {

constexpr std::size_t orphans_limit = 1000;

bool can_read(const std::string& folder)
{
    return ::access(folder.c_str(), R_OK | X_OK) == 0;
}

}

// A writer has state/: where that is, private/ is missing and not merely left out of a copy.
PrivateCheck::PrivateCheck(std::string root, bool is_asked, Flaws& findings)
    : root_(std::move(root)), findings_(findings), folder_(Folder::forbidden), stored_(root_, findings)
{
    if (!is_asked)
        return;
    const std::string values = root_ + "/private", keys = values + "/keys";
    const bool is_live = kind_of(root_ + "/state") == FileKind::folder;
    if (is_live && kind_of(values) == FileKind::none)
        folder_ = Folder::gone;
    else if (can_read(values) && (can_read(keys) || (is_live && kind_of(keys) == FileKind::none)))
        folder_ = Folder::readable;
}

// Of the newest day, more values may stand there than lines were committed.
void PrivateCheck::begin_day(const std::string& day)
{
    if (folder_ == Folder::readable && !stored_.file().empty())
        while (stored_.current())
            pass_orphan();
    stored_.begin_day(day);
}

void PrivateCheck::pass_orphan()
{
    if (orphans_.size() < orphans_limit)
        orphans_.push_back({stored_.file(), stored_.line(), stored_.current()->seq});
    stored_.advance();
}

void PrivateCheck::add(std::uint64_t seq, std::string_view priv, const Hash& leaf, const std::string& file, std::uint64_t line)
{
    const auto commitments = parse_commitments(priv);
    values_ += commitments.size();
    if (folder_ == Folder::forbidden) {
        not_looked_at_ += commitments.size();
        return;
    }
    std::vector<std::uint64_t> keyless(commitments.size(), 0);
    std::vector<bool> seen(commitments.size()), there(commitments.size());
    while (folder_ == Folder::readable && stored_.current() && stored_.current()->seq <= seq) {
        const auto found = std::ranges::find(commitments, stored_.current()->name, &Commitment::name);
        const auto at = static_cast<std::size_t>(found - commitments.begin());
        if (stored_.current()->seq < seq || found == commitments.end() || seen[at]) {
            pass_orphan();
            continue;
        }
        const auto verdict = stored_.check(*found, leaf, file, line);
        seen[at] = true;
        there[at] = verdict == StoredValues::Verdict::there || verdict == StoredValues::Verdict::changed;
        keyless[at] = verdict == StoredValues::Verdict::keyless ? stored_.line() : 0;
        stored_.advance();
    }
    for (std::size_t at = 0; at < commitments.size(); ++at)
        if (!there[at])
            note_missing(seq, line, commitments[at].name, file, keyless[at]);
}

void PrivateCheck::note_missing(std::uint64_t seq, std::uint64_t line, const std::string& name, const std::string& shard,
                                std::uint64_t value_line)
{
    if (files_.empty() || files_.back().shard != shard)
        files_.push_back({shard, stored_.file(), stored_.key_file()});
    const auto ordinal = names_.emplace(name, static_cast<std::uint32_t>(names_.size())).first->second;
    missing_.push_back({seq, line, value_line, ordinal, static_cast<std::uint32_t>(files_.size() - 1)});
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

void PrivateCheck::merge_redactions()
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
}

// Which file lost it cannot be told: the line is named, and each file once, unless the line itself was changed.
void PrivateCheck::find_missing()
{
    std::vector<std::string> names(names_.size());
    for (const auto& [name, ordinal] : names_)
        names[ordinal] = name;
    const auto once = [&](const std::string& file, const std::string& reason) {
        if (!findings_.has(file, 0))
            findings_.add(FlawKind::contradiction, file, 0, reason);
    };
    for (const auto& [seq, line, value_line, name, ordinal] : missing_) {
        const auto& [shard, sidecar, keys] = files_[ordinal];
        if (is_redacted(seq, names[name])) {
            ++erased_;
            continue;
        }
        const bool is_known = findings_.has(shard, line);
        findings_.add(FlawKind::contradiction, shard, line,
                      "the private value \"" + names[name] + "\" is missing, and no redaction covers it");
        if (value_line == 0) {
            if (!is_known)
                once(sidecar, "missing, or without values that lines commit to, the first of seq " + std::to_string(seq));
        } else {
            findings_.add(FlawKind::contradiction, sidecar, value_line, "its data key is not in " + keys);
            once(keys, "missing, or without a data key that " + sidecar + ":" + std::to_string(value_line) + " needs");
        }
    }
}

void PrivateCheck::finish(bool is_frozen)
{
    merge_redactions();
    stored_.finish();
    if (folder_ == Folder::gone && is_frozen) {
        is_erased_whole_ = true;
        return;
    }
    find_missing();
    // A line that was changed or is not there may have committed to it.
    if (findings_.exit_code() == 0)
        for (const auto& [file, line, seq] : orphans_)
            findings_.add(FlawKind::contradiction, file, line, "no line commits to this value of seq " + std::to_string(seq));
}

std::vector<std::string> PrivateCheck::warnings() const
{
    std::vector<std::string> list;
    if (not_looked_at_ > 0)
        list.push_back(std::to_string(not_looked_at_) + " private values not looked at: private/ cannot be read");
    if (stored_.unopened() > 0)
        list.push_back(std::to_string(stored_.unopened()) + " private values not opened: state/kek cannot be read");
    if (is_erased_whole_ && values_ > 0)
        list.push_back("private/ of this frozen ledger is gone: " + std::to_string(values_) + " private values are erased");
    return list;
}

}
