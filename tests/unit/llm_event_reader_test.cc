// Server-sent events in any pieces.
#include "llm/event_reader.h"

#include "tests/unit/test.h"

using namespace forge;

namespace {

std::vector<std::string> events_of(const std::string& text, std::size_t piece_bytes)
{
    EventReader reader;
    std::vector<std::string> all;
    for (std::size_t i = 0; i < text.size(); i += piece_bytes)
        for (std::string& event : reader.take(std::string_view{text}.substr(i, piece_bytes)))
            all.push_back(std::move(event));
    return all;
}

}

TEST(events_are_the_same_in_whatever_pieces_they_come)
{
    const std::string stream = ": comment\r\n\r\ndata: one\n\ndata:two\r\rid: 7\nevent: x\n"
                               "data:  three\ndata\ndata: more\r\n\r\ndata: open";
    const std::vector<std::string> expected{"one", "two", " three\n\nmore"};
    for (std::size_t bytes = 1; bytes <= stream.size(); ++bytes)
        CHECK(events_of(stream, bytes) == expected);
}

TEST(an_event_without_data_is_none)
{
    CHECK(events_of("\n\n\nevent: x\n\nretry: 5\n\n", 100).empty());
    CHECK(events_of("data:\n\n", 100) == std::vector<std::string>{""});
}

TEST(an_event_without_end_is_not_kept_for_ever)
{
    EventReader reader;
    const std::string block(64 * 1024, 'x');
    reader.take("data: ");
    for (int i = 0; i < 64 && !reader.is_broken(); ++i)
        reader.take(block);
    CHECK(reader.is_broken());
    CHECK(reader.take("\n\ndata: late\n\n").empty());
}
