// GET /v1/ui-config: what a page needs to know before anybody has logged in; nothing of it is a secret.
#include "api/admission.h"
#include "api/handlers.h"
#include "auth/authenticate.h"
#include "base/text.h"
#include "config/config.h"

namespace forge::api {

namespace {

/// How the one who asks gets in: bypass and signer are for local clients only.
const char* way_in(const Call& call)
{
    if (call.config->bypass_is_honoured() && is_local(call.request))
        return "bypass";
    return call.app->dev_signer != nullptr && is_local(call.request) ? "signer" : "oidc";
}

Json text_or_null(const std::string& text)
{
    return text.empty() ? Json{nullptr} : Json{text};
}

Json words(std::string_view text)
{
    Json list = Json::array();
    for (const auto word : split(text, ' '))
        if (!word.empty())
            list.append(word);
    return list;
}

Json limits(const Config& config)
{
    return Json::object({{"bodyBytes", body_limit},
                         {"evidenceBytes", upload_limit},
                         {"windowSeconds", std::chrono::duration<double>(config.execute_window).count()},
                         {"execute", config.execute_rate},
                         {"guardianAsk", config.ask_rate},
                         {"guardianMode", config.guardian_mode_rate},
                         {"ledgerEvents", config.events_rate}});
}

}

Answer ui_config(Call& call)
{
    const Config& config = *call.config;
    return json_answer(Json::object({{"auth", way_in(call)},
                                     {"issuer", text_or_null(config.issuer)},
                                     {"clientId", config.client_id},
                                     {"scopes", words(config.scopes)},
                                     {"resource", text_or_null(config.resource)},
                                     {"limits", limits(config)}}));
}

}
