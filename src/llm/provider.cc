// Attempts as the ledger has them.
#include "llm/provider.h"

namespace forge {

std::string_view name_of(AttemptStatus status)
{
    constexpr std::string_view names[] = {"ok", "timeout", "refused", "error", "cancelled"};
    return names[static_cast<std::size_t>(status)];
}

Json ProviderCall::json() const
{
    Json json = Json::object({{"provider", provider}, {"model", model}, {"status", name_of(status)}});
    json.set("ms", took.count());
    if (!request_id.empty())
        json.set("request_id", request_id);
    if (!peer.empty())
        json.set("peer", peer);
    return json;
}

}
