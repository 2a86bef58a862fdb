// Files of profiles.
#include "catalog/profile_file.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "lib/yaml.h"
#include "os/file.h"
#include "schema/json_schema.h"

namespace forge {

namespace {

constexpr std::size_t name_limit = 64;
constexpr std::size_t file_limit = 1 << 20;
constexpr std::size_t named_templates = 3;
constexpr std::string_view ending = ".yaml";
constexpr std::string_view format_text = R"({
  "type": "object",
  "properties": {"voice": {"type": "string"}, "defaults": {"type": "object"}, "style": {"type": ["object", "string"]}}
})";

const JsonSchema& profile_format()
{
    static const JsonSchema format = JsonSchema::compile(parse_json(format_text));
    return format;
}

std::string sentence(const Issue& issue)
{
    return (issue.path.empty() ? "the profile" : issue.path.substr(1)) + " " + issue.message;
}

// Whether a template's text mentions a name at all: most do not, and are not parsed.
bool mentions(const FileRecord& record, const std::string& name)
{
    return record.has_template() && record.text.find(dump(Json{name}) + ":") != record.text.npos;
}

// What a template says to a default of one of its arguments: nothing to mind, or why not.
std::string objection(const Json& inputs, const std::string& name, const Json& value)
try {
    const auto pointer = "/" + pointer_step(name);
    for (const auto& issue : JsonSchema::compile(inputs).validate(Json::object({{name, value}})))
        if (issue.path == pointer || issue.path.starts_with(pointer + "/"))
            return issue.path.substr(1) + " " + issue.message;
    return {};
} catch (const SchemaError&) {
    return {};   // a problem of the template
}

class ProfileLint {
public:
    ProfileLint(const std::string& path, std::string_view text, const YamlDocument& document, const CatalogIndex& templates)
        : problems_(path, text, document), document_(document), templates_(templates)
    {
    }
    std::vector<Problem> list() const { return problems_.list(); }

    void check()
    {
        const Json profile = document_.value();
        for (const auto& issue : profile_format().validate(profile))
            problems_.add("profile_invalid", issue.path, sentence(issue));
        for (const auto& [name, value] : profile.members())
            if (!parse_json(format_text)["properties"][name])
                problems_.add("profile_field_unknown", "/" + pointer_step(name), "a profile has no \"" + name + '"');
        for (const auto& [name, value] : profile["defaults"].members())
            check_default(name, value);
    }

private:
    void check_default(const std::string& name, const Json& value)
    {
        const auto pointer = "/defaults/" + pointer_step(name);
        std::vector<std::string> refusing;
        std::string reason;
        bool is_used = false;
        for (const auto& file : templates_.files()) {
            const FileRecord record = templates_.record(file);
            const Json inputs = mentions(record, name) ? parse_json(record.text)["inputs"] : Json{};
            if (!inputs["properties"][name])
                continue;
            is_used = true;
            const auto why = objection(inputs, name, value);
            if (why.empty())
                continue;
            reason = reason.empty() ? why : reason;
            refusing.emplace_back(record.id);
        }
        if (!is_used)
            problems_.add("profile_default_unused", pointer, "no template has the argument " + name);
        if (refusing.empty())
            return;
        const auto more = refusing.size() > named_templates ? refusing.size() - named_templates : 0;
        refusing.resize(refusing.size() - more);
        problems_.add("profile_default_refused", pointer,
                      join(refusing, ", ") + (more > 0 ? " and " + std::to_string(more) + " more" : "") + ": " + reason);
    }

    Problems problems_;
    const YamlDocument& document_;
    const CatalogIndex& templates_;
};

std::vector<Problem> lint_profile(const std::string& folder, const std::string& name, const CatalogIndex& templates)
{
    if (!name.ends_with(ending) || !is_profile_name(std::string_view{name}.substr(0, name.size() - ending.size())))
        return {{name, {}, "", "profile_name", "no run can name this file"}};
    try {
        const auto text = read_file(folder + "/" + name, file_limit);
        const auto document = parse_yaml(text);
        ProfileLint lint{name, text, document, templates};
        lint.check();
        return lint.list();
    } catch (const YamlError& error) {
        return {{name, {error.line, error.column}, "", "profile_invalid", error.reason}};
    } catch (const Error& error) {
        return {{name, {}, "", "profile_invalid", error.what()}};
    }
}

}

bool is_profile_name(std::string_view name)
{
    return !name.empty() && name.size() <= name_limit && name.front() != '.' && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    });
}

Json parse_profile(std::string_view text)
{
    Json profile = parse_yaml(text).value();
    for (const auto& issue : profile_format().validate(profile))
        throw Error(sentence(issue));
    return profile;
}

std::vector<Problem> lint_profiles(const std::string& folder, const CatalogIndex& templates)
{
    std::vector<Problem> problems;
    for (const auto& name : names_if_any(folder))
        if (!name.starts_with('.') && kind_of(folder + "/" + name) != FileKind::folder)
            std::ranges::move(lint_profile(folder, name, templates), std::back_inserter(problems));
    return problems;
}

}
