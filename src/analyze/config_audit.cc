// The audit of configuration files against PCI DSS v4.0.
#include "analyze/collect.h"
#include "analyze/config_rules.h"
#include "analyze/reading.h"
#include "base/text.h"
#include "lib/regex.h"
#include "scan/lines.h"
#include "scan/personal.h"
#include "scan/secrets.h"

#include <map>
#include <set>

namespace forge {

namespace {

const std::vector<Regex>& patterns()
{
    static const std::vector<Regex> compiled = [] {
        std::vector<Regex> made;
        for (const auto& rule : config_rules())
            made.emplace_back(rule.pattern, RegexOptions{.case_sensitive = false, .bytes = true});
        return made;
    }();
    return compiled;
}

/// What a line says, without indentation and comment; empty for a comment.
std::string_view meaning(std::string_view line)
{
    line = trim(line);
    if (line.starts_with('#') || line.starts_with(';'))
        return {};
    const auto comment = line.find(" #");
    return trim(line.substr(0, comment));
}

class ConfigAudit {
public:
    explicit ConfigAudit(Findings& findings) : findings_(findings) {}

    void take(const EvidenceFile& file, std::string_view text)
    {
        check_data(file, text);
        const auto kind = config_kind(file.path, text);
        if (kind.empty())
            return;
        const LineIndex lines{text};
        for (std::size_t i = 0; i < config_rules().size(); ++i)
            if (config_rules()[i].kind == kind)
                check(i, file, lines);
    }

    Json requirements() const
    {
        Json list = Json::array();
        for (const auto& requirement : config_requirements()) {
            const std::string number{requirement.number};
            const auto found = counts_.contains(number) ? counts_.at(number) : 0;
            const auto status = found > 0 ? "not_met" : judged_.contains(number) ? "met" : "not_assessed";
            list.append(Json::object(
                {{"requirement", number}, {"title", requirement.title}, {"status", status}, {"findings", found}}));
        }
        return list;
    }

private:
    void report(Finding finding, std::string_view requirement)
    {
        ++counts_[std::string{requirement}];
        finding.mappings.insert(finding.mappings.begin(), "PCI DSS " + std::string{requirement});
        findings_.add(std::move(finding));
    }

    void check(std::size_t index, const EvidenceFile& file, const LineIndex& lines)
    {
        const auto& rule = config_rules()[index];
        judged_.insert(std::string{rule.requirement});
        bool found = false;
        for (std::size_t number = 1; number <= lines.count(); ++number) {
            const auto line = meaning(lines.line(number));
            if (line.empty() || !patterns()[index].finds(line))
                continue;
            found = true;
            if (!rule.absent)
                report(finding_of(rule, file.path, number, line), rule.requirement);
        }
        if (rule.absent && !found)
            report(finding_of(rule, file.path, 0, ""), rule.requirement);
    }

    static Finding finding_of(const ConfigRule& rule, const std::string& path, std::size_t line,
                              std::string_view excerpt)
    {
        return {.rule = std::string{rule.name},
                .risk = rule.risk,
                .path = path,
                .line = line,
                .column = 0,
                .title = std::string{rule.title},
                .excerpt = shown_line(excerpt),
                .why = std::string{rule.why},
                .remedy = std::string{rule.remedy},
                .mappings = {}};
    }

    /// Card numbers and passwords, in files of any kind.
    void check_data(const EvidenceFile& file, std::string_view text)
    {
        judged_.insert("3.5.1");
        judged_.insert("8.6.2");
        const LineIndex lines{text};
        for (const auto& data : find_personal_data(text))
            if (data.kind == PersonalKind::card)
                report({.rule = "card-number",
                        .risk = Risk::critical,
                        .path = file.path,
                        .line = lines.at(data.offset).line,
                        .column = lines.at(data.offset).column,
                        .title = "A card number stands in a file",
                        .excerpt = "[" + std::to_string(data.length) + " characters]",
                        .why = "Whoever reads the file has it.",
                        .remedy = "Remove it; store card numbers truncated, tokenised or encrypted only.",
                        .mappings = {}},
                       "3.5.1");
        for (const auto& secret : find_secrets(text).findings)
            report({.rule = std::string{secret.rule->name},
                    .risk = secret.rule->risk,
                    .path = file.path,
                    .line = lines.at(secret.offset).line,
                    .column = lines.at(secret.offset).column,
                    .title = std::string{secret.rule->what} + " in a file",
                    .excerpt = masked(secret, text),
                    .why = "Whoever can read this file can use it.",
                    .remedy = remedy(*secret.rule),
                    .mappings = {"CWE-798"}},
                   "8.6.2");
    }

    Findings& findings_;
    std::map<std::string, std::size_t> counts_;
    std::set<std::string> judged_;
};

}

Collected collect_config(const CollectorRequest& request)
{
    EvidenceReader reader{request};
    Findings findings{request.limits.findings};
    ConfigAudit audit{findings};
    reader.each([&](const EvidenceFile& file, std::string_view text) { audit.take(file, text); });
    Json report = audit_report(findings, reader);
    report.set("requirements", audit.requirements());
    return {report, report, reader.read_any()};
}

}
