// The offline provider.
#include "run/offline.h"

#include "analyze/collector.h"
#include "http/message.h"
#include "run/prepare.h"

namespace forge {

namespace {

Json example_output(const CatalogTemplate& source)
{
    return source.examples.at(0)["output"];
}

}

void check_offline(const CatalogTemplate& source, const Config& config)
{
    if (!source.collector.empty() && find_collector(source.collector))
        return;
    if (!example_output(source))
        throw Refusal(503, "offline_no_answer", "the template has no collector and no example, and no model is asked (AI_CORE_MODE=offline)");
    if (config.is_production() && !config.allow_simulated)
        throw Refusal(503, "simulated_not_allowed", "only a simulated answer could be given; production allows that with ALLOW_SIMULATED=1");
}

Json answer_offline(const Prepared& run, RunEnd& end)
{
    end.provider = "offline";
    end.basis = "collector";
    if (run.collected.output)
        return run.collected.output;
    end.basis = "example";
    end.simulated = true;
    return example_output(*run.compiled->source);
}

}
