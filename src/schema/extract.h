// JSON out of a model's answer, which may be fenced, or stand within talk.
#pragma once

#include <optional>
#include <string_view>

#include "lib/json.h"

namespace forge {

/// The whole text if it is JSON; else what the first fenced block (```) that holds JSON holds; else the longest object
/// or array within the text that is JSON.  Nothing where there is none, and for a text that begins as JSON (alone or in
/// a fence) and is none: a piece of an answer is not the answer.  Takes time linear to the text.
std::optional<Json> extract_json(std::string_view text);

}
