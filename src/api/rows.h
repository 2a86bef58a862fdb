// Runs as rows: what the ledger's lines say in the open, and private values for those who may see them.
#pragma once

#include "api/call.h"
#include "ledger/events.h"
#include "ledger/wire.h"

#include <map>
#include <string>
#include <vector>

namespace forge {

/// The tag under which the index knows the caller (or another subject of the same issuer).
Task<std::string> subject_tag(App& app, Subject subject);

/// Private values by line and name, as they may be shown.
using Revealed = std::map<std::pair<std::uint64_t, std::string>, RevealedValue>;

/// What the caller may see of these lines: his own, and those of others with ledger:private, which is recorded.
/// `own` is the caller's tag.
Task<Revealed> reveal(App& app, Caller caller, std::string request_id, std::vector<LedgerLine> lines, std::string own);

/// Whether a line is of the subject with this tag.
bool is_own(const LedgerLine& line, const std::string& own);

/// The lines of a run, of runs: started and finished.
std::vector<LedgerLine> lines_of(const RunLines& run);
std::vector<LedgerLine> lines_of(const std::vector<RunLines>& runs);

/// {id,ts,template,profile,input,output,status,actor,…}; input, output and actor are null where they were not revealed.
Json row_of(const RunLines& run, const Revealed& revealed);

/// One line with its leaf hash and, where revealed, {"name":{"key","value"}}.
Json line_json(const LedgerLine& line, const Revealed& revealed);

}
