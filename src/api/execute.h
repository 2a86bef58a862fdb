// What the handlers that start a run share.
#pragma once

#include "api/call.h"
#include "base/task.h"
#include "run/outcome.h"
#include "run/prepare.h"

#include <memory>
#include <string>
#include <variant>

namespace forge::api {

/// The request for a run of the template by the call's caller.  Throws Refusal 400 where `args` is present and no object.
RunRequest run_request(const Call& call, std::string template_name, const Json& args);

/// What is to be run; or, where the call has the Idempotency-Key of an earlier one, how that run ended: the task throws Refusal
/// 409 and 410.
using StartOrEarlier = std::variant<std::unique_ptr<Prepared>, Task<RunOutcome>>;

/// `route` and `body`: what the key is for, and what must be the same.  Any thread.  Throws Refusal.
StartOrEarlier start_once(Call& call, RunRequest request, std::string_view route, std::string_view body);

}
