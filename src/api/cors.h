// Cross-origin requests (WHATWG Fetch): exact origins from the settings, with credentials.
#pragma once

#include "config/config.h"
#include "http/message.h"

namespace forge {

bool is_preflight(const Request& request);
/// 204 for an allowed origin, else 403 cors_refused.
Answer preflight(const Config& config, const Request& request);
/// Adds what a browser needs to show the answer to the page of an allowed origin; nothing for any other.
void add_cors(const Config& config, const Request& request, Answer& answer);

}
