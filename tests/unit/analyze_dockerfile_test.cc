// Reads a Dockerfile as the builder does.
#include "analyze/dockerfile.h"

#include "test.h"

#include <string>

using namespace forge;

TEST(continued_lines_are_one_instruction_and_comments_between_them_are_dropped)
{
    const auto file = parse_dockerfile("FROM a:1\nRUN one \\\n  # a comment\n\n  two \\\n  three\nUSER app\n");
    const auto& run = file.stages.at(0).instructions.at(0);
    CHECK_EQUAL("one two three"s, run.text);
    CHECK_EQUAL(std::size_t{2}, run.line);
    CHECK_EQUAL(std::size_t{7}, file.stages.at(0).instructions.at(1).line);
}

TEST(the_escape_directive_changes_what_continues_a_line)
{
    const auto file = parse_dockerfile("# escape=`\nFROM a:1\nRUN one `\n two\nRUN c:\\\n");
    CHECK_EQUAL("one two"s, file.stages.at(0).instructions.at(0).text);
    CHECK_EQUAL("c:\\"s, file.stages.at(0).instructions.at(1).text);
}

TEST(heredocs_belong_to_their_instruction)
{
    const auto file = parse_dockerfile(
        "FROM a:1\nRUN <<EOF\nUSER root\n\tEOF\nEOF\nCOPY <<-\"A\" <<B /x/\n\tone\n\tA\ntwo\nB\nUSER app\n");
    const auto& list = file.stages.at(0).instructions;
    CHECK_EQUAL(std::size_t{3}, list.size());
    CHECK_EQUAL("USER root\n\tEOF\n"s, list[0].heredocs);
    CHECK_EQUAL("one\ntwo\n"s, list[1].heredocs);
    CHECK_EQUAL("USER"s, list[2].name);
}

TEST(an_unfinished_heredoc_or_continuation_ends_with_the_file)
{
    CHECK_EQUAL("a\n"s, parse_dockerfile("FROM a:1\nRUN <<EOF\na").stages.at(0).instructions.at(0).heredocs);
    CHECK_EQUAL("a"s, parse_dockerfile("FROM a:1\nRUN a\\").stages.at(0).instructions.at(0).text);
}

TEST(an_argument_before_from_fills_in_the_image)
{
    const auto file = parse_dockerfile("ARG TAG=1.2\nARG EMPTY\nFROM --platform=linux/amd64 node:${TAG} AS "
                                       "Build\nFROM x:${OTHER:-3}\nFROM y:$EMPTY\n");
    CHECK_EQUAL("node:1.2"s, file.stages.at(0).base);
    CHECK_EQUAL("build"s, file.stages.at(0).name);
    CHECK_EQUAL("x:3"s, file.stages.at(1).base);
    CHECK_EQUAL("y:$EMPTY"s, file.stages.at(2).base);
}

TEST(only_the_last_stage_and_what_it_is_built_from_counts_for_the_user)
{
    const auto other = parse_dockerfile("FROM a:1 AS build\nUSER app\nFROM b:1\nCOPY --from=build /x /x\n");
    CHECK(!other.last("USER"));
    const auto parent = parse_dockerfile("FROM a:1 AS base\nUSER app\nFROM base\nRUN x\n");
    CHECK_EQUAL("app"s, parent.last("USER")->text);
    CHECK(parent.stages.at(1).parent == std::size_t{0});
}

TEST(assignments_are_read_in_both_forms)
{
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    CHECK((docker_assignments("A=1 B=\"two words\" C='x'y") == Pairs{{"A", "1"}, {"B", "two words"}, {"C", "xy"}}));
    CHECK((docker_assignments("A one two") == Pairs{{"A", "one two"}}));
    CHECK((docker_assignments("A") == Pairs{{"A", ""}}));
}

TEST(ten_thousands_of_stages_are_read_in_linear_time)
{
    std::string text;
    for (int i = 0; i < 50'000; ++i)
        text += "FROM s" + std::to_string(i) + " AS s" + std::to_string(i + 1) + "\n";
    CHECK(!parse_dockerfile(text).last("USER"));
}

TEST(any_text_has_a_reading)
{
    for (const auto text :
         {"", "\n\n", "FROM", "FROM \\", "RUN <<", "USER", "\\\n\\\n", "ARG\nFROM ${", "FROM a AS", "<<EOF\n"})
        static_cast<void>(parse_dockerfile(text).last("USER"));
    CHECK(parse_dockerfile("").stages.empty());
}
