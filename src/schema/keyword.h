// The table of keywords: what each one means in which draft.
#pragma once

#include <string_view>

#include "lib/regex.h"
#include "schema/library.h"
#include "schema/node.h"

namespace forge::schema {

/// What a keyword's factory may ask of the compiler.
class Compiler {
public:
    virtual ~Compiler() = default;
    /// The compiled subschema at a place; throws SchemaError when it is neither object nor boolean.
    virtual const Node& node(const Json& schema, const Place& place) = 0;
    virtual const Regex& regex(std::string_view pattern, const Place& place) = 0;
    virtual Target find(const Place& from, std::string_view reference) = 0;
    virtual Place place_of(const Json& schema, const Place& place) const = 0;
    virtual bool is_dynamic(const Target& target, std::string_view anchor) const = 0;
    virtual bool asserts_formats(const Place& place) const = 0;
    virtual void track_evaluated() = 0;
};

/// The keyword as it stands in a schema.
struct Use {
    const Json& value;
    const Json& schema;        // the object around it
    const Place& place;        // of the value
    const Place& schema_place;
};

/// How the subschemas stand in a keyword's value.
enum class Holds { nothing, schema, list, schema_or_list, map, map_with_lists };

struct Keyword {
    std::string_view name;
    bool draft7;
    bool draft2020_12;
    bool is_validation;        // of the vocabulary that a meta-schema may switch off
    Holds holds;
    Check (*make)(Compiler&, const Use&);   // nullptr: works through another keyword, or holds definitions only

    bool is_of(Draft draft) const { return draft == Draft::draft7 ? draft7 : draft2020_12; }
};

/// The keyword of that name in a draft, or nullptr.  Keywords are checked in the order of their addresses: what reads
/// others' results comes last.
const Keyword* find_keyword(std::string_view name, Draft draft);

// The factories, by source file: assertions.cc …
Check make_type(Compiler&, const Use&);
Check make_enum(Compiler&, const Use&);
Check make_const(Compiler&, const Use&);
Check make_minimum(Compiler&, const Use&);
Check make_maximum(Compiler&, const Use&);
Check make_exclusive_minimum(Compiler&, const Use&);
Check make_exclusive_maximum(Compiler&, const Use&);
Check make_multiple_of(Compiler&, const Use&);
Check make_min_length(Compiler&, const Use&);
Check make_max_length(Compiler&, const Use&);
Check make_pattern(Compiler&, const Use&);
Check make_format(Compiler&, const Use&);
Check make_min_items(Compiler&, const Use&);
Check make_max_items(Compiler&, const Use&);
Check make_unique_items(Compiler&, const Use&);
Check make_min_properties(Compiler&, const Use&);
Check make_max_properties(Compiler&, const Use&);
Check make_required(Compiler&, const Use&);
Check make_dependent_required(Compiler&, const Use&);
// … objects.cc …
Check make_properties(Compiler&, const Use&);
Check make_pattern_properties(Compiler&, const Use&);
Check make_additional_properties(Compiler&, const Use&);
Check make_property_names(Compiler&, const Use&);
Check make_dependent_schemas(Compiler&, const Use&);
Check make_dependencies(Compiler&, const Use&);
Check make_unevaluated_properties(Compiler&, const Use&);
// … arrays.cc …
Check make_prefix_items(Compiler&, const Use&);
Check make_items(Compiler&, const Use&);
Check make_draft7_items(Compiler&, const Use&);
Check make_contains(Compiler&, const Use&);
Check make_unevaluated_items(Compiler&, const Use&);
// … and combinations.cc.
Check make_ref(Compiler&, const Use&);
Check make_dynamic_ref(Compiler&, const Use&);
Check make_all_of(Compiler&, const Use&);
Check make_any_of(Compiler&, const Use&);
Check make_one_of(Compiler&, const Use&);
Check make_not(Compiler&, const Use&);
Check make_if(Compiler&, const Use&);

/// A whole number of at least 0, as counts must be; throws SchemaError.
std::size_t count_of(const Use& use);
/// The list of texts without repetition that the value is; throws SchemaError.
std::vector<std::string> names_of(const Json& value, const Place& place);

}
