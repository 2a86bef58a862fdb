// Fuzz target: server-sent events give the same whatever the pieces, and never hold more than their bound.
#include "llm/event_reader.h"
#include "llm/json_lines.h"

#include <cstdint>
#include <cstdlib>

namespace {

template <class Reader>
std::vector<std::string> read(std::string_view text, std::size_t piece_bytes)
{
    Reader reader;
    std::vector<std::string> all;
    for (std::size_t i = 0; i < text.size(); i += piece_bytes)
        for (std::string& item : reader.take(text.substr(i, piece_bytes)))
            all.push_back(std::move(item));
    return all;
}

template <class Reader>
void check(std::string_view text)
{
    const auto whole = read<Reader>(text, text.size() + 1);
    if (whole != read<Reader>(text, 1) || whole != read<Reader>(text, 7))
        std::abort();
    std::size_t bytes = 0;
    for (const std::string& item : whole)
        bytes += item.size();
    if (bytes > text.size())
        std::abort();
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    check<forge::EventReader>(text);
    check<forge::JsonLineReader>(text);
    return 0;
}
