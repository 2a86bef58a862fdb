// The offline provider.
#include "llm/offline.h"

#include "http/message.h"

namespace forge {

OfflineAnswer answer_offline(Json collected, Json example, const Config& config)
{
    if (collected)
        return {std::move(collected), "collector", false};
    if (!example)
        throw Refusal{503, "offline_no_answer", "the template has neither a collector nor an example to answer from"};
    if (config.is_production() && !config.allow_simulated)
        throw Refusal{503, "simulated_not_allowed", "production needs ALLOW_SIMULATED=1 to answer with an example"};
    return {std::move(example), "example", true};
}

}
