// Fuzz target: a text that goes through the guards in pieces comes out as it would whole, for any text and any cutting.
#include "guard/output.h"
#include "scan/secrets.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace forge;

std::string streamed(std::string_view text, std::size_t seed, const GuardPolicy& policy)
{
    OutputStream stream{policy};
    std::string out;
    while (!text.empty()) {
        const auto size = std::min<std::size_t>(text.size(), 1 + seed % 23);
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        out += stream.push(text.substr(0, size));
        text.remove_prefix(size);
        if (stream.held_bytes() > guard_stream_window)
            std::abort();
    }
    out += stream.finish();
    return out;
}

}

// The first byte says how the text is cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
    forge::GuardPolicy policy;
    const std::string redacted = forge::redact(text);
    if (streamed(text, data[0], policy) != redacted || streamed(text, 0, policy) != redacted)
        std::abort();
    policy.output = forge::GuardSet{0b011};
    forge::OutputStream whole{policy};
    std::string expected = whole.push(text);   // before finish(), which the operands of a + are not
    expected += whole.finish();
    if (streamed(text, data[0], policy) != expected)
        std::abort();
    policy.mode = forge::GuardMode::observe;
    if (streamed(text, data[0], policy) != text)
        std::abort();
    return 0;
}
