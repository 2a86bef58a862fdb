// Keywords that look at the members of an object.
#include <algorithm>
#include <set>

#include "schema/evaluation.h"
#include "schema/keyword.h"

namespace forge::schema {

namespace {

using NamedNodes = std::vector<std::pair<std::string, const Node*>>;
using PatternNodes = std::vector<std::pair<const Regex*, const Node*>>;

NamedNodes named_nodes(Compiler& compiler, const Use& use)
{
    if (!use.value.is_object())
        fail(use.place, "must be an object of schemas");
    NamedNodes nodes;
    for (const auto& [name, schema] : use.value.members())
        nodes.emplace_back(name, &compiler.node(schema, use.place.at(name)));
    return nodes;
}

bool descend_member(Evaluation& evaluation, const Instance& at, const Node& node, std::string_view name, Value value)
{
    if (evaluation.tracks())
        evaluation.evaluated().members.push_back(name);
    return evaluation.descend(node, {.value = value, .holder = &at, .name = name});
}

// What properties and patternProperties beside an additionalProperties speak of.
class Declared {
public:
    Declared(Compiler& compiler, const Use& use)
    {
        for (const auto& [name, schema] : use.schema["properties"].members())
            names_.insert(name);
        for (const auto& [pattern, schema] : use.schema["patternProperties"].members())
            patterns_.push_back(&compiler.regex(pattern, use.schema_place.at("patternProperties").at(pattern)));
    }

    bool has(std::string_view name) const
    {
        return names_.contains(name)
               || std::ranges::any_of(patterns_, [name](const Regex* pattern) { return pattern->finds(name); });
    }

private:
    std::set<std::string, std::less<>> names_;
    std::vector<const Regex*> patterns_;
};

}

Check make_properties(Compiler& compiler, const Use& use)
{
    return [nodes = named_nodes(compiler, use)](Evaluation& evaluation, const Instance& at) {
        bool valid = true;
        if (json_is_object(at.value))
            for (const auto& [name, node] : nodes)
                if (const Value held = member(at.value, name))
                    valid = descend_member(evaluation, at, *node, name, held) && valid;
        return valid;
    };
}

Check make_pattern_properties(Compiler& compiler, const Use& use)
{
    PatternNodes patterns;
    for (const auto& [pattern, node] : named_nodes(compiler, use))
        patterns.emplace_back(&compiler.regex(pattern, use.place.at(pattern)), node);
    return [patterns = std::move(patterns)](Evaluation& evaluation, const Instance& at) {
        bool valid = true;
        if (json_is_object(at.value))
            each_member(at.value, [&](std::string_view name, Value held) {
                evaluation.spend(patterns.size());
                for (const auto& [pattern, node] : patterns)
                    if (pattern->finds(name))
                        valid = descend_member(evaluation, at, *node, name, held) && valid;
                return true;
            });
        return valid;
    };
}

Check make_additional_properties(Compiler& compiler, const Use& use)
{
    const Node& node = compiler.node(use.value, use.place);
    const bool forbidden = use.value.is_bool() && !use.value.as_bool();
    return [&node, forbidden, declared = Declared{compiler, use}](Evaluation& evaluation, const Instance& at) {
        bool valid = true;
        if (json_is_object(at.value))
            each_member(at.value, [&](std::string_view name, Value held) {
                evaluation.spend(1);
                if (!declared.has(name))
                    valid = (forbidden ? evaluation.fail_member(at, name, "is not declared")
                                       : descend_member(evaluation, at, node, name, held)) && valid;
                return true;
            });
        return valid;
    };
}

Check make_property_names(Compiler& compiler, const Use& use)
{
    return [&node = compiler.node(use.value, use.place)](Evaluation& evaluation, const Instance& at) {
        bool valid = true;
        if (json_is_object(at.value))
            each_member(at.value, [&](std::string_view name, Value) {
                const Json text{name};
                if (!evaluation.quietly_descends(node, {.value = text.get(), .holder = &at, .name = name}))
                    valid = evaluation.fail_member(at, name, "has a name that is not allowed");
                return true;
            });
        return valid;
    };
}

Check make_dependent_schemas(Compiler& compiler, const Use& use)
{
    return [nodes = named_nodes(compiler, use)](Evaluation& evaluation, const Instance& at) {
        bool valid = true;
        if (json_is_object(at.value))
            for (const auto& [name, node] : nodes)
                if (member(at.value, name))
                    valid = evaluation.apply(*node, at) && valid;
        return valid;
    };
}

// Draft-07's dependencies: what became dependentRequired and dependentSchemas.
Check make_dependencies(Compiler& compiler, const Use& use)
{
    if (!use.value.is_object())
        fail(use.place, "must be an object");
    Json names = Json::object();
    Json schemas = Json::object();
    for (const auto& [name, rule] : use.value.members())
        (rule.is_array() ? names : schemas).set(name, rule);
    const Check required = make_dependent_required(compiler, {names, use.schema, use.place, use.schema_place});
    const Check applied = make_dependent_schemas(compiler, {schemas, use.schema, use.place, use.schema_place});
    return [required, applied](Evaluation& evaluation, const Instance& at) {
        const bool has_all = required(evaluation, at);
        return applied(evaluation, at) && has_all;
    };
}

Check make_unevaluated_properties(Compiler& compiler, const Use& use)
{
    compiler.track_evaluated();
    const bool forbidden = use.value.is_bool() && !use.value.as_bool();
    return [&node = compiler.node(use.value, use.place), forbidden](Evaluation& evaluation, const Instance& at) {
        if (!json_is_object(at.value))
            return true;
        bool valid = true;
        each_member(at.value, [&](std::string_view name, Value held) {
            evaluation.spend(1 + evaluation.evaluated().members.size() / 16);
            if (!evaluation.evaluated().has(name))
                valid = (forbidden ? evaluation.fail_member(at, name, "is not declared")
                                   : evaluation.descend(node, {.value = held, .holder = &at, .name = name})) && valid;
            return true;
        });
        evaluation.evaluated().all = true;
        return valid;
    };
}

}
