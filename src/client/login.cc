// "forge login" for people, "forge token" for machines: tokens from the issuer, into files of their owner.
#include <iostream>
#include <thread>

#include "auth/token_endpoint.h"
#include "base/text.h"
#include "client/client_file.h"
#include "client/commands.h"
#include "client/login_store.h"
#include "client/server.h"
#include "client/terminal.h"
#include "config/config.h"
#include "config/secret_url.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr Option login_table[] = {
    {"--issuer", "URL", "who gives tokens (default: OIDC_ISSUER)"},
    {"--client-id", "ID", "as whom the issuer knows this program (default: OIDC_CLIENT_ID, else forge)"},
    {"--forget", "", "forget the login at this server instead"},
    url_option,
};
constexpr Option token_table[] = {
    {"--client-file", "FILE", "OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, …; nobody else may read it"},
    {"--out", "FILE", "where the token goes; - is standard output"},
};

// What to do about a refusal of the issuer, by its code.
constexpr std::pair<std::string_view, std::string_view> next_steps[] = {
    {"access_denied", "it was denied at the issuer; try again, and allow it there"},
    {"expired_token", "the code was not entered in time: try again"},
    {"invalid_client", "the issuer does not know this client, or not with this secret: look at OIDC_CLIENT_ID"},
    {"unauthorized_client", "let the issuer's operator allow this client the grant"},
    {"unsupported_grant_type", "let the issuer's operator allow the grant"},
    {"invalid_scope", "look at OIDC_SCOPES"},
    {"invalid_target", "look at OIDC_RESOURCE"},
};

Error with_next_step(const TokenRefused& refused)
{
    for (const auto& [code, step] : next_steps)
        if (code == refused.code)
            return Error(std::string{refused.what()} + "\n  next: " + std::string{step});
    return Error(refused.what());
}

TokenEndpoint endpoint_of(WebClient& web, OauthClient client)
{
    return {[&web](const WebRequest& request) { return web.send(request); }, std::move(client)};
}

// The settings of this machine may be closed to this user, who then has to say all of it.
Config login_settings(const Arguments& arguments)
try {
    return Config{system_settings()};
} catch (const SystemError&) {
    if (!arguments.has("--issuer"))
        throw;
    return Config{given_settings({})};
}

OauthClient login_client(const Arguments& arguments)
{
    const Config config = login_settings(arguments);
    OauthClient client{.issuer = arguments.value("--issuer", config.issuer), .id = arguments.value("--client-id", config.client_id)};
    client.scopes = config.scopes;
    client.resource = config.resource;
    if (client.issuer.empty())
        throw UsageError("name the issuer with --issuer or OIDC_ISSUER");
    if (!keeps_secrets(client.issuer))
        throw UsageError("the issuer is neither https nor on this host: " + client.issuer);
    return client;
}

void show(const DeviceCode& code)
{
    std::cerr << "Open " << shown(code.url) << "\nand enter the code " << shown(code.user_code) << '\n';
    if (!code.complete_url.empty())
        std::cerr << "or open " << shown(code.complete_url) << " and compare the code\n";
    std::cerr << "Waiting for that …" << std::endl;
}

Granted granted_to_person(const OauthClient& wanted)
try {
    WebClient web;
    OauthClient client{.issuer = wanted.issuer, .id = wanted.id, .scopes = wanted.scopes, .resource = wanted.resource};
    TokenEndpoint endpoint = endpoint_of(web, std::move(client));
    const DeviceCode code = endpoint.device_code();
    show(code);
    return endpoint.by_device_code(code, [](std::chrono::seconds pause) { std::this_thread::sleep_for(pause); });
} catch (const TokenRefused& refused) {
    throw with_next_step(refused);
}

// What the server says of the token; a server that does not answer now may do so later.
void try_at(const std::string& url, const Granted& granted)
try {
    Server server{url, granted.access_token};
    static_cast<void>(server.get("/v1/api/health"));
} catch (const ServerRefusal& refusal) {
    if (refusal.code == "invalid_token")
        throw Error("the issuer gave a token that " + url + " does not accept: " + shown(refusal.answer["detail"].as_text())
                    + "\n  next: is OIDC_RESOURCE what the server has as OIDC_AUDIENCE?  On the server: forge doctor --auth");
    std::cerr << "forge: the token is kept, but could not be tried: " << refusal.what() << '\n';
}

LoginStore store_of_user()
{
    if (auto store = LoginStore::of_user())
        return *store;
    throw Error("neither XDG_STATE_HOME nor HOME says where this user's state is kept");
}

int forget(const LoginStore& store, const std::string& url)
{
    std::cout << (store.forget(url) ? "forgotten: the login at " : "there was no login at ") << url << '\n';
    return 0;
}

}

const std::span<const Option> login_options = login_table;
const std::span<const Option> token_options = token_table;

int login(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    const std::string url = Server::url_of(arguments);
    const LoginStore store = store_of_user();
    if (arguments.has("--forget"))
        return forget(store, url);
    if (!keeps_secrets(url))
        throw UsageError(url + " is neither https nor on this host: others could read the token on its way");
    const OauthClient client = login_client(arguments);
    Login made{.server = url, .issuer = client.issuer, .client_id = client.id, .resource = client.resource,
               .granted = granted_to_person(client)};
    try_at(url, made.granted);
    store.keep(made);
    std::cout << "logged in at " << url;
    if (made.granted.expires)
        std::cout << " until " << rfc3339(*made.granted.expires) << (made.granted.refresh_token.empty() ? "" : ", then refreshed");
    std::cout << '\n';
    return 0;
}

int client_token(const Arguments& arguments)
try {
    arguments.expect_operands(0, 0);
    const std::string out = arguments.value("--out");
    if (!arguments.has("--client-file") || out.empty())
        throw UsageError("say whose token, and where it goes: forge token --client-file FILE --out FILE");
    WebClient web;
    TokenEndpoint endpoint = endpoint_of(web, read_client_file(arguments.value("--client-file")));
    const std::string token = endpoint.by_client_credentials().access_token + '\n';
    if (out == "-")
        std::cout << token;
    else
        replace_file(out, token, 0600);
    return 0;
} catch (const TokenRefused& refused) {
    throw with_next_step(refused);
}

}
