// What a template promises, held against itself.
#include "catalog/check.h"

#include <optional>

#include "analyze/collector.h"
#include "base/clock.h"

namespace forge {

namespace {

constexpr auto review_interval = std::chrono::days{366};

void check_review(const CatalogTemplate& result, Problems& problems)
{
    const auto reviewed = parse_rfc3339(result.reviewed);
    if (reviewed && wall_now() - *reviewed > review_interval)
        problems.add("review_old", "/reviewed", "last reviewed on " + result.reviewed);
}

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

void check_template(Draft& draft)
{
    CatalogTemplate& result = draft.result;
    check_review(result, draft.problems);
    check_collector(result, draft.problems);
    const auto inputs = inputs_schema(result, draft.problems);
    const auto output = draft.output ? draft.output : output_schema(result, draft.problems);
    check_examples(result, inputs ? &*inputs : nullptr, output.get(), draft.problems);
    check_prompts(draft, inputs ? &*inputs : nullptr);
}

}
