// What a template promises, held against itself.
#include "catalog/check.h"

#include <optional>

#include "analyze/collector.h"
#include "base/clock.h"

namespace forge {

namespace {

// Somewhere it is tomorrow already.
constexpr auto time_zones = std::chrono::days{1};

void check_collector(const CatalogTemplate& result, Problems& problems)
{
    if (!result.collector.empty() && find_collector(result.collector) == nullptr)
        problems.add("collector_unknown", "/collector/name",
                     "no native collector is named \"" + result.collector + '"');
}

std::optional<JsonSchema> inputs_schema(const CatalogTemplate& result, Problems& problems)
{
    try {
        return JsonSchema::compile(result.inputs);
    } catch (const SchemaError& error) {
        const bool is_ours = result.dialect == Dialect::forge;
        problems.add("inputs_invalid", "/inputs" + (is_ours ? error.pointer : ""),
                     "inputs: " + std::string{error.what()});
        return std::nullopt;
    }
}

std::shared_ptr<const JsonSchema> output_schema(CatalogTemplate& result, Problems& problems)
{
    const bool is_ours = result.dialect == Dialect::forge;
    if (!result.output) {
        if (result.output_ref.empty() && !is_ours)
            problems.add("output_missing", "/outputs", "the template states no output schema");
        return nullptr;
    }
    try {
        auto schema = std::make_shared<JsonSchema>(JsonSchema::compile(result.output));
        result.output = schema->bundled();
        return schema;
    } catch (const SchemaError& error) {
        problems.add("output_invalid", is_ours ? "/output/schema" + error.pointer : "/outputs",
                     "output: " + std::string{error.what()});
        result.output = {};
        return nullptr;
    }
}

void check_example(const Json& example, const std::string& pointer, const JsonSchema* inputs, const JsonSchema* output,
                   Problems& problems)
{
    const Json args = example["args"];
    if (inputs && args.is_object())
        for (const auto& issue : inputs->validate(inputs->with_defaults(args)))
            problems.add("example_args", pointer + "/args" + issue.path, "args" + issue.path + " " + issue.message);
    if (output && example["output"])
        for (const auto& issue : output->validate(example["output"]))
            problems.add("example_output", pointer + "/output" + issue.path,
                         "output" + issue.path + " " + issue.message);
}

void check_examples(const CatalogTemplate& result, const JsonSchema* inputs, const JsonSchema* output,
                    Problems& problems)
{
    const auto examples = result.examples.items();
    if (examples.empty() && result.dialect != Dialect::forge)
        problems.add("examples_missing", "", "the template has no example");
    for (std::size_t i = 0; i < examples.size(); ++i)
        check_example(examples[i], "/examples/" + std::to_string(i), inputs, output, problems);
}

}

std::optional<std::pair<std::string_view, std::string>> review_fault(std::string_view reviewed, std::chrono::days oldest)
{
    const auto day = parse_rfc3339(reviewed);
    if (day && wall_now() - *day > oldest)
        return {{"review_old", "last reviewed on " + std::string{reviewed}}};
    if (day && *day > wall_now() + time_zones)
        return {{"review_future", "reviewed on " + std::string{reviewed} + ", which is still to come"}};
    return std::nullopt;
}

void check_template(Draft& draft)
{
    CatalogTemplate& result = draft.result;
    if (auto fault = review_fault(result.reviewed))
        draft.problems.add(fault->first, "/reviewed", std::move(fault->second));
    check_collector(result, draft.problems);
    const auto inputs = inputs_schema(result, draft.problems);
    const auto output = draft.output ? draft.output : output_schema(result, draft.problems);
    check_examples(result, inputs ? &*inputs : nullptr, output.get(), draft.problems);
    check_prompts(draft, inputs ? &*inputs : nullptr);
}

}
