// The collectors' functions; collector.h has the table.
#pragma once

#include "analyze/collector.h"
#include "analyze/finding.h"

namespace forge {

class EvidenceReader;

Collected collect_echo(const CollectorRequest& request);
Collected collect_evidence(const CollectorRequest& request);
Collected collect_secrets(const CollectorRequest& request);

/// The report that the audits share: {"score","pass","summary","findings","truncated","scanned","skipped"}.  A pass is
/// nothing critical and nothing high in what was looked at.
Json audit_report(Findings& findings, const EvidenceReader& reader);

/// A line as it may be shown: secrets redacted, UTF-8, at most 200 bytes.
std::string shown_line(std::string_view line);

}
