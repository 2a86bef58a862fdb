// Fuzz target: a receipt, and a request to a witness, are refused, or are exactly what is printed again.
#include "audit/receipt.h"
#include "tlog/proof.h"
#include "tlog/witness.h"

#include "base/error.h"

#include <cstdint>
#include <cstdlib>

namespace {

template <class Text>
void check(std::string_view bytes)
{
    try {
        if (Text::parse(bytes).text() != bytes)
            std::abort();
    } catch (const forge::Error&) {   // NOLINT(bugprone-empty-catch): refused, as it may be
    }
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const forge::Policy nobody = forge::Policy::parse("quorum none\n");
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    check<forge::TlogProof>(bytes);
    check<forge::AddCheckpoint>(bytes);
    if (forge::check_receipt(bytes, nobody, {}).exit_code() == 0)
        std::abort();   // nobody is trusted
    return 0;
}
