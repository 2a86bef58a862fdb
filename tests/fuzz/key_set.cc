// Fuzz target: any bytes as a key set are refused, or give keys that verify nothing they did not sign.
#include "auth/key_set.h"

#include "base/error.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace forge;
    try {
        const std::string_view text{reinterpret_cast<const char*>(data), size};
        const KeySet set = KeySet::parse(text);
        for (const auto signature : {Signature::rs256, Signature::ps256, Signature::es256, Signature::eddsa})
            for (const Json& jwk : parse_json(text)["keys"].items())
                if (const auto* const key = set.find(jwk["kid"].as_text(), signature))
                    if (key->key.verify(signature, text, std::string(64, '\x01')))
                        std::abort();
    } catch (const Error&) {
        // Refused: that is an answer too.
    }
    return 0;
}
