// Keywords that look at the value itself: type, enum, bounds, lengths, formats.
#include "schema/keyword.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "schema/evaluation.h"
#include "schema/format.h"

namespace forge::schema {

namespace {

struct Type {
    std::string_view name;
    std::string_view phrase;
    bool (*is)(Value);
};

constexpr std::array types{
    Type{"null", "null", [](Value v) { return json_is_null(v); }},
    Type{"boolean", "true or false", [](Value v) { return json_is_boolean(v); }},
    Type{"object", "an object", [](Value v) { return json_is_object(v); }},
    Type{"array", "an array", [](Value v) { return json_is_array(v); }},
    Type{"number", "a number", [](Value v) { return json_is_number(v); }},
    Type{"integer", "an integer", [](Value v) { return json_is_number(v) && is_integral(v); }},
    Type{"string", "a string", [](Value v) { return json_is_string(v); }},
};

std::string_view phrase_of(Value value)
{
    return std::ranges::find_if(types, [value](const Type& type) { return type.is(value); })->phrase;
}

std::string counted(std::size_t count, std::string_view one, std::string_view many)
{
    return std::to_string(count) + " " + std::string{count == 1 ? one : many};
}

// The JSON text, short enough for a message.
std::string shown(const Json& value)
{
    const std::string text = dump(value);
    return text.size() <= 80 ? text : std::string{utf8_prefix(text, 77)} + "…";
}

using IsWithin = bool (*)(int order);

Check bound(const Use& use, IsWithin is_within, std::string_view words)
{
    if (!use.value.is_number())
        fail(use.place, "must be a number");
    return [limit = use.value, is_within, message = "must be " + std::string{words} + " " + shown(use.value)](
               Evaluation& evaluation, const Instance& at) {
        return !json_is_number(at.value) || is_within(compare_numbers(at.value, limit.get()))
               || evaluation.fail(at, message);
    };
}

std::size_t length(Value v) { return characters(text_of(v)); }
std::size_t items(Value v) { return json_array_size(v); }
std::size_t members(Value v) { return json_object_size(v); }

// A bound of a count: of characters, items or members.
struct Counted {
    int type;
    std::size_t (*count)(Value);
    std::string_view one;
    std::string_view many;
};
constexpr Counted counted_characters{JSON_STRING, length, "character", "characters"};
constexpr Counted counted_items{JSON_ARRAY, items, "item", "items"};
constexpr Counted counted_members{JSON_OBJECT, members, "property", "properties"};

Check at_least(const Use& use, const Counted& what)
{
    const std::size_t limit = count_of(use);
    const std::string message = limit == 1 ? "must not be empty"
                                           : "must have at least " + counted(limit, what.one, what.many);
    return [limit, what, message](Evaluation& evaluation, const Instance& at) {
        return json_typeof(at.value) != what.type || what.count(at.value) >= limit || evaluation.fail(at, message);
    };
}

Check at_most(const Use& use, const Counted& what)
{
    const std::size_t limit = count_of(use);
    const std::string message = "must have at most " + counted(limit, what.one, what.many);
    return [limit, what, message](Evaluation& evaluation, const Instance& at) {
        return json_typeof(at.value) != what.type || what.count(at.value) <= limit || evaluation.fail(at, message);
    };
}

// The positions of two equal items, or nothing.
std::optional<std::pair<std::size_t, std::size_t>> equal_items(Value array)
{
    std::unordered_multimap<std::size_t, std::size_t> seen;
    for (std::size_t i = 0; i < json_array_size(array); ++i) {
        const Value item = json_array_get(array, i);
        const std::size_t hash = hash_of(item);
        const auto [first, last] = seen.equal_range(hash);
        for (auto other = first; other != last; ++other)
            if (same_value(item, json_array_get(array, other->second)))
                return std::pair{other->second, i};
        seen.emplace(hash, i);
    }
    return std::nullopt;
}

}

Check make_type(Compiler&, const Use& use)
{
    std::vector<Type> allowed;
    std::string message = "must be ";
    for (const auto& name : use.value.is_array() ? use.value.items() : std::vector{use.value}) {
        const auto type = std::ranges::find(types, name.as_text(), &Type::name);
        if (type == types.end())
            fail(use.place, "unknown type " + shown(name));
        message += (allowed.empty() ? "" : " or ") + std::string{type->phrase};
        allowed.push_back(*type);
    }
    if (allowed.empty())
        fail(use.place, "must name at least one type");
    return [allowed = std::move(allowed), message = std::move(message)](Evaluation& evaluation, const Instance& at) {
        for (const auto& type : allowed)
            if (type.is(at.value))
                return true;
        return evaluation.is_quiet() ? false
                                     : evaluation.fail(at, message + ", not " + std::string{phrase_of(at.value)});
    };
}

Check make_enum(Compiler&, const Use& use)
{
    if (!use.value.is_array())
        fail(use.place, "must be an array");
    std::string message = "must be ";
    const auto values = use.value.items();
    for (std::size_t i = 0; i < values.size() && message.size() < 400; ++i)
        message += (i == 0 ? "" : i + 1 == values.size() ? " or " : ", ") + shown(values[i]);
    if (message.size() >= 400)
        message += " … (" + std::to_string(values.size()) + " values)";
    return [values, message](Evaluation& evaluation, const Instance& at) {
        evaluation.spend(values.size() / 16);
        return std::ranges::any_of(values, [&](const Json& value) { return same_value(value.get(), at.value); })
               || evaluation.fail(at, message);
    };
}

Check make_const(Compiler&, const Use& use)
{
    return [value = use.value, message = "must be " + shown(use.value)](Evaluation& evaluation, const Instance& at) {
        return same_value(value.get(), at.value) || evaluation.fail(at, message);
    };
}

Check make_minimum(Compiler&, const Use& use)
{
    return bound(use, [](int order) { return order >= 0; }, "at least");
}

Check make_maximum(Compiler&, const Use& use)
{
    return bound(use, [](int order) { return order <= 0; }, "at most");
}

Check make_exclusive_minimum(Compiler&, const Use& use)
{
    return bound(use, [](int order) { return order > 0; }, "more than");
}

Check make_exclusive_maximum(Compiler&, const Use& use)
{
    return bound(use, [](int order) { return order < 0; }, "less than");
}

Check make_multiple_of(Compiler&, const Use& use)
{
    if (!use.value.is_number() || use.value.as_number() <= 0)
        fail(use.place, "must be a number above 0");
    return [divisor = use.value, message = "must be a multiple of " + shown(use.value)](Evaluation& evaluation,
                                                                                        const Instance& at) {
        return !json_is_number(at.value) || is_multiple(at.value, divisor.get()) || evaluation.fail(at, message);
    };
}

Check make_min_length(Compiler&, const Use& use) { return at_least(use, counted_characters); }
Check make_max_length(Compiler&, const Use& use) { return at_most(use, counted_characters); }
Check make_min_items(Compiler&, const Use& use) { return at_least(use, counted_items); }
Check make_max_items(Compiler&, const Use& use) { return at_most(use, counted_items); }
Check make_min_properties(Compiler&, const Use& use) { return at_least(use, counted_members); }
Check make_max_properties(Compiler&, const Use& use) { return at_most(use, counted_members); }

Check make_pattern(Compiler& compiler, const Use& use)
{
    if (!use.value.is_string())
        fail(use.place, "must be a string");
    const Regex& regex = compiler.regex(use.value.as_text(), use.place);
    return [&regex, message = "must match the pattern " + std::string{use.value.as_text()}](Evaluation& evaluation,
                                                                                            const Instance& at) {
        if (!json_is_string(at.value))
            return true;
        evaluation.spend(json_string_length(at.value) / 64);
        return regex.finds(text_of(at.value)) || evaluation.fail(at, message);
    };
}

Check make_format(Compiler& compiler, const Use& use)
{
    if (!use.value.is_string())
        fail(use.place, "must be a string");
    const Format* const format = compiler.asserts_formats(use.place) ? find_format(use.value.as_text()) : nullptr;
    return [format, name = std::string{use.value.as_text()}](Evaluation& evaluation, const Instance& at) {
        evaluation.note_format(name, at);
        return !format || !json_is_string(at.value) || format->is(text_of(at.value))
            || evaluation.fail(at, "must be " + std::string{format->phrase});
    };
}

Check make_unique_items(Compiler&, const Use& use)
{
    if (!use.value.is_bool())
        fail(use.place, "must be true or false");
    if (!use.value.as_bool())
        return {};
    return [](Evaluation& evaluation, const Instance& at) {
        if (!json_is_array(at.value))
            return true;
        evaluation.spend(json_array_size(at.value));
        const auto equal = equal_items(at.value);
        return !equal
               || evaluation.fail(at, "must not have equal items, as " + std::to_string(equal->first) + " and "
                                          + std::to_string(equal->second) + " are");
    };
}

Check make_required(Compiler&, const Use& use)
{
    return [names = names_of(use.value, use.place)](Evaluation& evaluation, const Instance& at) {
        bool valid = true;
        if (json_is_object(at.value))
            for (const auto& name : names)
                valid = (member(at.value, name) || evaluation.fail_member(at, name, "is required")) && valid;
        return valid;
    };
}

Check make_dependent_required(Compiler&, const Use& use)
{
    if (!use.value.is_object())
        fail(use.place, "must be an object");
    std::vector<std::pair<std::string, std::vector<std::string>>> rules;
    for (const auto& [name, needed] : use.value.members())
        rules.emplace_back(name, names_of(needed, use.place.at(name)));
    return [rules = std::move(rules)](Evaluation& evaluation, const Instance& at) {
        bool valid = true;
        for (const auto& [name, needed] : rules)
            if (json_is_object(at.value) && member(at.value, name))
                for (const auto& other : needed)
                    valid = (member(at.value, other)
                             || evaluation.fail_member(at, other, "is required where there is " + name))
                            && valid;
        return valid;
    };
}

}
