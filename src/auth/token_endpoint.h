// Getting tokens from an issuer: for people by a device code (RFC 8628), for machines by client credentials (RFC 6749).
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "config/secret.h"
#include "lib/web_client.h"

namespace forge {

/// Who asks an issuer, and for what.
struct OauthClient {
    std::string issuer;
    std::string id;
    Secret secret{};            // empty: a public client
    std::string scopes{};       // separated by blanks; empty: the issuer's own choice
    std::string resource{};     // RFC 8707; empty: not sent
};

struct Granted {
    std::string access_token;
    std::string refresh_token{};          // empty: none is offered
    std::optional<WallTime> expires{};    // when the issuer said so
};

struct DeviceCode {
    std::string code;             // a secret
    std::string user_code;        // what the person types at `url`
    std::string url;
    std::string complete_url{};   // the same with the code in it, if the issuer has one
    std::chrono::seconds interval{5};
    std::chrono::seconds lifetime{};
};

/// The issuer's "no": `code` is one of RFC 6749 section 5.2 and RFC 8628 section 3.5.  No text of the issuer's is in the message.
struct TokenRefused : Error {
    explicit TokenRefused(const std::string& code_);
    std::string code;
};

/// One issuer's endpoints, found by discovery.  Throws WebError when it cannot be reached, TokenRefused, and Error for what is
/// no answer of an issuer.
class TokenEndpoint {
public:
    using Send = std::function<WebAnswer(const WebRequest&)>;
    using Pause = std::function<void(std::chrono::seconds)>;

    TokenEndpoint(Send send, OauthClient client);

    Granted by_client_credentials();
    Granted by_refresh(const std::string& refresh_token);
    DeviceCode device_code();
    /// Asks until the person has decided, with pauses as the issuer wants them.
    Granted by_device_code(const DeviceCode& code, const Pause& pause);

private:
    using Fields = std::vector<std::pair<std::string, std::string>>;

    Granted granted(Fields fields);
    WebAnswer post(const std::string& url, Fields fields);

    const Send send_;
    const OauthClient client_;
    std::string token_url_;
    std::string device_url_;
    bool secret_in_body_ = false;
};

}
