// The server that a command talks to.
#include "client/server.h"

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "client/login_store.h"
#include "client/terminal.h"
#include "config/secret_url.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr Millis longest_run{330'000};   // as nginx waits for a run

// What to do about a refusal, by its code.
constexpr std::pair<std::string_view, std::string_view> next_steps[] = {
    {"missing_bearer", "set FORGE_TOKEN_FILE to a file that holds a token, or log in with: forge login"},
    {"invalid_token", "get a new token into the file that FORGE_TOKEN_FILE names, or log in with: forge login"},
    {"keys_unavailable", "look at OIDC_ISSUER and OIDC_JWKS_URL with: forge settings"},
    {"forbidden", "ask for a role that has the action"},
    {"template_not_found", "see what there is with: forge templates"},
    {"template_unusable", "see what is wrong with it with: forge templates --json"},
    {"template_restricted", "this template is not open to you"},
    {"roe_required", "lab-only templates need ROE_TOKEN on the server"},
    {"invalid_args", "give arguments with --arg NAME=VALUE or --args FILE"},
    {"rate_limited", "wait a little; EXECUTE_POST_RPS is the limit"},
    {"ledger_unavailable", "nothing was run; look at the disk and at forge-ledgerd's log"},
    {"result_not_recorded", "do not run it again before you looked at /v1/api/executions/ID"},
    {"offline_no_answer", "set AI_CORE_MODE=live and a provider, or use a template with a collector"},
    {"simulated_not_allowed", "set AI_CORE_MODE=live and a provider, or ALLOW_SIMULATED=1"},
    {"provider_failed", "look at the provider's status; attempts are in the ledger"},
    {"provider_timeout", "look at the provider's status; attempts are in the ledger"},
    {"body_too_large", "send evidence with --evidence, not as an argument"},
    {"bad_gateway", "look at forge-worker's log"},
    {"unavailable", "try again in a moment"},
};

std::string next_step(std::string_view code)
{
    for (const auto& [known, step] : next_steps)
        if (known == code)
            return "\n  next: " + std::string{step};
    return {};
}

Json json_of(const WebAnswer& answer)
try {
    return parse_json(answer.body);
} catch (const Error&) {
    return {};
}

std::string token_in(const std::string& path)
try {
    const std::string text = read_file(path, 64 * 1024);
    const std::string_view token = trim(text);
    if (std::ranges::any_of(token, [](char c) { return c <= ' ' || c > '~'; }))
        throw Error(path + " holds more than a token");   // a line break would begin another header
    return std::string{token};
} catch (const Error& error) {
    throw Error("FORGE_TOKEN_FILE: " + std::string{error.what()}
                + "\n  next: let it name a file that holds a token and that you may read, or unset it");
}

std::string without_slash(std::string url)
{
    while (url.ends_with('/'))
        url.pop_back();
    return url;
}

}

std::string refusal_text(long status, const Json& answer)
{
    const std::string code{answer["error"].as_text()};
    if (code.empty())
        return "the server answered " + std::to_string(status) + ", and not in the form of this API\n  next: is FORGE_URL right?";
    std::string text = shown(code) + ": " + shown(answer["detail"].as_text());
    for (const Json& issue : answer["issues"].items())
        text += "\n  " + shown(issue["path"].as_text()) + ": " + shown(issue["message"].as_text());
    for (const Json& need : answer["need"].items())
        text += "\n  needs: " + shown(need.as_text());
    if (const auto run = answer["eventId"].as_text(); !run.empty())
        text += "\n  run: " + shown(run);
    return text + "\n  request: " + shown(answer["requestId"].as_text("unknown")) + next_step(code);
}

Server::Server(std::string url, std::string token) : url_(without_slash(std::move(url))), token_(std::move(token)) {}

std::string Server::url_of(const Arguments& arguments)
{
    const char* const url = std::getenv("FORGE_URL");
    return without_slash(arguments.value("--url", url != nullptr && *url != '\0' ? url : "http://127.0.0.1:3000"));
}

Server Server::of(const Arguments& arguments)
{
    const std::string url = url_of(arguments);
    const char* const token_file = std::getenv("FORGE_TOKEN_FILE");
    const bool is_given = token_file != nullptr && *token_file != '\0';
    if (is_given && !keeps_secrets(url))
        throw Error("FORGE_TOKEN_FILE: " + url + " is neither https nor on this host: others could read the token on its way"
                    + "\n  next: give an https:// address with --url or FORGE_URL, or unset FORGE_TOKEN_FILE");
    return {url, is_given ? token_in(token_file) : login_token(url)};
}

WebAnswer Server::send(WebRequest request)
{
    request.url = url_ + request.url;
    if (!token_.empty())
        request.headers["Authorization"] = "Bearer " + token_;
    WebAnswer answer;
    try {
        answer = client_.send(request);
    } catch (const WebError& error) {
        throw ServerRefusal("no answer from " + url_ + ": " + error.what()
                          + "\n  next: start a server with \"forge dev\", or name one with --url or FORGE_URL", "unreachable", {});
    }
    if (answer.status < 200 || answer.status > 299) {
        const Json json = json_of(answer);
        throw ServerRefusal(refusal_text(answer.status, json), std::string{json["error"].as_text()}, json);
    }
    return answer;
}

WebAnswer Server::get(const std::string& path)
{
    return send({.url = path, .headers = {}, .body = {}, .progress = {}});
}

std::string Server::begin_of(const std::string& path, const std::string& part, Millis deadline)
{
    const auto has_part = [&](const std::string& body) { return body.find(part) != body.npos; };
    return send({.url = path, .headers = {}, .body = {}, .deadline = deadline, .enough = has_part, .progress = {}}).body;
}

Json Server::get_json(const std::string& path)
{
    return parse_json(get(path).body);
}

Json Server::post(const std::string& path, const std::string& body, const std::string& content_type, const std::string& what)
{
    Progress progress{what};
    const auto show = [&](std::uint64_t sent) {
        progress.update(sent < body.size() ? std::to_string(sent * 100 / body.size()) + " % sent" : "");
    };
    return parse_json(send({.method = "POST", .url = path, .headers = {{"Content-Type", content_type}}, .body = body,
                            .deadline = longest_run, .progress = show}).body);
}

}
