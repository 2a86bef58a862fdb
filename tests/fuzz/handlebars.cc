// Fuzz target: a template (before the first NUL) and its context (behind it) compile and render, or are refused.
#include "base/error.h"
#include "lib/json.h"
#include "render/handlebars.h"
#include "render/jinja.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    const auto end = input.find('\0');
    const auto text = input.substr(0, end);
    try {
        const auto context = forge::parse_json(end == std::string_view::npos ? R"({"a":[1,{"b":"x"}],"c":null})"
                                                                             : input.substr(end + 1));
        const auto translated = forge::translate_jinja(text);
        const auto compiled = forge::Handlebars::compile(translated.text, forge::Syntax::with_translated_jinja);
        static_cast<void>(compiled.references());
        if (compiled.render(context, {.output_bytes = 100'000, .steps = 10'000}).size() > 100'000)
            std::abort();
    } catch (const forge::Error&) {
        // Refused: that is an answer too.
    }
    return 0;
}
