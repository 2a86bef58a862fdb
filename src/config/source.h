// Where settings come from: a file of NAME=VALUE lines, and the environment, which wins.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

struct GivenValue {
    std::string value;
    std::string from;   // "environment", "/etc/x/forge.env:3"
    bool is_exposed = false;   // it stands in a file that its group or others may read
};

/// What somebody set, by name.  Empty values count as not set.
struct SettingsSource {
    std::map<std::string, GivenValue, std::less<>> values;
    std::vector<std::string> problems;   // lines of the file that are none, "file:line: why"
};

/// The lines of a settings file: NAME=VALUE, blank lines, comments from # or ; at a line's start.  A value may stand in
/// single quotes (taken as it is) or double quotes (with \" \\ \$ \`); blanks around it do not count.
SettingsSource parse_settings(std::string_view text, const std::string& path, bool is_exposed = false);

/// The file that FORGE_CONFIG names (which must exist), else /etc/vaultmesh-forge/forge.env if there is one,
/// and over it the environment.  Throws SystemError when the file cannot be read.
SettingsSource system_settings();

/// Values from a map, for tests and `forge dev`.
SettingsSource given_settings(const std::map<std::string, std::string>& values);

}
