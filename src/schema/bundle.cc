// A schema in one piece: every reference leads into its own definitions.
#include <algorithm>
#include <array>
#include <set>

#include "schema/compiled.h"
#include "schema/uri.h"

namespace forge::schema {

namespace {

// Members that mean something only where the schema stood.
constexpr std::array<std::string_view, 8> left_out{"$schema",     "$id",   "$anchor",     "$dynamicAnchor",
                                                   "$vocabulary", "$defs", "definitions", "$comment"};

class Bundler {
public:
    Bundler(Compiler& compiler, const Target& entry)
        : compiler_(compiler), root_(followed(entry)), is_draft7_(root_.place.resource->dialect.draft == Draft::draft7),
          definitions_(is_draft7_ ? "definitions" : "$defs") {}

    Json bundle()
    {
        if (!root_.schema.is_object())
            return root_.schema;
        names_[root_.schema.get()] = "";
        Json bundled = Json::object({{"$schema", is_draft7_ ? "http://json-schema.org/draft-07/schema#"
                                                            : "https://json-schema.org/draft/2020-12/schema"}});
        for (const auto& [name, value] : rewritten(root_.schema, root_.place).members())
            bundled.set(name, value);
        Json definitions = Json::object();
        for (std::size_t i = 0; i < used_.size(); ++i) {   // grows while it is read
            const auto [name, target] = used_[i];
            definitions.set(name, rewritten(target.schema, target.place));
        }
        return definitions.size() == 0 ? bundled : bundled.set(definitions_, definitions);
    }

private:
    // A schema that is nothing but a reference is what that leads to.
    Target followed(Target target) const
    {
        std::set<Value> seen;
        while (target.schema["$ref"].is_string() && is_only_reference(target)
               && seen.insert(target.schema.get()).second)
            target = compiler_.find(target.place.at("$ref"), target.schema["$ref"].as_text());
        return target;
    }

    static bool is_only_reference(const Target& target)
    {
        if (target.place.resource->dialect.draft == Draft::draft7)
            return true;
        return std::ranges::none_of(target.schema.members(), [](const auto& member) {
            return member.first != "$ref" && std::ranges::find(left_out, member.first) == left_out.end();
        });
    }

    Json rewritten(const Json& schema, const Place& given)
    {
        if (!schema.is_object())
            return schema;
        const Place place = compiler_.place_of(schema, given);
        const bool draft7 = place.resource->dialect.draft == Draft::draft7;
        Json out = Json::object();
        for (const auto& [name, value] : schema.members()) {
            if (value.is_string() && (name == "$ref" || (name == "$dynamicRef" && !draft7)))
                out.set("$ref", reference(compiler_.find(place.at(name), value.as_text())));
            else if (std::ranges::find(left_out, name) == left_out.end() && !(draft7 && schema["$ref"]))
                out.set(name, rewritten_keyword(name, value, place));
        }
        return out;
    }

    Json rewritten_keyword(std::string_view name, const Json& value, const Place& place)
    {
        const Keyword* const keyword = find_keyword(name, place.resource->dialect.draft);
        const Holds holds = keyword ? keyword->holds : Holds::nothing;
        const Place at = place.at(name);
        if (holds == Holds::nothing)
            return value;
        if (value.is_array())
            return rewritten_list(value, at);
        if (holds == Holds::schema || holds == Holds::schema_or_list)
            return rewritten(value, at);
        Json out = Json::object();
        for (const auto& [key, held] : value.members())
            out.set(key, rewritten(held, at.at(key)));
        return out;
    }

    Json rewritten_list(const Json& list, const Place& at)
    {
        Json out = Json::array();
        for (std::size_t i = 0; i < list.size(); ++i)
            out.append(rewritten(list.at(i), at.at(std::to_string(i))));
        return out;
    }

    std::string reference(const Target& target)
    {
        auto known = names_.find(target.schema.get());
        if (known == names_.end() || target.schema.is_bool()) {
            const std::string name = free_name(target.place.pointer);
            known = names_.insert_or_assign(target.schema.get(), name).first;
            used_.emplace_back(name, target);
        }
        return known->second.empty() ? "#" : pointer_to("#/" + definitions_, known->second);
    }

    // The last word of the place, with a number where it is taken.
    std::string free_name(const std::string& pointer)
    {
        const auto slash = pointer.rfind('/');
        const std::string word = slash == std::string::npos
                                     ? "schema"
                                     : unescaped_token(std::string_view{pointer}.substr(slash + 1));
        std::string name = word.empty() ? "schema" : word;
        for (int i = 2; !taken_.insert(name).second; ++i)
            name = word + "_" + std::to_string(i);
        return name;
    }

    Compiler& compiler_;
    const Target root_;
    const bool is_draft7_;
    const std::string definitions_;
    std::map<Value, std::string> names_;
    std::set<std::string> taken_;
    std::vector<std::pair<std::string, Target>> used_;
};

}

Json Graph::bundle()
{
    return Bundler{*this, entry_}.bundle();
}

}
