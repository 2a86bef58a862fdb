// The texts in a JSON value.
#pragma once

#include "guard/findings.h"
#include "lib/json.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace forge {

/// What a text becomes, or nothing where it stays.
using TextChange = std::function<std::optional<std::string>(const NamedText& text)>;

/// The value with each of its texts changed: strings, integers as they are written, names of members.  The items of a
/// list have its name.  A changed integer becomes a string; a name that another member has already gets a number.
/// Gives the same value, shared, when nothing changes.
Json with_texts_changed(const Json& value, const TextChange& change);

/// The bytes of all its texts.
std::size_t text_bytes(const Json& value);

}
