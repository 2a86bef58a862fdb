// Fuzz target: what parse_json takes, dump gives back, and parses to the same value.
#include "base/error.h"
#include "lib/json.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    try {
        const forge::Json json = forge::parse_json({reinterpret_cast<const char*>(data), size});
        if (!(forge::parse_json(forge::dump(json)) == json))
            std::abort();
    } catch (const forge::Error&) {
        // Refused: that is an answer too.
    }
    return 0;
}
