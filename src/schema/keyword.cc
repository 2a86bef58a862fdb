// The table of keywords: what each one means in which draft.
#include "schema/keyword.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace forge::schema {

namespace {

constexpr std::array table{
    //      name                    7      2020   valid. subschemas              factory
    Keyword{"$ref",                 true,  true,  false, Holds::nothing,         make_ref},
    Keyword{"$dynamicRef",          false, true,  false, Holds::nothing,         make_dynamic_ref},
    Keyword{"$defs",                false, true,  false, Holds::map,             nullptr},
    Keyword{"definitions",          true,  true,  false, Holds::map,             nullptr},
    Keyword{"type",                 true,  true,  true,  Holds::nothing,         make_type},
    Keyword{"enum",                 true,  true,  true,  Holds::nothing,         make_enum},
    Keyword{"const",                true,  true,  true,  Holds::nothing,         make_const},
    Keyword{"multipleOf",           true,  true,  true,  Holds::nothing,         make_multiple_of},
    Keyword{"minimum",              true,  true,  true,  Holds::nothing,         make_minimum},
    Keyword{"maximum",              true,  true,  true,  Holds::nothing,         make_maximum},
    Keyword{"exclusiveMinimum",     true,  true,  true,  Holds::nothing,         make_exclusive_minimum},
    Keyword{"exclusiveMaximum",     true,  true,  true,  Holds::nothing,         make_exclusive_maximum},
    Keyword{"minLength",            true,  true,  true,  Holds::nothing,         make_min_length},
    Keyword{"maxLength",            true,  true,  true,  Holds::nothing,         make_max_length},
    Keyword{"pattern",              true,  true,  true,  Holds::nothing,         make_pattern},
    Keyword{"format",               true,  true,  false, Holds::nothing,         make_format},
    Keyword{"minItems",             true,  true,  true,  Holds::nothing,         make_min_items},
    Keyword{"maxItems",             true,  true,  true,  Holds::nothing,         make_max_items},
    Keyword{"uniqueItems",          true,  true,  true,  Holds::nothing,         make_unique_items},
    Keyword{"minProperties",        true,  true,  true,  Holds::nothing,         make_min_properties},
    Keyword{"maxProperties",        true,  true,  true,  Holds::nothing,         make_max_properties},
    Keyword{"required",             true,  true,  true,  Holds::nothing,         make_required},
    Keyword{"dependentRequired",    false, true,  true,  Holds::nothing,         make_dependent_required},
    Keyword{"properties",           true,  true,  false, Holds::map,             make_properties},
    Keyword{"patternProperties",    true,  true,  false, Holds::map,             make_pattern_properties},
    Keyword{"additionalProperties", true,  true,  false, Holds::schema,          make_additional_properties},
    Keyword{"propertyNames",        true,  true,  false, Holds::schema,          make_property_names},
    Keyword{"dependentSchemas",     false, true,  false, Holds::map,             make_dependent_schemas},
    Keyword{"dependencies",         true,  true,  false, Holds::map_with_lists,  make_dependencies},
    Keyword{"prefixItems",          false, true,  false, Holds::list,            make_prefix_items},
    Keyword{"items",                false, true,  false, Holds::schema,          make_items},
    Keyword{"items",                true,  false, false, Holds::schema_or_list,  make_draft7_items},
    Keyword{"additionalItems",      true,  false, false, Holds::schema,          nullptr},
    Keyword{"contains",             true,  true,  false, Holds::schema,          make_contains},
    Keyword{"allOf",                true,  true,  false, Holds::list,            make_all_of},
    Keyword{"anyOf",                true,  true,  false, Holds::list,            make_any_of},
    Keyword{"oneOf",                true,  true,  false, Holds::list,            make_one_of},
    Keyword{"not",                  true,  true,  false, Holds::schema,          make_not},
    Keyword{"if",                   true,  true,  false, Holds::schema,          make_if},
    Keyword{"then",                 true,  true,  false, Holds::schema,          nullptr},
    Keyword{"else",                 true,  true,  false, Holds::schema,          nullptr},
    Keyword{"unevaluatedItems",     false, true,  false, Holds::schema,          make_unevaluated_items},
    Keyword{"unevaluatedProperties", false, true, false, Holds::schema,          make_unevaluated_properties},
};

}

const Keyword* find_keyword(std::string_view name, Draft draft)
{
    static const auto by_name = [] {
        std::unordered_multimap<std::string_view, const Keyword*> index;
        for (const auto& keyword : table)
            index.emplace(keyword.name, &keyword);
        return index;
    }();
    const auto [first, last] = by_name.equal_range(name);
    const auto found = std::find_if(first, last, [draft](const auto& entry) { return entry.second->is_of(draft); });
    return found == last ? nullptr : found->second;
}

std::size_t count_of(const Use& use)
{
    const Value value = use.value.get();
    if (!json_is_number(value) || !is_integral(value) || json_number_value(value) < 0
        || json_number_value(value) > 1e15)
        fail(use.place, "must be a whole number of at least 0");
    return static_cast<std::size_t>(json_number_value(value));
}

std::vector<std::string> names_of(const Json& value, const Place& place)
{
    std::vector<std::string> names;
    if (!value.is_array())
        fail(place, "must be a list of names");
    for (const auto& name : value.items()) {
        if (!name.is_string())
            fail(place, "must be a list of names");
        names.emplace_back(name.as_text());
    }
    return names;
}

}
