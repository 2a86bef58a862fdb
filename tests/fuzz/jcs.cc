// Fuzz target: bytes are canonical exactly when parsing and printing gives the same ones.
#include "tlog/jcs.h"

#include "base/error.h"

#include <cstdint>
#include <cstdlib>

namespace {

bool prints_the_same(std::string_view bytes)
{
    try {
        return forge::canonical_json(forge::parse_json(bytes, {.depth = forge::canonical_depth})) == bytes;
    } catch (const forge::Error&) {   // no JSON, or refused
        return false;
    }
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    const bool is_canonical = !forge::canonical_error(bytes, {.object = false});
    if (is_canonical != prints_the_same(bytes))
        std::abort();
    return 0;
}
