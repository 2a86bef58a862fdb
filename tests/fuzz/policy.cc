// Fuzz target: a policy is refused, or trusts nobody who has not signed.
#include "tlog/policy.h"

#include "base/error.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
try {
    static const forge::Note note = forge::Note::parse("example.com/log\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n"
                                                       "\u2014 example.com/log AAAAAAAAAAAA\n");
    const auto policy = forge::Policy::parse({reinterpret_cast<const char*>(data), size});
    if (policy.check(note).is_good())
        std::abort();
    return 0;
} catch (const forge::Error&) {
    return 0;
}
