// What collectors share, and the two that only hand on: echo and evidence.
#include "analyze/collect.h"

#include <algorithm>

#include "analyze/reading.h"
#include "base/text.h"
#include "scan/lines.h"
#include "scan/secrets.h"

namespace forge {

namespace {

constexpr std::size_t longest_line = 200;
constexpr std::int64_t default_excerpt_lines = 20;
constexpr std::int64_t most_excerpt_lines = 500;
constexpr std::size_t excerpts_bytes = 256 * 1024;   // of all files: what a model can be asked to read

std::string valid_utf8(std::string text)
{
    for (auto fault = utf8_error(text); fault != text.npos; fault = utf8_error(text))
        text[fault] = '?';
    std::ranges::replace(text, '\0', '?');
    return text;
}

std::string excerpt_of(std::string_view text, std::size_t lines, std::size_t limit)
{
    std::size_t end = 0;
    for (std::size_t i = 0; i < lines && end < text.size(); ++i)
        end = std::min(text.find('\n', end), text.size() - 1) + 1;
    constexpr std::size_t longest_secret = 16 * 1024;   // one that the limit would cut is still known as one
    const std::string redacted = redact(text.substr(0, std::min(end, limit + longest_secret)));
    return std::string{utf8_prefix(valid_utf8(redacted), limit)};
}

}

std::string shown_line(std::string_view line)
{
    return std::string{utf8_prefix(valid_utf8(std::string{trim(redact(line))}), longest_line)};
}

Json audit_report(Findings& findings, const EvidenceReader& reader)
{
    findings.sort();
    const bool pass = findings.count(Risk::critical) + findings.count(Risk::high) == 0;
    return Json::object({{"score", findings.score()}, {"pass", pass}, {"summary", findings.summary()},
                         {"findings", findings.json()}, {"truncated", !findings.has_all()},
                         {"scanned", reader.scanned()}, {"skipped", reader.skips().json()}});
}

Collected collect_echo(const CollectorRequest& request)
{
    const Json output = Json::object({{"echo", Json::object({{"message", request.args["message"]}})}});
    return {output, output};
}

Collected collect_evidence(const CollectorRequest& request)
{
    const auto lines = static_cast<std::size_t>(std::clamp<std::int64_t>(
        request.settings["excerpt_lines"].as_integer(default_excerpt_lines), 0, most_excerpt_lines));
    EvidenceReader reader{request};
    Json files = Json::array();
    std::size_t left = excerpts_bytes;
    reader.each([&](const EvidenceFile& file, std::string_view text) {
        const std::string excerpt = excerpt_of(text, lines, left);
        left -= excerpt.size();
        files.append(Json::object({{"path", file.path},
                                   {"size", file.size},
                                   {"digest", "sha256:" + reader.hashes().at(file.path)},
                                   {"lines", LineIndex{text}.count()},
                                   {"excerpt", excerpt}}));
    });
    return {Json::object({{"files", files}, {"scanned", reader.scanned()}, {"skipped", reader.skips().json()}}), {},
            reader.read_any()};
}

}
