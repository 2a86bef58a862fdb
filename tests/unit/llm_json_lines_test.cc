// Lines in any pieces.
#include "llm/json_lines.h"

#include "tests/unit/test.h"

using namespace forge;

namespace {

std::string lines_of(const std::string& text, std::size_t piece_bytes)
{
    JsonLineReader reader;
    std::string all;
    for (std::size_t i = 0; i < text.size(); i += piece_bytes)
        for (const std::string& line : reader.take(std::string_view{text}.substr(i, piece_bytes)))
            all += line + "|";
    for (const std::string& line : reader.rest())
        all += line + "$";
    return all;
}

}

TEST(lines_come_whole_whatever_the_pieces)
{
    for (const std::size_t piece : {1U, 2U, 3U, 100U}) {
        CHECK_EQUAL("{1}|{2}|{3}$"s, lines_of("{1}\n\r\n \n{2}\r\n{3}", piece));
        CHECK_EQUAL("{1}|"s, lines_of("{1}\n", piece));
    }
    CHECK_EQUAL(""s, lines_of("", 1));
}

TEST(a_line_that_is_too_long_ends_the_reading)
{
    JsonLineReader reader;
    CHECK(reader.take(std::string(JsonLineReader::most_line_bytes, 'x')).empty());
    CHECK(!reader.is_broken());
    CHECK(reader.take("x\n{1}\n").empty());
    CHECK(reader.is_broken());
    CHECK(reader.take("{2}\n").empty());
    CHECK(reader.rest().empty());
}
