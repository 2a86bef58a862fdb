// The settings file and the environment.
#include "config/source.h"

#include <fcntl.h>
#include <stdlib.h>   // secure_getenv
#include <sys/stat.h>
#include <unistd.h>   // environ

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "config/secret.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t largest_file_bytes = 1024 * 1024;
const std::string standard_file = "/etc/vaultmesh-forge/forge.env";

bool is_name(std::string_view text)
{
    const auto fits = [](unsigned char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
    return !text.empty() && (text[0] < '0' || text[0] > '9') && std::ranges::all_of(text, fits);
}

/// The value between quotes, or nothing when they do not match or something follows them.
std::optional<std::string> unquoted(std::string_view text)
{
    if (text.empty() || (text[0] != '"' && text[0] != '\''))
        return std::string{text};
    const char quote = text[0];
    std::string value;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == quote)
            return i + 1 == text.size() ? std::optional{value} : std::nullopt;
        constexpr std::string_view escapable = "\"\\$`";
        if (quote == '"' && text[i] == '\\' && i + 1 < text.size() && escapable.find(text[i + 1]) != escapable.npos)
            ++i;
        value += text[i];
    }
    return std::nullopt;
}

/// Why the line cannot be taken; empty when it was.
std::string take_line(SettingsSource& source, std::string_view line, const std::string& place, bool is_exposed)
{
    const auto equals = line.find('=');
    const std::string name{trim(line.substr(0, equals))};
    if (equals == line.npos || !is_name(name))
        return "not a line of the form NAME=VALUE";
    auto value = unquoted(trim(line.substr(equals + 1)));
    if (!value)
        return name + ": the quotes do not match";
    const auto [at, is_new] = source.values.try_emplace(name, GivenValue{std::move(*value), place, is_exposed});
    return is_new ? "" : name + ": already set at " + at->second.from;
}

}

SettingsSource parse_settings(std::string_view text, const std::string& path, bool is_exposed)
{
    SettingsSource source;
    std::size_t number = 0;
    for (const std::string_view raw : split(text, '\n')) {
        const std::string place = path + ":" + std::to_string(++number);
        const std::string_view line = trim(raw);
        if (line.empty() || line[0] == '#' || line[0] == ';')
            continue;
        if (const std::string problem = take_line(source, line, place, is_exposed); !problem.empty())
            source.problems.push_back(place + ": " + problem);
    }
    return source;
}

namespace {

SettingsSource read_settings(const std::string& path)
{
    const Fd file = open_file(path, O_RDONLY);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0)
        throw errno_error("stat " + path);
    std::string text = read_rest(file.get(), path, largest_file_bytes);
    SettingsSource source = parse_settings(text, path, is_exposed(status.st_mode));
    wipe(text);
    return source;
}

}

SettingsSource system_settings()
{
    const char* const named = ::secure_getenv("FORGE_CONFIG");
    const std::string path = named != nullptr && *named != '\0' ? named : standard_file;
    SettingsSource source;
    if (path != standard_file || exists(path))
        source = read_settings(path);
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (equals != text.npos)
            source.values.insert_or_assign(std::string{text.substr(0, equals)},
                                           GivenValue{std::string{text.substr(equals + 1)}, "environment", false});
    }
    return source;
}

SettingsSource given_settings(const std::map<std::string, std::string>& values)
{
    SettingsSource source;
    for (const auto& [name, value] : values)
        source.values.emplace(name, GivenValue{value, "given", false});
    return source;
}

}
