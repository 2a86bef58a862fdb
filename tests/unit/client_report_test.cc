// What people read: findings, tables, refusals; and that nothing of a server's text steers the terminal.
#include "client/report.h"

#include "tests/unit/test.h"

#include <sstream>

#include "client/completion.h"
#include "client/server.h"
#include "client/terminal.h"

using namespace forge;

namespace {

std::string printed(const std::string& answer)
{
    std::ostringstream out;
    print_run(out, "cyber.secrets_audit", parse_json(answer));
    return out.str();
}

}

TEST(findings_are_printed_with_place_reason_and_remedy)
{
    CHECK_EQUAL("critical  a/b.env:3  AWS access key\n"
                "      AKIA…\n"
                "      whoever reads it can use it\n"
                "      revoke it\n"
                "1 finding: 1 critical; score 70 of 100\n"
                "2 files were not looked at; --json says which and why\n"
                "\ncyber.secrets_audit: ok, basis collector\n"
                "run 0198, ledger index 7, leaf ab\n"s,
                printed(R"({"eventId":"0198","status":"ok","basis":"collector","simulated":false,"ledger":{"index":7,"leaf":"ab"},
                  "output":{"score":70,"summary":{"critical":1,"high":0},"skipped":{"count":2},"findings":[{"severity":"critical",
                  "path":"a/b.env","line":3,"title":"AWS access key","evidence":"AKIA…","why":"whoever reads it can use it",
                  "remediation":"revoke it"}]}})"));
}

TEST(another_output_is_printed_as_it_is_and_a_simulated_one_says_so)
{
    const std::string text = printed(R"({"eventId":"x","status":"ok","basis":"example","simulated":true,"output":{"a":1}})");
    CHECK(text.starts_with("{\n  \"a\": 1\n}\n"));
    CHECK(text.find("simulated: this is the template's own example") != text.npos);
}

TEST(what_a_server_says_cannot_steer_the_terminal)
{
    CHECK_EQUAL("a?[31mb?c\td"s, shown("a\033[31mb\rc\td"));
    const std::string text = printed(R"({"status":"\u001b[2J","output":{"findings":[{"title":"\u001b]0;x\u0007"}]}})");
    CHECK(text.find('\033') == text.npos);
}

TEST(a_refusal_gives_code_detail_issues_request_and_the_next_step)
{
    const std::string text = refusal_text(400, parse_json(
        R"({"ok":false,"error":"invalid_args","detail":"Wrong.","requestId":"r-1","issues":[{"path":"/args/a","message":"is missing"}]})"));
    CHECK_EQUAL("invalid_args: Wrong.\n  /args/a: is missing\n  request: r-1\n"
                "  next: give arguments with --arg NAME=VALUE or --args FILE"s, text);
    CHECK(refusal_text(502, {}).starts_with("the server answered 502"));
}

TEST(a_table_is_aligned)
{
    std::ostringstream out;
    print_table(out, {{"a", "1.0.0", "first"}, {"longer", "2", "second"}});
    CHECK_EQUAL("a       1.0.0  first\nlonger  2      second\n"s, out.str());
}

TEST(completion_knows_every_command_and_its_options)
{
    constexpr Option options[] = {{"--json", "", "for programs"}};
    const Command commands[] = {{"run", "TEMPLATE", "run", options, nullptr}, {"ledger tail", "", "tail", {}, nullptr}};
    const std::string programs[] = {"catalog-lint"};
    const std::string script = bash_completion(commands, programs);
    CHECK(script.find("words=\"run ledger tail catalog-lint --help --version\"") != script.npos);
    CHECK(script.find("\"forge catalog-lint \"*|\"forge catalog lint \"*) words=\"$(forge catalog-lint --help") != script.npos);
    CHECK(script.find("\"forge run \"*) words=\"--json --help\"") != script.npos);
}
