// What every event stream of ours has: its head, and its place among the streams that may be open.
#pragma once

#include "api/call.h"

#include <string>

namespace forge {

/// The head of an event stream: content type, and what keeps proxies from holding it back.
Answer stream_head();

/// A place, kept until the Action is destroyed; `kind` is the metric's label.  Throws Refusal 503 sse_capacity when
/// SSE_MAX_CLIENTS or a share of it is reached, or this worker stops.  Any thread.
Action stream_place(App& app, const std::string& address, const char* kind, bool is_anonymous);

}
