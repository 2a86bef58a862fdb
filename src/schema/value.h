// JSON values as JSON Schema compares them, seen without copies or reference counts.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "lib/json.h"

namespace forge::schema {

using Value = const json_t*;   // borrowed: somebody holds the tree

/// Calls visit(std::string_view name, Value member) for each member in its order, until it gives false.
template <class Visit>
bool each_member(Value object, Visit visit)
{
    auto* const mutable_object = const_cast<json_t*>(object);   // jansson's iterators want it so; nothing is changed
    for (void* at = json_object_iter(mutable_object); at != nullptr; at = json_object_iter_next(mutable_object, at))
        if (!visit(std::string_view{json_object_iter_key(at), json_object_iter_key_len(at)},
                   json_object_iter_value(at)))
            return false;
    return true;
}

std::string_view text_of(Value string);
/// The member, or nullptr.
Value member(Value object, std::string_view name);

/// Less than 0, 0 or more than 0 as a is below, equal to or above b; both are numbers.  Exact, also beyond 2^53.
int compare_numbers(Value a, Value b);
/// Equal as JSON Schema says: 1 is 1.0, the order of members does not matter.
bool same_value(Value a, Value b);
/// Equal for values that are the same.
std::size_t hash_of(Value value);
/// A number without a fraction.
bool is_integral(Value number);
/// The value is a whole multiple of the divisor, as the decimal numbers that were written; divisor > 0.
bool is_multiple(Value value, Value divisor);

/// Code points of well-formed UTF-8.
std::size_t characters(std::string_view text);

/// RFC 6901: the pointer with one more reference token.
std::string pointer_to(std::string_view pointer, std::string_view token);
/// One reference token with ~0 and ~1 put back.
std::string unescaped_token(std::string_view token);

}
