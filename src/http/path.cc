// Matching of paths against patterns.
#include "http/path.h"

#include "base/text.h"

#include <algorithm>

namespace forge {

namespace {

std::string_view next_segment(std::string_view& rest)
{
    const auto slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    return segment;
}

// nginx has resolved dots and double slashes: what still has one came from somewhere else.
bool is_plain(std::string_view segment)
{
    return !segment.empty() && segment != "." && segment != "..";
}

bool are_plain(std::string_view segments)
{
    return std::ranges::all_of(split(segments, '/'), is_plain);
}

bool ends_together(std::string_view pattern_rest, std::string_view path_rest)
{
    return (pattern_rest.find('/') == std::string_view::npos) == (path_rest.find('/') == std::string_view::npos);
}

}

bool path_matches(std::string_view pattern, std::string_view path, std::vector<std::string>& values)
{
    if (pattern.find('{') == std::string_view::npos)
        return pattern == path;
    std::vector<std::string> found;
    while (!pattern.empty()) {
        if (pattern.starts_with('{') && pattern.ends_with("...}") && pattern.find('/') == std::string_view::npos) {
            if (!are_plain(path))
                return false;
            found.emplace_back(path);
            break;
        }
        const bool takes_rest = pattern.ends_with("...}");
        if (!takes_rest && !ends_together(pattern, path))
            return false;
        const std::string_view wanted = next_segment(pattern);
        const std::string_view given = next_segment(path);
        if (wanted.starts_with('{') ? !is_plain(given) : wanted != given)
            return false;
        if (wanted.starts_with('{'))
            found.emplace_back(given);
    }
    values.insert(values.end(), found.begin(), found.end());
    return true;
}

}
