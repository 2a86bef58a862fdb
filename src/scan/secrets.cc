// Finds secrets in a text, and takes them out of it.
#include "scan/secrets.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "scan/lines.h"
#include "scan/secret_finder.h"

namespace forge {

namespace {

using namespace std::string_view_literals;

constexpr std::array allow_marks{"forge:allow-secret"sv, "gitleaks:allow"sv, "pragma: allowlist secret"sv,
                                 "pragma: allowlist nextline secret"sv};

bool has_mark(std::string_view line)
{
    return std::ranges::any_of(allow_marks, [&](std::string_view mark) { return line.find(mark) != line.npos; });
}

bool is_comment(std::string_view line)
{
    constexpr std::array starts{"#"sv, "//"sv, "/*"sv, "*"sv, "--"sv, ";"sv, "<!--"sv, "%"sv, "REM"sv, "'"sv, "{#"sv};
    line = trim(line);
    return std::ranges::any_of(starts, [&](std::string_view start) { return line.starts_with(start); });
}

}

SecretScan find_secrets(std::string_view text, std::size_t limit)
{
    SecretScan scan;
    SecretFinder finder;
    finder.look({.text = text}, scan.findings, limit * 2);   // overlapping ones are sorted out
    scan.cut = finder.is_cut() || scan.findings.size() > limit;
    scan.findings.resize(std::min(scan.findings.size(), limit));
    scan.allowed =
        std::erase_if(scan.findings, [&](const auto& finding) { return is_secret_allowed(text, finding.offset); });
    return scan;
}

bool is_secret_allowed(std::string_view text, std::size_t offset)
{
    constexpr std::size_t furthest = 4096;   // a mark in a file without lines must stand near
    const auto from = offset - std::min(offset, furthest);
    const auto near = text.substr(from, 2 * furthest);
    const auto line = line_around(near, offset - from);
    if (has_mark(line))
        return true;
    if (line.data() == near.data())
        return false;
    const auto before = line_around(near, static_cast<std::size_t>(line.data() - near.data()) - 1);
    return is_comment(before) && has_mark(before);
}

std::string redact(std::string_view text)
{
    std::string out;
    std::size_t done = 0;
    std::vector<SecretFinding> findings;
    SecretFinder{}.look({.text = text}, findings);
    for (const auto& finding : findings) {
        out += text.substr(done, finding.offset - done);
        out += "[redacted:" + std::string{finding.rule->name} + "]";
        done = finding.offset + finding.length;
    }
    out += text.substr(done);
    return out;
}

std::string masked(const SecretFinding& finding, std::string_view text)
{
    constexpr std::size_t longest_prefix = 8;
    std::string_view prefix;
    if (finding.rule->kind == SecretKind::format)
        for (const auto keyword : split(finding.rule->keywords, ' '))
            if (keyword.size() <= longest_prefix && text.substr(finding.offset).starts_with(keyword))
                prefix = keyword;
    return std::string{prefix} + "[" + std::to_string(finding.length) + " characters]";
}

}
