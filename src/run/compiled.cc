// Templates made ready to run.
#include "run/compiled.h"

#include "http/message.h"

namespace forge {

namespace {

constexpr std::size_t cache_bound = 256;

std::optional<JsonSchema> output_schema(const CatalogTemplate& source)
{
    if (!source.output)
        return std::nullopt;
    return JsonSchema::compile(source.output);
}

}

CompiledTemplate::CompiledTemplate(std::shared_ptr<const CatalogTemplate> source_)
    : source(std::move(source_)), inputs(JsonSchema::compile(source->inputs)), output(output_schema(*source)),
      guards(source->guards ? guard_policy(source->guards) : GuardPolicy{}),
      system(Handlebars::compile(source->system, source->syntax)), user(Handlebars::compile(source->user, source->syntax))
{
}

std::shared_ptr<const CompiledTemplate> CompiledTemplates::find(const std::string& name)
{
    const auto index = catalog_.current();
    const auto entry = index->find(name);
    if (!entry)
        throw Refusal(404, "template_not_found", "there is no such template");
    if (!entry->is_usable())
        throw Refusal(422, "template_unusable", "the template has problems that keep it from running: see its page");
    const auto source = catalog_.load(*entry);
    {
        auto cache = cache_.access();
        if (const auto known = cache->templates.find(source->digest + source->output_digest); known != cache->templates.end())
            return known->second;
    }
    auto compiled = std::make_shared<const CompiledTemplate>(source);
    auto cache = cache_.access();
    if (cache->templates.emplace(source->digest + source->output_digest, compiled).second)
        cache->order.push_back(source->digest + source->output_digest);
    if (cache->order.size() > cache_bound) {
        cache->templates.erase(cache->order.front());
        cache->order.pop_front();
    }
    return compiled;
}

}
