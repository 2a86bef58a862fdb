// What is wrong with a file of settings in YAML: everything, each with its place.
#pragma once

#include "lib/yaml.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// The document and the name must outlive it.
class YamlProblems {
public:
    YamlProblems(const YamlDocument& document, const std::string& name) : document_(document), name_(name) {}

    /// At the place of a JSON pointer.
    void add(const std::string& pointer, const std::string& what);
    /// What stands there must be a map with no other members than these.
    void only(const std::string& pointer, const Json& map, const std::set<std::string_view>& names);
    /// Throws ConfigError with one line "name:line:column: …" for each problem, if there is any.
    void tell() const;

private:
    const YamlDocument& document_;
    const std::string& name_;
    std::vector<std::string> problems_;
};

/// "name:line:column: reason", of a text that is no YAML.
std::string describe(const YamlError& error, const std::string& name);

}
