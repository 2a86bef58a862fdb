// What JavaScript makes of JSON values, as far as Handlebars shows it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/json.h"

namespace forge::render {

/// An absent Json is JavaScript's undefined.
using Value = Json;

/// String(value) of a scalar; "" for undefined and null, as a template prints them.
std::string scalar_text(const Value& value);
/// JSON.stringify(value), without indentation.
std::string json_text(const Value& value);
/// What Handlebars' "if" takes for false: undefined, null, false, "", the empty array and, for "if" only, 0.
bool is_empty(const Value& value);
bool is_truthy(const Value& value);
/// a == b.
bool loosely_equal(const Value& a, const Value& b);
/// An own property: of an object, an array (index, length) or a string (index, length); else undefined.
Value property(const Value& value, std::string_view name);
/// The members in the order of Object.keys(): array indexes ascending, then the others as they were set.
std::vector<std::pair<std::string, Value>> ordered_members(const Value& object);
/// Blanks of a regular expression's \s at the start or the end of a text, in bytes.
std::size_t leading_blanks(std::string_view text);
std::size_t trailing_blanks(std::string_view text);

}
