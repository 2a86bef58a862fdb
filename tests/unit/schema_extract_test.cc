// schema/extract.h: JSON in the answers that models give.
#include "schema/extract.h"

#include "tests/unit/test.h"

namespace {

std::string extracted(std::string_view text)
{
    const auto json = forge::extract_json(text);
    return json ? forge::dump(*json) : "nothing";
}

}

TEST(a_whole_answer_is_taken_as_it_is)
{
    CHECK_EQUAL(R"({"a":1})"s, extracted(" {\"a\": 1}\n"));
    CHECK_EQUAL("\"text\""s, extracted("\"text\""));
}

TEST(a_fenced_block_is_found)
{
    CHECK_EQUAL(R"({"a":1})"s, extracted("Here you are:\n```json\n{\"a\": 1}\n```\nAnything else?"));
    CHECK_EQUAL(R"([1])"s, extracted("```\nnot json\n```\nand\n```\n[1]\n```"));
    CHECK_EQUAL(R"({"a":1})"s, extracted("```json\n{\"a\": 1}"));
    CHECK_EQUAL(R"({"code":"```x```"})"s, extracted("```json\n{\"code\": \"```x```\"}\n```"));
}

TEST(json_within_talk_is_found)
{
    CHECK_EQUAL(R"({"a":"}"})"s, extracted("The result [1] is {\"a\": \"}\"}, as {you} asked."));
    CHECK_EQUAL(R"([{"a":1},{"a":2}])"s, extracted("List: [{\"a\": 1}, {\"a\": 2}]."));
    CHECK_EQUAL("nothing"s, extracted("There is none."));
    CHECK_EQUAL("nothing"s, extracted("{\"a\": "));
    CHECK_EQUAL("nothing"s, extracted(""));
}

TEST(a_fragment_of_an_answer_is_not_the_answer)
{
    const std::string doubled = R"({"echo":{"message":"a"},"echo":{"message":"b"}})";
    for (const std::string& text : {doubled, " " + doubled + "\n", "```json\n" + doubled + "\n```", "```\n" + doubled,
                                    "It is " + doubled + ".", "So:\n```json\n" + doubled + "\n```\n",
                                    R"({"a":{"b":2})"s, R"([{"a":1},])"s, R"(See {"a":{"b":2}, "c":)"s,
                                    "{broken: {\"b\": 2}"s, R"({"a":1}{"b":2})"s})
        CHECK_EQUAL("nothing"s, extracted(text));
    CHECK_EQUAL(R"({"a":1})"s, extracted("```json\n{\"a\": 1}\n```\nAnything else?"));
    CHECK_EQUAL(R"({"a":1})"s, extracted("As {you} asked: {\"a\": 1}"));
}

TEST(hostile_answers_take_bounded_time)
{
    CHECK_EQUAL("nothing"s, extracted(std::string(1'000'000, '[')));
    CHECK_EQUAL("nothing"s, extracted(std::string(1'000'000, '{') + std::string(1'000'000, '}')));
    std::string fences;
    for (int i = 0; i < 100'000; ++i)
        fences += "```\n";
    CHECK_EQUAL("nothing"s, extracted(fences));
}
