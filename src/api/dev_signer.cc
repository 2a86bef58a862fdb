// The development signer's two addresses; without it, and for anybody but loopback clients, they are not there.
#include "auth/dev_signer.h"

#include "api/handlers.h"
#include "auth/authenticate.h"
#include "config/config.h"

namespace forge::api {

namespace {

constexpr std::size_t longest_subject = 255;
constexpr std::size_t most_roles = 64;

[[noreturn]] void refuse(const std::string& member, const std::string& wanted)
{
    throw Refusal(400, "invalid_request", member + " " + wanted, {{"/" + member, wanted}});
}

std::string subject_in(const Json& sub)
{
    if (sub.as_text().empty() || sub.as_text().size() > longest_subject)
        refuse("sub", "must be a text of 1 to 255 bytes");
    return std::string{sub.as_text()};
}

std::vector<std::string> roles_in(const Json& list)
{
    std::vector<std::string> roles;
    for (const Json& role : list.items()) {
        if (!role.is_string())
            refuse("roles", "must be a list of texts");
        roles.emplace_back(role.as_text());
    }
    if (!list.is_array() || roles.size() > most_roles)
        refuse("roles", "must be a list of at most 64 texts");
    return roles;
}

}

bool dev_signer_answers(const Call& call)
{
    return call.app->dev_signer != nullptr && is_local(call.request);
}

Answer dev_keys(Call& call)
{
    Answer answer;
    answer.body = call.app->dev_signer->key_set();
    return answer;
}

// Without a body the token is that of the standard subject.
Answer dev_token(Call& call)
{
    DevSigner::Subject subject{call.config->issuer, call.config->audience};
    if (const Json sub = call.json["sub"])
        subject.sub = subject_in(sub);
    if (const Json roles = call.json["roles"])
        subject.roles = roles_in(roles);
    return json_answer(Json::object({{"token", call.app->dev_signer->token(subject)}}));
}

}
