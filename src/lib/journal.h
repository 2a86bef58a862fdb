// The log in the journal, with fields: journalctl FORGE_REQUEST_ID=…
#pragma once

#include "base/log.h"

#include <string>
#include <vector>

namespace forge::systemd {

/// What log() says goes to the journal from now on when standard error leads there; otherwise nothing changes.
void log_to_journal();

/// True when the value of JOURNAL_STREAM names the file behind the descriptor (systemd.exec(5)).
bool is_journal_stream(int fd, const char* value);

/// "MESSAGE=…", "PRIORITY=5", "SYSLOG_IDENTIFIER=forge-worker", and FORGE_REQUEST_ID for the field request_id.
std::vector<std::string> journal_fields(Severity severity, std::string_view program, std::string_view message,
                                        std::span<const LogField> fields);

}
