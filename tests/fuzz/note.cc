// Fuzz target: any bytes as a note, a checkpoint and a day's note are refused, or are exactly what is printed again.
#include "tlog/checkpoint.h"
#include "ledger/day_note.h"

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

void check_note(std::string_view bytes)
{
    try {
        const forge::Note note = forge::Note::parse(bytes);
        if (note.text.empty() || note.signatures.empty() || !bytes.starts_with(note.text))
            std::abort();
        check<forge::Checkpoint>(note.text);
        check<forge::DayNote>(note.text);
    } catch (const forge::Error&) {   // NOLINT(bugprone-empty-catch): refused, as it may be
    }
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    check_note(bytes);
    check<forge::Checkpoint>(bytes);
    check<forge::DayNote>(bytes);
    check<forge::VerifierKey>(bytes);
    return 0;
}
