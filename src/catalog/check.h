// What a template promises, held against itself.
#pragma once

#include "catalog/dialect.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace forge {

/// Prompts can be rendered, schemas compiled, examples validate, variables are declared, the system prompt is free of
/// callers' text, the review is not too old.  Removes an output schema that cannot be used.
void check_template(Draft& draft);

/// Of a day of review (RFC 3339): "review_old" or "review_future" and what to say; nothing when all is well, or when it
/// is no day at all.
std::optional<std::pair<std::string_view, std::string>> review_fault(std::string_view reviewed,
                                                                     std::chrono::days oldest = std::chrono::days{366});

/// That of it which concerns the prompts.  Without usable inputs nothing is rendered.
void check_prompts(Draft& draft, const JsonSchema* inputs);

}
