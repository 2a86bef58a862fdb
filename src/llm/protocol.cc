// The table of protocols.
#include "llm/protocol.h"

#include <algorithm>

#include "base/text.h"
#include "llm/anthropic.h"
#include "llm/ollama.h"
#include "llm/openai.h"

namespace forge {

namespace {

constexpr std::string_view bearer = "Bearer ";

constexpr Protocol protocols[] = {
    {ProviderKind::openai, "openai", "https://api.openai.com/v1", Framing::events, "x-request-id", "authorization", bearer,
     openai::request, openai::take_answer, openai::take_event},
    {ProviderKind::openrouter, "openrouter", "https://openrouter.ai/api/v1", Framing::events, "x-generation-id", "authorization", bearer,
     openai::request, openai::take_answer, openai::take_event},
    {ProviderKind::ollama, "ollama", "http://127.0.0.1:11434", Framing::lines, "", "authorization", bearer,
     ollama::request, ollama::take_answer, ollama::take_event},
    {ProviderKind::ollama_openai, "ollama-openai", "http://127.0.0.1:11434/v1", Framing::events, "x-request-id", "authorization", bearer,
     openai::request, openai::take_answer, openai::take_event},
    {ProviderKind::anthropic, "anthropic", "https://api.anthropic.com", Framing::events, "request-id", "x-api-key", "",
     anthropic::request, anthropic::take_answer, anthropic::take_event},
    {ProviderKind::compatible, "compatible", "", Framing::events, "x-request-id", "authorization", bearer,
     openai::request, openai::take_answer, openai::take_event},
};

constexpr bool in_the_order_of_the_enum()
{
    for (std::size_t i = 0; i < std::size(protocols); ++i)
        if (static_cast<std::size_t>(protocols[i].kind) != i)
            return false;
    return true;
}
static_assert(in_the_order_of_the_enum());

}

const Protocol& protocol_of(ProviderKind kind)
{
    return protocols[static_cast<std::size_t>(kind)];
}

const Protocol* protocol_named(std::string_view name)
{
    const auto at = std::ranges::find(protocols, name, &Protocol::name);
    return at == std::end(protocols) ? nullptr : at;
}

std::string protocol_names()
{
    std::vector<std::string> names;
    for (const Protocol& protocol : protocols)
        names.emplace_back(protocol.name);
    return join(names, ", ");
}

}
