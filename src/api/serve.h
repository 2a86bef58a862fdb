// One request, from nginx to its answer: route, token, rights, limit, body, handler, in this order.
#pragma once

#include "api/app.h"
#include "lib/fastcgi.h"

namespace forge {

/// Answers the exchange, or hands it to the loop.  Any thread; throws nothing.
void serve(App& app, fastcgi::Exchange& exchange) noexcept;

}
