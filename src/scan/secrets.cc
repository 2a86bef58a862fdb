// Finds secrets in a text, and takes them out of it.
#include "scan/secrets.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "base/text.h"
#include "lib/regex.h"
#include "scan/judge.h"
#include "scan/keywords.h"
#include "scan/lines.h"

namespace forge {

namespace {

using namespace std::string_view_literals;

// What follows a name: group 1 is the rest of it, 2 to 4 a quoted value, 5 a bare one.  As in
//   password: str = "x"   password=x   "password": "x"   <password>x<   ("password", "x")   key="password" value="x"
constexpr std::string_view assigned =
    R"(([\w.\-]{0,40})\\?["'\])]{0,2}(?:\[\d*\])?)"
    R"((?:[ \t]{0,20}(?::[ \t]{0,2}[A-Za-z_][\w.<>&]{0,30}[ \t]{0,2}=|=>|:=|={1,3}|\|\|=|:|,|\()[ \t]{0,4}|>)"
    R"(|[ \t]{1,2}value[ \t]?=[ \t]?))"
    R"((?:[bfru]?\\?"([^"\s\\]{6,256})\\?"|[bfru]?\\?'([^'\s\\]{6,256})\\?'|`([^`\s]{6,256})`)"
    R"(|([^\s"'`,;<>(){}\[\]|\\]{8,256})(?:[\s,;<"'|\\]|\z)))";
constexpr std::size_t bare_group = 5;

constexpr std::array allow_marks{"forge:allow-secret"sv, "gitleaks:allow"sv, "pragma: allowlist secret"sv,
                                 "pragma: allowlist nextline secret"sv};

bool assigns(const SecretRule& rule)
{
    return rule.kind == SecretKind::password || rule.kind == SecretKind::token;
}

/// The table, compiled: once per process.
struct Compiled {
    std::vector<Regex> patterns;
    Keywords keywords;

    Compiled()
    {
        for (const auto& rule : secret_rules()) {
            const auto tail = assigns(rule) ? assigned : ""sv;
            for (const auto keyword : split(rule.keywords, ' '))
                keywords.add(keyword, patterns.size());
            patterns.emplace_back((rule.back > 0 ? "(?:" : "\\A(?:") + std::string{rule.pattern} + std::string{tail}
                                      + ")",
                                  RegexOptions{.bytes = true, .memory_bytes = 16 << 20});
        }
    }

    static const Compiled& instance()
    {
        static const Compiled compiled;
        return compiled;
    }
};

bool is_word(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

// A word may begin after "\n" as JSON writes it.  A long one does not begin at a dash: else it would be tried again at
// each of its own.
bool starts_word(std::string_view text, std::size_t at, const SecretRule& rule)
{
    const char before = at == 0 ? ' ' : text[at - 1];
    if (before == '-' && rule.reach > SecretRule{}.reach)
        return false;
    return !is_word(before) || (at > 1 && text[at - 2] == '\\' && (before == 'n' || before == 't' || before == 'r'));
}

std::string_view name_before(std::string_view text, std::size_t at)
{
    constexpr std::size_t furthest = 24;
    auto begin = at;
    while (begin > 0 && at - begin < furthest && (is_word(text[begin - 1]) || text[begin - 1] == '-'))
        --begin;
    return text.substr(begin, at - begin);
}

// NAME=value, as in the environment: the value stands for itself.
bool is_environment(std::string_view text, std::size_t at, std::string_view value)
{
    return std::isupper(static_cast<unsigned char>(text[at + 1])) && value.data() > text.data()
        && value.data()[-1] == '=';
}

std::optional<std::string_view> judged_assignment(const SecretRule& rule, std::string_view text, std::size_t at,
                                                  const Regex::Groups& groups)
{
    Assignment assignment{.before = name_before(text, at), .rest = groups[1].value_or("")};
    for (std::size_t i = 2; i <= bare_group; ++i)
        if (groups[i]) {
            assignment.value = *groups[i];
            assignment.literal = i < bare_group || is_environment(text, at, *groups[i]);
        }
    if (!assignment.literal && assignment.value.data() > text.data()) {
        const auto separator =
            trim(text.substr(at, static_cast<std::size_t>(assignment.value.data() - text.data()) - at));
        if (separator.ends_with(',') || separator.ends_with('('))
            return std::nullopt;   // a list of names, or a call
    }
    const bool of_pass = groups[0]->size() > 5 && equal_ignoring_case(groups[0]->substr(1, 4), "pass");
    if (of_pass && !assignment.rest.empty() && std::isalpha(static_cast<unsigned char>(assignment.rest[0])))
        return std::nullopt;   // "_password" is found at "password"
    const bool good = rule.kind == SecretKind::password ? is_password(assignment) : is_random_token(assignment);
    return good ? std::optional{assignment.value} : std::nullopt;
}

/// A weak password, or any but a random one at a host that documents use.
bool is_documents_login(std::string_view text, std::string_view password)
{
    constexpr std::size_t random_length = 10;
    constexpr double random_entropy = 3.0;
    if (is_weak_login(password))
        return true;
    const auto behind = static_cast<std::size_t>(password.data() + password.size() - text.data());
    return text.substr(behind).starts_with('@') && is_documents_host(text.substr(behind + 1))
        && (password.size() < random_length || entropy(password) < random_entropy);
}

/// Looks at a text from left to right.
class Scan {
public:
    explicit Scan(std::string_view text) : text_(text), matched_(secret_rules().size()) {}

    /// The secret at a keyword's place, if it is one.
    std::optional<std::string_view> secret_at(std::size_t at, std::size_t id)
    {
        const auto& rule = secret_rules()[id];
        if (at < matched_[id] || (rule.word_start && !starts_word(text_, at, rule)))
            return std::nullopt;
        const auto window = text_.substr(at - std::min(at, rule.back), rule.reach);
        const auto& pattern = Compiled::instance().patterns[id];
        if (!pattern.finds(window))
            return std::nullopt;
        const auto groups = pattern.search(window);
        if (!assigns(rule))   // a name may stand in another one's value
            matched_[id] = static_cast<std::size_t>((*groups)[0]->data() + (*groups)[0]->size() - text_.data());
        return judged(rule, at, *groups);
    }

private:
    std::optional<std::string_view> judged(const SecretRule& rule, std::size_t at, const Regex::Groups& groups) const
    {
        const auto secret = assigns(rule) ? judged_assignment(rule, text_, at, groups) : groups[1];
        if (!secret || is_placeholder(*secret) || entropy(*secret) < rule.entropy)
            return std::nullopt;
        return rule.kind == SecretKind::login && is_documents_login(text_, *secret) ? std::nullopt : secret;
    }

    const std::string_view text_;
    std::vector<std::size_t> matched_;   // by rule: the end of its last match, which is not looked at again
};

void keep_most_specific(std::vector<SecretFinding>& findings)
{
    std::ranges::sort(findings, [](const auto& a, const auto& b) {
        return a.offset != b.offset ? a.offset < b.offset : a.rule < b.rule;
    });
    std::vector<SecretFinding> kept;
    for (const auto& finding : findings) {
        const bool apart = kept.empty() || finding.offset >= kept.back().offset + kept.back().length;
        if (apart)
            kept.push_back(finding);
        else if (finding.rule < kept.back().rule)
            kept.back() = finding;
    }
    findings = std::move(kept);
}

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

SecretScan all_secrets(std::string_view text, std::size_t limit)
{
    SecretScan scan;
    Scan looking{text};
    Compiled::instance().keywords.each(text, [&](std::size_t at, std::size_t id) {
        if (const auto secret = looking.secret_at(at, id))
            scan.findings.push_back(
                {&secret_rules()[id], static_cast<std::size_t>(secret->data() - text.data()), secret->size()});
        scan.cut = scan.findings.size() >= limit * 2;   // overlapping ones are sorted out below
        return !scan.cut;
    });
    keep_most_specific(scan.findings);
    if (scan.findings.size() > limit) {
        scan.findings.resize(limit);
        scan.cut = true;
    }
    return scan;
}

}

SecretScan find_secrets(std::string_view text, std::size_t limit)
{
    SecretScan scan = all_secrets(text, limit);
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
    for (const auto& finding : all_secrets(text, text.size()).findings) {
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
