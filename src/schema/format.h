// The formats that JSON Schema's "format" can ask for.
#pragma once

#include <string_view>

namespace forge::schema {

struct Format {
    std::string_view name;
    std::string_view phrase;            // for "must be …"
    bool (*is)(std::string_view text);
};

/// The format of that name, or nullptr: an unknown one asks for nothing.
const Format* find_format(std::string_view name);

}
