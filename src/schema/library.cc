// The documents that a schema is made of: their resources, anchors and references.
#include "schema/library.h"

#include "base/text.h"
#include "schema/keyword.h"
#include "schema/uri.h"

namespace forge::schema {

namespace {

constexpr int deepest = 200;   // levels of subschemas
constexpr std::size_t most_resources = 1000;

constexpr std::string_view draft7_uri = "://json-schema.org/draft-07/schema";
constexpr std::string_view draft6_uri = "://json-schema.org/draft-06/schema";   // a subset of draft-07
constexpr std::string_view draft2020_uri = "://json-schema.org/draft/2020-12/schema";
constexpr std::string_view vocabularies = "https://json-schema.org/draft/2020-12/vocab/";

bool hides_siblings(const Json& schema, const Place& place)
{
    return place.resource->dialect.draft == Draft::draft7 && schema["$ref"];
}

}

void fail(const Place& at, const std::string& reason)
{
    throw SchemaError(at.document.empty() ? at.pointer : at.location(), reason);
}

Target Library::add(const Json& document, const std::string& uri)
{
    // A copy, because places are known by the address of the value and the original may share some.
    Target root{document.deep_copy(), {nullptr, entries_.empty() ? "" : uri, ""}};
    const Place unknown = root.place;
    Entry& entry = new_entry(uri, {}, root);
    entry.root.place.resource = &entry.resource;
    entry.resource.dialect = dialect_of(root.schema, unknown, {.draft = options_.default_draft});
    by_uri_.emplace(uri, &entry);
    index(root.schema, entry.root.place, 0);
    return {root.schema, place_of(root.schema, entry.root.place)};
}

Library::Entry& Library::new_entry(const std::string& uri, const Dialect& dialect, const Target& root)
{
    if (entries_.size() >= most_resources)
        fail(root.place, "more than " + std::to_string(most_resources) + " schemas with an identifier of their own");
    Entry& entry = entries_.emplace_back();
    entry.resource.uri = uri;
    entry.resource.dialect = dialect;
    entry.root = root;
    return entry;
}

// A document may be indexed once more from the middle: a reference can point below a keyword that nobody knows.
void Library::index(const Json& schema, Place place, int depth)
{
    if (depth > deepest)
        fail(place, "nested deeper than " + std::to_string(deepest) + " schemas");
    if (!schema.is_object() || !indexed_.insert(schema.get()).second)
        return;
    place = with_own_resource(schema, std::move(place));
    add_anchors(schema, place);
    index_children(schema, place, depth);
}

Place Library::with_own_resource(const Json& schema, Place place)
{
    const Json id = schema["$id"];
    if (!id || hides_siblings(schema, place))
        return place;
    if (!id.is_string())
        fail(place.at("$id"), "must be a string");
    const auto [uri, fragment] = split_fragment(resolve_uri(place.resource->uri, id.as_text()));
    if (!id.as_text().starts_with('#')) {
        if (const auto known = by_uri_.find(uri);
            known != by_uri_.end() && known->second->root.schema.get() != schema.get())
            fail(place.at("$id"), "is the identifier of another schema, too");
        const Dialect dialect = dialect_of(schema, place, place.resource->dialect);
        Entry& entry = new_entry(uri, dialect, {schema, place});
        entry.root.place.resource = &entry.resource;
        place.resource = &entry.resource;
        by_uri_[uri] = &entry;
        by_root_[schema.get()] = &entry;
    }
    if (!fragment.empty() && place.resource->dialect.draft == Draft::draft7)
        by_uri_.at(uri)->anchors.emplace(fragment, Target{schema, place});
    return place;
}

void Library::add_anchors(const Json& schema, const Place& place)
{
    if (place.resource->dialect.draft == Draft::draft7)
        return;
    for (const auto* keyword : {"$anchor", "$dynamicAnchor"}) {
        const Json anchor = schema[keyword];
        if (!anchor)
            continue;
        if (!anchor.is_string())
            fail(place.at(keyword), "must be a string");
        Entry& entry = *by_uri_.at(place.resource->uri);
        const std::string name{anchor.as_text()};
        if (!entry.anchors.emplace(name, Target{schema, place}).second && keyword == std::string_view{"$anchor"})
            fail(place.at(keyword), "anchor " + name + " is there twice");
        if (keyword == std::string_view{"$dynamicAnchor"}) {
            entry.dynamic.insert(name);
            dynamic_anchors_.push_back({name, {schema, place}});
        }
    }
}

void Library::index_children(const Json& schema, const Place& place, int depth)
{
    for (const auto& [name, value] : schema.members()) {
        const Keyword* const keyword = find_keyword(name, place.resource->dialect.draft);
        if (!keyword || keyword->holds == Holds::nothing)
            continue;
        const Place at = place.at(name);
        if (keyword->holds == Holds::schema || (keyword->holds == Holds::schema_or_list && value.is_object()))
            index(value, at, depth + 1);
        else if (value.is_array())
            for (std::size_t i = 0; i < value.size(); ++i)
                index(value.at(i), at.at(std::to_string(i)), depth + 1);
        else
            for (const auto& [key, held] : value.members())
                index(held, at.at(key), depth + 1);
    }
}

Place Library::place_of(const Json& schema, Place place) const
{
    if (const auto found = by_root_.find(schema.get()); found != by_root_.end())
        place.resource = found->second->root.place.resource;
    return place;
}

Library::Entry& Library::entry_of(const Place& from, const std::string& uri)
{
    // A document with an $id is found under its own and under the given URI; its anchors are kept with the $id.
    const auto own = [this](Entry& entry) -> Entry& {
        const auto found = by_root_.find(entry.root.schema.get());
        return found == by_root_.end() ? entry : *found->second;
    };
    if (const auto known = by_uri_.find(uri); known != by_uri_.end())
        return own(*known->second);
    std::optional<Json> document;
    if (const auto carried = metaschema(uri))
        document = parse_json(*carried);
    else if (options_.resolver)
        document = options_.resolver(uri);
    if (!document)
        fail(from, "leads to " + uri + ", which is not there (only local references are followed)");
    add(*document, uri);
    return own(*by_uri_.at(uri));
}

Target Library::find(const Place& from, std::string_view reference)
{
    const auto [uri, fragment] = split_fragment(resolve_uri(from.resource->uri, reference));
    Entry& entry = entry_of(from, uri);
    const auto name = percent_decoded(fragment);
    if (!name)
        fail(from, "has a broken % escape");
    if (name->empty())
        return {entry.root.schema, place_of(entry.root.schema, entry.root.place)};
    if (name->starts_with('/'))
        return at_pointer(entry, *name, from);
    const auto anchor = entry.anchors.find(*name);
    if (anchor == entry.anchors.end())
        fail(from, "leads to #" + *name + ", which is not there");
    return anchor->second;
}

Target Library::at_pointer(const Entry& entry, std::string_view pointer, const Place& from)
{
    Target target{entry.root.schema, place_of(entry.root.schema, entry.root.place)};
    for (const auto part : split(pointer.substr(1), '/')) {
        const std::string token = unescaped_token(part);
        const auto index = target.schema.is_array() ? parse_unsigned(token) : std::nullopt;
        target.schema = index ? target.schema.at(*index) : target.schema[token];
        if (!target.schema)
            fail(from, "leads to #" + std::string{pointer} + ", which is not there");
        target.place = place_of(target.schema, target.place.at(token));
    }
    index(target.schema, target.place, 0);
    target.place = place_of(target.schema, target.place);
    return target;
}

bool Library::is_dynamic(const Target& target, std::string_view anchor) const
{
    const auto entry = by_uri_.find(target.place.resource->uri);
    return entry != by_uri_.end() && entry->second->dynamic.contains(anchor);
}

Dialect Library::dialect_of(const Json& schema, const Place& place, const Dialect& inherited)
{
    const Json named = schema["$schema"];
    if (!named)
        return inherited;
    if (!named.is_string())
        fail(place.at("$schema"), "must be a string");
    const std::string uri = split_fragment(named.as_text()).first;
    if (uri.ends_with(draft7_uri) || uri.ends_with(draft6_uri))
        return {.draft = Draft::draft7};
    if (uri.ends_with(draft2020_uri))
        return {};
    return custom_dialect(uri, place);
}

// 2020-12 core, 8.1.2: a meta-schema of somebody else says by $vocabulary which keywords count.
Dialect Library::custom_dialect(const std::string& uri, const Place& place)
{
    const auto document = options_.resolver ? options_.resolver(uri) : std::nullopt;
    if (!document)
        fail(place.at("$schema"), "is " + uri + "; draft-07 and 2020-12 are supported");
    if ((*document)["$schema"].as_text() == uri)
        fail(place.at("$schema"), "is " + uri + ", which describes itself");
    Dialect dialect = dialect_of(*document, place, {});
    const Json used = (*document)["$vocabulary"];
    if (!used)
        return dialect;
    dialect.validation = static_cast<bool>(used[std::string{vocabularies} + "validation"]);
    dialect.format_assertion = static_cast<bool>(used[std::string{vocabularies} + "format-assertion"]);
    for (const auto& [name, required] : used.members())
        if (required.as_bool() && !name.starts_with(vocabularies))
            fail(place.at("$schema"), "requires the vocabulary " + name + ", which is not supported");
    return dialect;
}

}
