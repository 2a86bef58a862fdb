// JSON Schema, draft-07 and 2020-12: compiled once, then held against any number of values.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "lib/json.h"
#include "schema/node.h"

namespace forge {

/// What is wrong with a value.
struct Issue {
    std::string path;          // JSON pointer to the value, "" for the whole
    std::string message;       // what is asked of it, to be read after the path: "must be at least 3"
    std::string schema_path;   // JSON pointer (with the URI before '#' for other documents) to the keyword
};

/// A schema that cannot be used.  what() is "POINTER: reason".
struct SchemaError : Error {
    SchemaError(const std::string& pointer_, const std::string& reason)
        : Error((pointer_.empty() ? "(root)" : pointer_) + ": " + reason), pointer(pointer_) {}
    std::string pointer;       // to the bad part, within its document
};

struct SchemaOptions {
    schema::Draft default_draft = schema::Draft::draft2020_12;   // where there is no $schema
    bool assert_formats = true;                                  // else "format" is a note only
    std::string uri = {};                                        // the document's own, where it has no $id
    std::string entry = {};                                      // JSON pointer to the part that is the schema
    /// Gives the document of an absolute URI without fragment, or nothing; without it only local references are found.
    std::function<std::optional<Json>(const std::string& uri)> resolver = {};
};

struct ValidationLimits {
    std::size_t steps = 1'000'000;
    int depth = 512;           // of schemas within schemas, references included
    std::size_t issues = 20;
};

/// Immutable: any number of threads may use one at once.
class JsonSchema {
public:
    struct Property {
        std::string name;
        Json schema;           // as written
        bool required = false;
    };

    /// Throws SchemaError for a schema with an unknown type, a bad pattern, a reference that leads nowhere, …
    static JsonSchema compile(const Json& schema, const SchemaOptions& options = {});
    JsonSchema(JsonSchema&&) noexcept;
    JsonSchema& operator=(JsonSchema&&) noexcept;
    ~JsonSchema();

    /// Empty when the value is valid.  A value that takes too many steps is invalid, and the issue says so.
    std::vector<Issue> validate(const Json& value, const ValidationLimits& limits = {}) const;
    bool accepts(const Json& value) const;

    /// JSON pointers to the values in a valid value that the schema gives a format ("forge-evidence").
    std::vector<std::string> locations_of_format(const Json& value, std::string_view format) const;

    /// The properties that the top level (or what its $ref leads to) declares, in their order.
    std::vector<Property> properties() const;
    /// The object with the default of each top-level property that it lacks.
    Json with_defaults(const Json& object) const;

    /// The schema in one piece: references rewritten to its own definitions, nothing that is not used.  Two schemas
    /// that ask the same by the same words have the same one, wherever their parts stood.
    const Json& bundled() const;

private:
    struct Compiled;
    explicit JsonSchema(std::unique_ptr<const Compiled> compiled);
    std::unique_ptr<const Compiled> compiled_;
};

}
