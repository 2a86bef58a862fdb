// What a request must pass before its handler: token, role, limit, form of the body.
#pragma once

#include "api/routes.h"

namespace forge {

constexpr std::size_t body_limit = 1 << 20;      // bytes of a request's body
constexpr std::size_t upload_limit = 64 << 20;   // of POST /v1/api/evidence

/// Fills call.caller.  Throws Refusal: 401, 503 keys_unavailable.
void identify(App& app, Call& call);
/// The same where the route needs it, and 401 for a token in the query everywhere; then 403 forbidden, 429 rate_limited.
void admit(App& app, const Route& route, Call& call);

/// Refusal 403 forbidden with "need" when the caller lacks the permission.
void require(const Call& call, Permission permission);

/// The body as JSON.  Throws Refusal: 415 for another content type or an encoding, 400 bad_json for what is not one JSON object with
/// unique members nested at most 64 deep.
Json parsed_body(const Call& call);

}
