// The parts of a compact JSON text, as views of its bytes: for what is canonical, or is checked to be so part by part.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace forge {

struct JsonSlice {
    std::string_view name;    // without its quotes; empty for items of an array
    std::string_view value;   // its bytes as they stand
};

constexpr std::size_t slices_limit = 64;

/// The members of an object without blanks, or nothing when brackets, commas or quotes do not fit, a name contains an
/// escape or stands twice, or there are more than slices_limit.  Values are found by their ends only: check each before
/// trusting its inside.
std::optional<std::vector<JsonSlice>> object_slices(std::string_view text);
/// The items of an array without blanks, at most `limit`, likewise.
std::optional<std::vector<JsonSlice>> array_slices(std::string_view text, std::size_t limit);

/// The value of a member, empty where there is none.
std::string_view slice_of(const std::vector<JsonSlice>& members, std::string_view name);

/// The value of a member of a canonical object of any size, empty where there is none.
std::string_view member_of(std::string_view object, std::string_view name);

/// The inside of a text literal without escapes, or nothing for anything else.
std::optional<std::string_view> plain_text(std::string_view literal);

}
