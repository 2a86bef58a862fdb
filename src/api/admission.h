// What a request must pass before its handler: token, role, limit, form of the body.
#pragma once

#include "api/routes.h"

namespace forge {

/// Fills call.caller.  Throws Refusal: 401, 503 keys_unavailable, 403 forbidden, 429 rate_limited.
void admit(App& app, const Route& route, Call& call);

/// Refusal 403 forbidden with "need" when the caller lacks the permission.
void require(const Call& call, Permission permission);

/// The body as JSON.  Throws Refusal: 415 for another content type or an encoding, 400 bad_json for what is not one JSON object with
/// unique members nested at most 64 deep.
Json parsed_body(const Call& call);

}
