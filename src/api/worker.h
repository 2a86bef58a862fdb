// A worker: its long-lived objects in the order in which they are made, and its life from ready to drained.
#pragma once

#include "config/current.h"

#include <string>

namespace forge {

/// Serves the FastCGI listener (which stays the caller's) until SIGTERM or SIGINT, then drains: no new connections, streams
/// get bye, runs end or are cancelled after FORGE_DRAIN_SECONDS.  `instance` names the worker in metrics and records.
/// The signals must be blocked.
void serve_as_worker(CurrentConfig& settings, int listener, const std::string& instance);

}
