// Fuzz target: what is extracted from any text is JSON that our own parser takes.
#include "lib/json.h"
#include "schema/extract.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto json = forge::extract_json({reinterpret_cast<const char*>(data), size});
    if (json && !(forge::parse_json(forge::dump(*json)) == *json))
        std::abort();
    return 0;
}
