// What a failure of a handler becomes for the client.
#pragma once

#include "http/message.h"

#include <exception>

namespace forge {

/// Refusal as it says; LedgerUnavailable 500 ledger_unavailable; LineMissing 410 line_missing, with the leaf
/// hashes of the missing lines and the proofs that they are in the log; Overloaded 503 overloaded; anything else is a fault of
/// ours: 500 internal, and its message goes to the log only.
Answer answer_to(const Request& request, const std::exception_ptr& failure);

}
