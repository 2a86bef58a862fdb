// Who sends a request.
#pragma once

#include "auth/access.h"
#include "auth/caller.h"
#include "auth/key_ring.h"
#include "base/clock.h"
#include "config/config.h"
#include "http/message.h"

namespace forge {

struct Now {
    WallTime wall = wall_now();
    SteadyTime steady = steady_now();
};

/// Whether the peer and the Host are loopback: the bypass and the development signer answer nobody else.
bool is_local(const Request& request);

/// Refusal 401 invalid_token when the query carries a token, wherever it leads: it is in somebody's log by now.
void refuse_token_in_query(const Request& request);

/// The caller with roles and permissions.  Throws Refusal: 401 missing_bearer, 401 invalid_token with the reason as its
/// detail, 503 keys_unavailable.  Any thread but the loop's: it may wait for keys (KeyRing::find_or_wait).
/// Where the bypass is honoured and the request is local, one without a token is dev-bypass; one with a token is judged by
/// it once an issuer is set.
Caller authenticate(const Request& request, const Config& config, const AccessTable& access, KeyRing& keys,
                    Now now = {});

/// 403 forbidden with "need": ["…"]; to be thrown where the caller may not.
Refusal forbidden(Permission needed);

}
