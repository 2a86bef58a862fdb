// Fuzz target: [schema, value, …]: compiles, validates in bounds, and its bundle gives the same verdicts.
#include "base/error.h"
#include "lib/json.h"
#include "schema/json_schema.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr forge::ValidationLimits limits{.steps = 20'000};
    try {
        const auto items = forge::parse_json({reinterpret_cast<const char*>(data), size}).items();
        if (items.empty())
            return 0;
        const auto schema = forge::JsonSchema::compile(items.front());
        const auto bundle = forge::JsonSchema::compile(schema.bundled());
        for (const auto& value : items) {
            const auto issues = schema.validate(value, limits);
            const auto again = bundle.validate(value, limits);
            if (issues.size() > limits.issues)
                std::abort();
            const auto is_whole = [](const auto& list) {
                return list.empty() || list.front().message.find("too complex") == std::string::npos;
            };
            if (is_whole(issues) && is_whole(again) && issues.empty() != again.empty())
                std::abort();
            static_cast<void>(schema.with_defaults(value));
        }
    } catch (const forge::Error&) {
        // Refused: that is an answer too.
    }
    return 0;
}
