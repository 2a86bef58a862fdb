// One request, from nginx to its answer: the steps of ARCHITECTURE.md up to the handler, in their order.
#pragma once

#include "api/app.h"
#include "lib/fastcgi.h"

namespace forge {

/// Answers the exchange, or hands it to the loop.  Any thread; throws nothing.
void serve(App& app, fastcgi::Exchange& exchange) noexcept;

}
