// The secrets audit: every file, every rule.
#include "analyze/collect.h"
#include "analyze/reading.h"
#include "scan/lines.h"
#include "scan/secrets.h"

namespace forge {

namespace {

Finding finding_of(const SecretFinding& secret, std::string_view text, const EvidenceFile& file, const LineIndex& lines)
{
    const auto at = lines.at(secret.offset);
    return {
        .rule = std::string{secret.rule->name},
        .risk = secret.rule->risk,
        .path = file.path,
        .line = at.line,
        .column = at.column,
        .title = std::string{secret.rule->what} + " in a file",
        .excerpt = masked(secret, text),
        .why = "Whoever can read this file, its history, a copy or a backup can use it.",
        .remedy = remedy(*secret.rule),
        .mappings = {"CWE-798", "OWASP ASVS 2.10.4", "NIST SP 800-53 IA-5(7)", "ISO 27001 A.8.12", "PCI DSS 8.6.2"}};
}

}

Collected collect_secrets(const CollectorRequest& request)
{
    EvidenceReader reader{request};
    Findings findings{request.limits.findings};
    std::size_t allowed = 0;
    reader.each([&](const EvidenceFile& file, std::string_view text) {
        const auto scan = find_secrets(text);
        allowed += scan.allowed;
        if (scan.findings.empty())
            return;
        const LineIndex lines{text};
        for (const auto& secret : scan.findings)
            findings.add(finding_of(secret, text, file, lines));
    });
    Json report = audit_report(findings, reader);
    report.set("allowed", allowed);
    return {report, report, reader.read_any()};
}

}
