// The credentials of a machine: a file that only its owner may read.
#pragma once

#include <string>

#include "auth/token_endpoint.h"

namespace forge {

/// A file of NAME=VALUE lines as settings files are: OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, and, if the issuer needs
/// them, OIDC_SCOPES and OIDC_RESOURCE.  Throws ConfigError for a file that others may read, and for what is missing or
/// unknown; no value is in its message.
OauthClient read_client_file(const std::string& path);

}
