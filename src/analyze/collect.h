// The collectors' functions; collector.h has the table.
#pragma once

#include "analyze/collector.h"
#include "analyze/finding.h"

namespace forge {

class EvidenceReader;

Collected collect_echo(const CollectorRequest& request);
Collected collect_evidence(const CollectorRequest& request);
Collected collect_secrets(const CollectorRequest& request);
Collected collect_container(const CollectorRequest& request);
Collected collect_config(const CollectorRequest& request);
Collected collect_coverage(const CollectorRequest& request);

void audit_dockerfile(std::string_view path, std::string_view text, Findings& findings);
void audit_compose(std::string_view path, std::string_view text, Findings& findings);
/// A value that is written out where only a reference to a secret should stand.
bool is_written_out_secret(std::string_view name, std::string_view value);
/// "nginx" and "nginx:latest" have none; "nginx:1.25", "nginx@sha256:…" and "scratch" have.
bool has_fixed_version(std::string_view image);

/// The report that the audits share: {"score","pass","summary","findings","truncated","scanned","skipped"}.  A pass is
/// nothing critical and nothing high in what was looked at.
Json audit_report(Findings& findings, const EvidenceReader& reader);

/// A line as it may be shown: secrets redacted, UTF-8, at most 200 bytes.
std::string shown_line(std::string_view line);

}
