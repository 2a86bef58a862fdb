// Fuzz target: a file of providers is read, or refused with lines that each name a place in it.
#include "llm/provider_file.h"

#include "base/error.h"
#include "base/text.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto config =
        std::make_shared<const forge::Config>(forge::given_settings({{"FORGE_ENV", "development"}}), forge::command);
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    if (text.find("key_file") != text.npos)   // it would be read
        return 0;
    try {
        if (forge::parse_providers(text, "p", config).all.empty())
            std::abort();
    } catch (const forge::ConfigError& error) {
        for (const std::string_view line : forge::split(error.what(), '\n'))
            if (!line.starts_with("p:"))
                std::abort();
    }
    return 0;
}
