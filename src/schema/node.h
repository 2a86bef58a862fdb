// A compiled schema: what each (sub)schema asks of a value.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "schema/value.h"

namespace forge::schema {

class Evaluation;
struct Node;

/// Where a value stands: linked to what holds it, so that its path costs nothing until somebody asks for it.
struct Instance {
    Value value = nullptr;
    const Instance* holder = nullptr;
    std::string_view name = {};   // in an object
    std::size_t index = 0;        // in an array
};

enum class Draft { draft7, draft2020_12 };

/// Which keywords of a schema count: its draft and, by its meta-schema's $vocabulary, its vocabularies.
struct Dialect {
    Draft draft = Draft::draft2020_12;
    bool validation = true;
    bool format_assertion = false;
};

/// A schema with an identifier of its own (the document, or a subschema with $id).
struct Resource {
    std::string uri;
    Dialect dialect;
    std::map<std::string, const Node*, std::less<>> dynamic_nodes;   // by $dynamicAnchor
};

/// One keyword at work: true when the value satisfies it, else it has told the evaluation why not.
using Check = std::function<bool(Evaluation&, const Instance&)>;

struct Assertion {
    std::string_view keyword;   // of the table, or empty for the schema false
    Check check;
};

struct Node {
    std::string location;       // absolute: URI, '#', pointer
    const Resource* resource = nullptr;
    std::vector<Assertion> assertions;
};

}
