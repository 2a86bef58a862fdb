// Evidence: a tree of files that a run may look at, wherever it comes from.
#include "analyze/evidence.h"

#include <algorithm>

#include "base/text.h"
#include "lib/crypto.h"

namespace forge {

namespace {

constexpr std::size_t named_skips = 100;
constexpr std::size_t longest_path = 1024;
constexpr std::size_t deepest_path = 40;
constexpr std::size_t longest_shown = 300;

bool is_control(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}

void Skips::add(std::string_view path, std::string_view reason)
{
    ++count_;
    ++reasons_[std::string{reason}];
    if (items_.size() < named_skips)
        items_.emplace_back(shown_path(path), reason);
}

void Skips::add(const Skips& others)
{
    count_ += others.count_;
    for (const auto& [reason, count] : others.reasons_)
        reasons_[reason] += count;
    for (const auto& item : others.items_)
        if (items_.size() < named_skips)
            items_.push_back(item);
}

Json Skips::json() const
{
    Json reasons = Json::object();
    for (const auto& [reason, count] : reasons_)
        reasons.set(reason, count);
    Json items = Json::array();
    for (const auto& [path, reason] : items_)
        items.append(Json::object({{"path", path}, {"reason", reason}}));
    return Json::object({{"count", count_}, {"reasons", reasons}, {"items", items}});
}

Skips Skips::from_json(const Json& json)
{
    Skips skips;
    skips.count_ = static_cast<std::size_t>(json["count"].as_integer());
    for (const auto& [reason, count] : json["reasons"].members())
        skips.reasons_[reason] = static_cast<std::size_t>(count.as_integer());
    for (const auto& item : json["items"].items())
        skips.items_.emplace_back(item["path"].as_text(), item["reason"].as_text());
    return skips;
}

TextEvidence::TextEvidence(std::map<std::string, std::string> texts) : texts_(std::move(texts))
{
    for (const auto& [path, text] : texts_)
        files_.push_back({path, text.size()});
}

std::optional<std::string> TextEvidence::read(const EvidenceFile& file, std::size_t limit) const
{
    const auto found = texts_.find(file.path);
    return found == texts_.end() ? std::nullopt : std::optional{found->second.substr(0, limit)};
}

std::string tree_digest(const std::map<std::string, std::string>& file_hashes_in_hex)
{
    Sha256 hash;
    for (const auto& [path, hex_of_file] : file_hashes_in_hex)
        hash.update(hex_of_file).update("  ").update(path).update("\n");
    return "sha256:" + hex(hash.finish());
}

std::optional<std::string> path_fault(std::string_view path)
{
    if (path.empty())
        return "no name";
    if (path.size() > longest_path)
        return "path longer than 1024 bytes";
    if (!is_utf8(path))
        return "name is not UTF-8";
    if (std::ranges::any_of(path, is_control))
        return "control character in its name";
    if (path.front() == '/')
        return "absolute path";
    const auto parts = split(path, '/');
    if (parts.size() > deepest_path)
        return "more than 40 folders deep";
    if (std::ranges::find(parts, "..") != parts.end())
        return "leaves the folder";
    if (path.find('\\') != path.npos)
        return "backslash in its name";
    return std::nullopt;
}

std::string normal_path(std::string_view path)
{
    std::vector<std::string> parts;
    for (const auto part : split(path, '/'))
        if (!part.empty() && part != ".")
            parts.emplace_back(part);
    return join(parts, "/");
}

std::string shown_path(std::string_view path)
{
    std::string shown{path.substr(0, longest_shown)};
    for (auto fault = utf8_error(shown); fault != shown.npos; fault = utf8_error(shown))
        shown[fault] = '?';
    std::ranges::replace_if(shown, is_control, '?');
    return shown;
}

}
