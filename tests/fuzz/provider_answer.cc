// Fuzz target: whatever a provider answers, in any protocol, whole or streamed: no throw, and nothing goes into a record
// that has not the form of an id or a word.  The first byte chooses the protocol.
#include "llm/protocol.h"
#include "llm/words.h"

#include "base/text.h"

#include <cstdint>
#include <cstdlib>

namespace {

void check(const forge::Reading& reading)
{
    const bool is_fit = reading.id == forge::id_of(reading.id) && reading.finish == forge::word_of(reading.finish)
                        && reading.error_word == forge::word_of(reading.error_word) && forge::is_utf8(reading.text);
    const bool counts = !reading.usage || (reading.usage->input_tokens >= 0 && reading.usage->output_tokens >= 0);
    if (!is_fit || !counts)
        std::abort();
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::uint8_t kinds = 6;
    if (size == 0)
        return 0;
    const auto& protocol = forge::protocol_of(static_cast<forge::ProviderKind>(data[0] % kinds));
    const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
    forge::Reading whole;
    if (const auto json = forge::parse_untrusted(text))
        protocol.take_answer(whole, *json);
    check(whole);
    forge::Reading streamed;
    for (const std::string_view line : forge::split(text, '\n'))
        if (const auto json = forge::parse_untrusted(line))
            protocol.take_event(streamed, *json);
    check(streamed);
    return 0;
}
