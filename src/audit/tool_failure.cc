// A failed tool's result as JSON.
#include "audit/tool_failure.h"

#include <algorithm>
#include <iostream>

#include "base/text.h"
#include "lib/json.h"

namespace forge {

namespace {

// A message may name a file whose name is not UTF-8.
std::string printable(std::string_view text)
{
    std::string out{text};
    std::ranges::replace(out, '\0', '?');
    for (auto wrong = utf8_error(out); wrong != out.npos; wrong = utf8_error(out))
        out[wrong] = '?';
    return out;
}

}

bool wants_json(std::span<const std::string> words)
{
    const auto end = std::ranges::find(words, "--");
    return std::find(words.begin(), end, "--json") != end;
}

void print_failure(int code, std::string_view error)
{
    std::cout << dump(Json::object({{"ok", false}, {"exit", code}, {"error", printable(error)}})) << std::endl;
}

}
