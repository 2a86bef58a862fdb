// The offline provider: answers without any model.
#pragma once

#include <string_view>

#include "config/config.h"
#include "lib/json.h"

namespace forge {

struct OfflineAnswer {
    Json output;
    std::string_view basis;   // "collector": a real result; "example": the template's own example output
    bool simulated = false;
};

/// What the template's collector found (absent where it has none), else its example's output (absent likewise).
/// Throws Refusal: 503 offline_no_answer when there is neither, 503 simulated_not_allowed for an example in production
/// without ALLOW_SIMULATED=1.
OfflineAnswer answer_offline(Json collected, Json example, const Config& config);

}
