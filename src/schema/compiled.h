// A schema as JsonSchema keeps it: its documents and the nodes made of them.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "schema/keyword.h"
#include "schema/library.h"

namespace forge::schema {

/// What is known of a compiled place, for whoever walks the schema again.
struct Compilation {
    Node node;
    Json schema;
    Place place;
};

/// Compiles by a list of what is still to do, so that no chain of references grows the stack.
class Graph : public Compiler {
public:
    /// Throws SchemaError.
    Graph(const Json& schema, const SchemaOptions& options);

    const Node& root() const { return *root_; }
    const Target& entry() const { return entry_; }
    bool tracks() const { return tracks_; }
    /// The schema in one piece (bundle.cc).
    Json bundle();

    const Node& node(const Json& schema, const Place& place) override;
    const Regex& regex(std::string_view pattern, const Place& place) override;
    Target find(const Place& from, std::string_view reference) override { return library_.find(from, reference); }
    Place place_of(const Json& schema, const Place& place) const override { return library_.place_of(schema, place); }
    bool is_dynamic(const Target& target, std::string_view anchor) const override
    {
        return library_.is_dynamic(target, anchor);
    }
    bool asserts_formats(const Place& place) const override;
    void track_evaluated() override { tracks_ = true; }

private:
    void compile_all();
    void compile_dynamic_anchors();
    void compile(Compilation& work);

    const bool asserts_formats_;
    Library library_;
    Target entry_;
    std::deque<Compilation> compilations_;
    std::size_t compiled_ = 0;            // of compilations_
    std::size_t dynamic_ = 0;             // of the library's dynamic anchors
    std::map<Value, const Node*> nodes_;
    std::map<std::string, Regex, std::less<>> regexes_;
    bool tracks_ = false;
    const Node* root_ = nullptr;
};

}
