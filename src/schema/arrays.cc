// Keywords that look at the items of an array.
#include <algorithm>
#include <limits>

#include "schema/evaluation.h"
#include "schema/keyword.h"

namespace forge::schema {

namespace {

using Nodes = std::vector<const Node*>;

Nodes listed_nodes(Compiler& compiler, const Json& list, const Place& place)
{
    if (!list.is_array())
        fail(place, "must be an array of schemas");
    Nodes nodes;
    for (std::size_t i = 0; i < list.size(); ++i)
        nodes.push_back(&compiler.node(list.at(i), place.at(std::to_string(i))));
    return nodes;
}

Instance item_of(const Instance& at, std::size_t index)
{
    return {.value = json_array_get(at.value, index), .holder = &at, .index = index};
}

// The first items against one schema each, the rest (if there is a schema for it) against the last.
Check items_check(Nodes first, const Node* rest)
{
    return [first = std::move(first), rest](Evaluation& evaluation, const Instance& at) {
        if (!json_is_array(at.value))
            return true;
        const std::size_t count = json_array_size(at.value);
        const std::size_t reached = rest ? count : std::min(count, first.size());
        bool valid = true;
        for (std::size_t i = 0; i < reached; ++i)
            valid = evaluation.descend(i < first.size() ? *first[i] : *rest, item_of(at, i)) && valid;
        if (evaluation.tracks())
            evaluation.evaluated().first_items = std::max(evaluation.evaluated().first_items, reached);
        return valid;
    };
}

}

Check make_prefix_items(Compiler& compiler, const Use& use)
{
    return items_check(listed_nodes(compiler, use.value, use.place), nullptr);
}

Check make_items(Compiler& compiler, const Use& use)
{
    const std::size_t skipped = use.schema["prefixItems"].size();
    return [&node = compiler.node(use.value, use.place), skipped](Evaluation& evaluation, const Instance& at) {
        if (!json_is_array(at.value))
            return true;
        bool valid = true;
        for (std::size_t i = skipped; i < json_array_size(at.value); ++i)
            valid = evaluation.descend(node, item_of(at, i)) && valid;
        if (evaluation.tracks())
            evaluation.evaluated().all = true;
        return valid;
    };
}

Check make_draft7_items(Compiler& compiler, const Use& use)
{
    if (!use.value.is_array())
        return items_check({}, &compiler.node(use.value, use.place));
    const Json rest = use.schema["additionalItems"];
    return items_check(listed_nodes(compiler, use.value, use.place),
                       rest ? &compiler.node(rest, use.schema_place.at("additionalItems")) : nullptr);
}

Check make_contains(Compiler& compiler, const Use& use)
{
    const auto count_beside = [&](std::string_view name, std::size_t otherwise) {
        const Json value = use.schema[name];
        const bool counts = value && use.place.resource->dialect.draft == Draft::draft2020_12
                            && use.place.resource->dialect.validation;
        return counts ? count_of({value, use.schema, use.schema_place.at(name), use.schema_place}) : otherwise;
    };
    const std::size_t least = count_beside("minContains", 1);
    const std::size_t most = count_beside("maxContains", std::numeric_limits<std::size_t>::max());
    return [&node = compiler.node(use.value, use.place), least, most](Evaluation& evaluation, const Instance& at) {
        if (!json_is_array(at.value))
            return true;
        std::size_t found = 0;
        for (std::size_t i = 0; i < json_array_size(at.value); ++i) {
            if (!evaluation.quietly_descends(node, item_of(at, i)))
                continue;
            ++found;
            if (evaluation.tracks())
                evaluation.evaluated().items.push_back(i);
        }
        if (found < least)
            return evaluation.fail(at, "must have at least " + std::to_string(least)
                                           + " of the items that are asked for");
        return found <= most
               || evaluation.fail(at,
                                  "must have at most " + std::to_string(most) + " of the items that are asked for");
    };
}

Check make_unevaluated_items(Compiler& compiler, const Use& use)
{
    compiler.track_evaluated();
    return [&node = compiler.node(use.value, use.place)](Evaluation& evaluation, const Instance& at) {
        if (!json_is_array(at.value))
            return true;
        bool valid = true;
        for (std::size_t i = 0; i < json_array_size(at.value); ++i) {
            evaluation.spend(1 + evaluation.evaluated().items.size() / 16);
            if (!evaluation.evaluated().has(i))
                valid = evaluation.descend(node, item_of(at, i)) && valid;
        }
        evaluation.evaluated().all = true;
        return valid;
    };
}

}
