// The server that a command talks to, and what it says when it refuses.
#pragma once

#include <string>

#include "base/options.h"
#include "lib/json.h"
#include "lib/web_client.h"

namespace forge {

/// The server's "no", or that there is no server: the message holds code, detail, request id and the next step.
struct ServerRefusal : Error {
    ServerRefusal(const std::string& message, std::string code_, Json answer_)
        : Error(message), code(std::move(code_)), answer(std::move(answer_)) {}
    std::string code;   // "unreachable" when nobody answered
    Json answer;        // the whole answer; absent when it was no JSON
};

/// An option that commands with a server share.
constexpr Option url_option{"--url", "URL", "the server (default: FORGE_URL, else http://127.0.0.1:3000)"};
constexpr Option json_option{"--json", "", "print the server's JSON and nothing else"};

class Server {
public:
    /// Without a token none is sent.
    Server(std::string url, std::string token);
    /// From --url and the environment: the token is that in the file that FORGE_TOKEN_FILE names, else that of this user's
    /// login there, if any.  Throws Error when the token would go where others can read it on its way.
    static Server of(const Arguments& arguments);
    /// Which one that is, without a slash at its end.
    static std::string url_of(const Arguments& arguments);

    const std::string& url() const { return url_; }

    /// From now on this token is sent; empty: none.
    void use_token(std::string token) { token_ = std::move(token); }
    /// The begin of an answer to a GET that has no end, once it contains the part; throws as get does, after `deadline` too.
    std::string begin_of(const std::string& path, const std::string& part, Millis deadline);

    /// The answer to a GET; throws ServerRefusal for anything but 2xx.
    WebAnswer get(const std::string& path);
    Json get_json(const std::string& path);
    /// `what` is shown as progress while it lasts.
    Json post(const std::string& path, const std::string& body, const std::string& content_type, const std::string& what);

private:
    WebAnswer send(WebRequest request);

    std::string url_;
    std::string token_;
    WebClient client_;
};

/// The text of a refusal as people read it.
std::string refusal_text(long status, const Json& answer);

}
