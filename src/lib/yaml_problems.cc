// What is wrong with a file of settings in YAML.
#include "lib/yaml_problems.h"

#include "base/text.h"

#include <algorithm>

namespace forge {

namespace {

/// A problem is one line, also about a key that has several.
std::string placed(const std::string& name, Position at, std::string what)
{
    std::ranges::replace_if(what, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
    return name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + what;
}

}

void YamlProblems::add(const std::string& pointer, const std::string& what)
{
    problems_.push_back(placed(name_, document_.at(pointer), what));
}

void YamlProblems::only(const std::string& pointer, const Json& map, const std::set<std::string_view>& names)
{
    if (!map.is_object())
        add(pointer, "must be a map");
    for (const auto& [member, value] : map.members())
        if (!names.contains(member))
            add(pointer + "/" + pointer_step(member), "\"" + member + "\" is not known here");
}

void YamlProblems::tell() const
{
    if (!problems_.empty())
        throw ConfigError(join(problems_, "\n"));
}

std::string describe(const YamlError& error, const std::string& name)
{
    return placed(name, {error.line, error.column}, error.reason);
}

}
