// Keywords that combine schemas for one value: references, allOf, anyOf, oneOf, not, if.
#include <algorithm>

#include "schema/evaluation.h"
#include "schema/keyword.h"
#include "schema/uri.h"

namespace forge::schema {

namespace {

using Nodes = std::vector<const Node*>;

Nodes alternatives(Compiler& compiler, const Use& use)
{
    if (!use.value.is_array() || use.value.size() == 0)
        fail(use.place, "must be an array of at least one schema");
    Nodes nodes;
    for (std::size_t i = 0; i < use.value.size(); ++i)
        nodes.push_back(&compiler.node(use.value.at(i), use.place.at(std::to_string(i))));
    return nodes;
}

std::string_view reference_text(const Use& use)
{
    if (!use.value.is_string())
        fail(use.place, "must be a string");
    return use.value.as_text();
}

}

Check make_ref(Compiler& compiler, const Use& use)
{
    const Target target = compiler.find(use.place, reference_text(use));
    return [&node = compiler.node(target.schema, target.place)](Evaluation& evaluation, const Instance& at) {
        return evaluation.apply(node, at);
    };
}

// 2020-12 core, 8.2.3.2: as $ref, unless that leads to a $dynamicAnchor; then the outermost one of that name.
Check make_dynamic_ref(Compiler& compiler, const Use& use)
{
    const Target target = compiler.find(use.place, reference_text(use));
    const Node& node = compiler.node(target.schema, target.place);
    const std::string anchor = split_fragment(reference_text(use)).second;
    if (!compiler.is_dynamic(target, anchor))
        return [&node](Evaluation& evaluation, const Instance& at) { return evaluation.apply(node, at); };
    return [&node, anchor](Evaluation& evaluation, const Instance& at) {
        const Node* const outermost = evaluation.dynamic_node(anchor);
        return evaluation.apply(outermost ? *outermost : node, at);
    };
}

Check make_all_of(Compiler& compiler, const Use& use)
{
    return [nodes = alternatives(compiler, use)](Evaluation& evaluation, const Instance& at) {
        bool valid = true;
        for (const auto* node : nodes)
            valid = evaluation.apply(*node, at) && valid;
        return valid;
    };
}

Check make_any_of(Compiler& compiler, const Use& use)
{
    return [nodes = alternatives(compiler, use)](Evaluation& evaluation, const Instance& at) {
        bool valid = false;
        for (const auto* node : nodes) {
            valid = evaluation.quietly_applies(*node, at) || valid;
            if (valid && !evaluation.tracks())
                return true;
        }
        return valid || evaluation.fail_alternatives(nodes, at);
    };
}

Check make_one_of(Compiler& compiler, const Use& use)
{
    return [nodes = alternatives(compiler, use)](Evaluation& evaluation, const Instance& at) {
        const auto held = std::ranges::count_if(
            nodes, [&](const Node* node) { return evaluation.quietly_applies(*node, at); });
        if (held == 0)
            return evaluation.fail_alternatives(nodes, at);
        return held == 1
               || evaluation.fail(at, "must have exactly one of the " + std::to_string(nodes.size())
                                          + " forms that are allowed, and has " + std::to_string(held));
    };
}

Check make_not(Compiler& compiler, const Use& use)
{
    return [&node = compiler.node(use.value, use.place)](Evaluation& evaluation, const Instance& at) {
        return !evaluation.quietly_descends(node, at) || evaluation.fail(at, "must not have the form that is excluded");
    };
}

Check make_if(Compiler& compiler, const Use& use)
{
    const auto beside = [&](std::string_view name) -> const Node* {
        const Json schema = use.schema[name];
        return schema ? &compiler.node(schema, use.schema_place.at(name)) : nullptr;
    };
    return [&condition = compiler.node(use.value, use.place), then = beside("then"),
            otherwise = beside("else")](Evaluation& evaluation, const Instance& at) {
        const Node* const chosen = evaluation.quietly_applies(condition, at) ? then : otherwise;
        return !chosen || evaluation.apply(*chosen, at);
    };
}

}
