// YAML: any text is a document or an error that names a place; places lead nowhere wrong; JSON agrees with its parser.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "lib/yaml.h"

namespace {

// Every pointer into a value has a place inside of the text.
void visit(const forge::YamlDocument& document, const forge::Json& value, const std::string& pointer, int& budget)
{
    const auto at = document.at(pointer);
    if (at.line < 1 || at.column < 1)
        std::abort();
    if (--budget < 0)
        return;
    for (const auto& [name, member] : value.members())
        visit(document, member, pointer + "/" + forge::pointer_step(name), budget);
    for (std::size_t i = 0; i < value.size() && value.is_array(); ++i)
        visit(document, value.at(i), pointer + "/" + std::to_string(i), budget);
}

void check(forge::YamlDocument (*parse)(std::string_view, forge::YamlLimits), std::string_view text)
{
    try {
        const auto document = parse(text, {.bytes = 1 << 16, .nodes = 2000, .depth = 32});
        int budget = 200;
        visit(document, document.value(), "", budget);
        static_cast<void>(dump(document.value()));
    } catch (const forge::YamlError& error) {
        if (error.line < 1 || error.column < 1 || error.reason.empty())
            std::abort();
    }
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    check(forge::parse_yaml, text);
    check(forge::parse_json_document, text);
    return 0;
}
