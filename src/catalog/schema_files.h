// Output schemas that templates refer to: files in schemas/ inside the catalog's root, or directly beside it.
#pragma once

#include "lib/json.h"
#include "os/fd.h"
#include "schema/json_schema.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace forge {

/// Any thread.
class SchemaFiles {
public:
    explicit SchemaFiles(const std::string& catalog_root);

    /// A schema, or why there is none.
    struct Found {
        std::shared_ptr<const JsonSchema> schema;
        std::string code;      // of the rule that is broken
        std::string message;
    };

    /// "schemas/x.json", "../schemas/x.json#/definitions/a/b", "file:…": taken from the template's own folder (relative
    /// to the root), else from the root.
    /// A schema that many templates refer to is compiled once.
    Found resolve(std::string_view reference, const std::string& template_folder);

    /// Changes whenever a file in either folder does.
    std::string fingerprint() const;

private:
    struct Document {
        Json value;
        std::string fault;   // why it cannot be had; empty: it can
        bool exists = false;
    };

    const Document& document(const std::string& path);
    Document read(const std::string& path) const;
    Found compiled(const std::string& path, std::string_view pointer);
    static Found compile(const Document& document, std::string_view pointer);

    Fd inside_;    // ROOT/schemas
    Fd beside_;    // ROOT/../schemas
    std::mutex mutex_;
    std::map<std::string, Document> documents_;   // by path relative to the root; guarded by mutex_
    std::map<std::string, Found> compiled_;       // by path#pointer; guarded by mutex_
};

}
