// A schema as JsonSchema keeps it: its documents and the nodes made of them.
#include "schema/compiled.h"

#include <algorithm>

#include "schema/evaluation.h"

namespace forge::schema {

namespace {

constexpr std::size_t most_nodes = 100'000;

// The keywords of a schema that count, in the order in which they are checked.
std::vector<std::pair<const Keyword*, Json>> keywords_of(const Json& schema, const Dialect& dialect)
{
    const bool only_reference = dialect.draft == Draft::draft7 && schema["$ref"];
    std::vector<std::pair<const Keyword*, Json>> found;
    for (const auto& [name, value] : schema.members())
        if (const Keyword* const keyword = find_keyword(name, dialect.draft);
            keyword && (!only_reference || name == "$ref") && (dialect.validation || !keyword->is_validation))
            found.emplace_back(keyword, value);
    std::ranges::sort(found, {}, &std::pair<const Keyword*, Json>::first);
    return found;
}

}

Graph::Graph(const Json& schema, const SchemaOptions& options)
    : asserts_formats_(options.assert_formats), library_(options)
{
    entry_ = library_.add(schema, options.uri);
    if (!options.entry.empty())
        entry_ = library_.find({entry_.place.resource, "", options.entry}, "#" + options.entry);
    root_ = &node(entry_.schema, entry_.place);
    compile_all();
}

void Graph::compile_all()
{
    while (compiled_ < compilations_.size()) {
        compile(compilations_[compiled_]);
        ++compiled_;
        compile_dynamic_anchors();
    }
}

// Any of them may be what a $dynamicRef finds, so all must be there.
void Graph::compile_dynamic_anchors()
{
    for (; dynamic_ < library_.dynamic_anchors().size(); ++dynamic_) {
        const auto& [name, target] = library_.dynamic_anchors()[dynamic_];
        target.place.resource->dynamic_nodes[name] = &node(target.schema, target.place);
    }
}

const Node& Graph::node(const Json& schema, const Place& given)
{
    if (!schema.is_object() && !schema.is_bool())
        fail(given, "must be a schema: an object, true or false");
    const auto known = nodes_.find(schema.get());
    if (known != nodes_.end() && schema.is_object())
        return *known->second;
    const Place place = library_.place_of(schema, given);
    if (compilations_.size() >= most_nodes)
        fail(place, "too many subschemas");
    Compilation& work = compilations_.emplace_back(
        Compilation{{.location = place.location(), .resource = place.resource, .assertions = {}}, schema, place});
    nodes_[schema.get()] = &work.node;
    return work.node;
}

const Regex& Graph::regex(std::string_view pattern, const Place& place)
{
    if (const auto known = regexes_.find(pattern); known != regexes_.end())
        return known->second;
    try {
        return regexes_.emplace(std::string{pattern}, Regex::ecma(pattern)).first->second;
    } catch (const Error& error) {
        fail(place, error.what());
    }
}

bool Graph::asserts_formats(const Place& place) const
{
    return asserts_formats_ || place.resource->dialect.format_assertion;
}

void Graph::compile(Compilation& work)
{
    const Json& schema = work.schema;
    if (schema.is_bool()) {
        if (!schema.as_bool())
            work.node.assertions.push_back({{}, [](Evaluation& evaluation, const Instance& at) {
                return evaluation.fail(at, "is not allowed");
            }});
        return;
    }
    for (const auto& [keyword, value] : keywords_of(schema, work.place.resource->dialect)) {
        if (!keyword->make)
            continue;
        const Place place = work.place.at(keyword->name);
        if (Check check = keyword->make(*this, {value, schema, place, work.place}))
            work.node.assertions.push_back({keyword->name, std::move(check)});
    }
}

}
