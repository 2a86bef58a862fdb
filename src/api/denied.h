// Refusals for want of a token or a right, from the answer to the ledger's entry access.denied.
#pragma once

#include "api/app.h"
#include "http/message.h"
#include "limits/denied.h"

namespace forge {

class LedgerLink;
struct Metrics;

/// Counts the answer when it refuses for want of a token or a right.  Any thread.
void note_denied(App& app, const Answer& answer, const DeniedCaller& caller, std::size_t route);

/// Records what was counted in windows that are over; what the ledger does not take is asked again a minute later.
/// The loop's thread.
Task<void> record_denied(DeniedCounts& counts, LedgerLink& ledger, Metrics& metrics);

}
