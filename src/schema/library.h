// The documents that a schema is made of: their resources, anchors and references.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "schema/json_schema.h"
#include "schema/node.h"

namespace forge::schema {

/// A place in a document.
struct Place {
    Resource* resource = nullptr;
    std::string document;      // its URI, "" for the one that was given
    std::string pointer;

    Place at(std::string_view token) const { return {resource, document, pointer_to(pointer, token)}; }
    std::string location() const { return document + "#" + pointer; }
};

/// A schema that a reference leads to.
struct Target {
    Json schema;
    Place place;
};

[[noreturn]] void fail(const Place& at, const std::string& reason);

class Library {
public:
    explicit Library(const SchemaOptions& options) : options_(options) {}
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;

    /// Takes in a document; gives its root.  The library owns the copy.
    Target add(const Json& document, const std::string& uri);
    /// What a reference at a place leads to; fetches documents.  Throws SchemaError at the place.
    Target find(const Place& from, std::string_view reference);
    /// The place of a subschema: the given one, in the subschema's own resource if it has an $id.
    Place place_of(const Json& schema, Place place) const;

    /// Every $dynamicAnchor there is.
    struct DynamicAnchor {
        std::string name;
        Target target;
    };
    const std::deque<DynamicAnchor>& dynamic_anchors() const { return dynamic_anchors_; }
    bool is_dynamic(const Target& target, std::string_view anchor) const;

private:
    struct Entry {
        Resource resource;
        Target root;
        std::map<std::string, Target, std::less<>> anchors;
        std::set<std::string, std::less<>> dynamic;
    };

    void index(const Json& schema, Place place, int depth);
    void index_children(const Json& schema, const Place& place, int depth);
    void add_anchors(const Json& schema, const Place& place);
    Place with_own_resource(const Json& schema, Place place);
    Entry& entry_of(const Place& from, const std::string& uri);
    Entry& new_entry(const std::string& uri, const Dialect& dialect, const Target& root);
    Dialect dialect_of(const Json& schema, const Place& place, const Dialect& inherited);
    Dialect custom_dialect(const std::string& uri, const Place& place);
    Target at_pointer(const Entry& entry, std::string_view pointer, const Place& from);

    const SchemaOptions options_;
    std::deque<Entry> entries_;
    std::map<std::string, Entry*, std::less<>> by_uri_;
    std::map<Value, Entry*> by_root_;
    std::set<Value> indexed_;
    std::deque<DynamicAnchor> dynamic_anchors_;
};

/// The text of a meta-schema that we carry (draft-07, 2020-12), or nothing.
std::optional<std::string_view> metaschema(std::string_view uri);

}
