// Lines put back from a static log on a web server, which is not trusted.
#include "tests/unit/scripted_server.h"
#include "tests/unit/test.h"
#include "tests/unit/thousand_lines.h"

#include "audit/restore.h"
#include "audit/web_mirror.h"
#include "base/error.h"
#include "base/text.h"
#include "os/file.h"

#include <filesystem>
#include <utility>

using namespace forge;
using forge::test::answer;
using forge::test::Received;
using forge::test::Script;
using forge::test::ScriptedServer;
using forge::test::ThousandLines;

namespace {

const std::string origin = "example.org/forge", middle = "events-2026-11-21.jsonl";

// A ledger and its static log, which a server shows as a plain web server would.
struct Fixture {
    ThousandLines ledger;
    test::ScratchFolder mirror;

    Fixture()
    {
        replace_file(mirror / "checkpoint", read_file(ledger.path("checkpoint")));
        make_folders(mirror / "tile/entries/003.p");
        const auto& lines = ledger.sample.lines();
        std::string bundle;
        for (std::size_t seq = 0; seq < lines.size(); ++seq) {
            bundle += static_cast<char>(lines[seq].size() >> 8);
            bundle += static_cast<char>(lines[seq].size());
            bundle += lines[seq];
            const bool is_last = seq + 1 == lines.size();
            if (is_last || (seq + 1) % tile_width == 0)
                replace_file(mirror / ("tile/entries/00" + std::to_string(seq / tile_width) + (is_last ? ".p/232" : "")),
                             std::exchange(bundle, {}));
        }
    }
    ScriptedServer::Handler files() const
    {
        return [folder = mirror.path()](const Received& request) {
            const std::string path = folder + request.path;
            return std::filesystem::is_regular_file(path) ? answer(200, read_file(path)) : answer(404, "");
        };
    }
    void change_line(std::size_t seq)
    {
        std::string text = read_file(ledger.path(middle));
        const std::string& line = ledger.sample.lines()[seq];
        text.replace(text.find(line), 12, R"({"actor":"x")");
        replace_file(ledger.path(middle), text);
    }
    RestoredDay restored(const std::vector<std::string>& from)
    {
        return restore_ledger({.root = ledger.folder.path(), .from = from, .days = {"2026-11-21"}, .is_dry = true}).at(0);
    }
};

std::vector<std::string> paths(ScriptedServer& server)
{
    std::vector<std::string> all;
    for (const Received& request : server.received())
        all.push_back(request.path);
    return all;
}

std::string message_of(const std::function<void()>& act)
try {
    act();
    return "";
} catch (const Error& error) {
    return error.what();
}

void has(const std::string& part, const std::string& text)
{
    CPPUNIT_ASSERT_MESSAGE("no \"" + part + "\" in: " + text, text.find(part) != std::string::npos);
}

std::string error_of(const std::string& url)
{
    return message_of([&] { WebMirror{url, origin, {}, Millis{2000}}; });
}

std::string error_of(const Script& script)
{
    ScriptedServer server{[&](const Received&) { return script; }};
    return replace_all(error_of(server.url("/log")), server.url("/log"), "URL");
}

}

TEST(a_static_log_on_a_web_server_is_asked_for_the_bundles_of_damaged_lines_alone)
{
    Fixture fixture;
    ScriptedServer server{fixture.files()};
    CHECK(fixture.restored({server.url("/")}).outcome == RestoredDay::Outcome::whole);
    CHECK(server.received().empty());
    for (const std::size_t seq : {511U, 512U, 600U})
        fixture.change_line(seq);
    const RestoredDay day = fixture.restored({server.url("/")});
    CHECK(day.outcome == RestoredDay::Outcome::restorable);
    CHECK_EQUAL("511-512,600"s, text_of(day.sources.at(1).second));
    CHECK((std::vector<std::string>{"/checkpoint", "/tile/entries/001", "/tile/entries/002"}) == paths(server));
}

TEST(a_web_server_that_lies_gives_no_line)
{
    Fixture fixture;
    fixture.change_line(600);
    ScriptedServer server{[files = fixture.files()](const Received& request) {
        Script script = files(request);
        for (auto& step : script.steps)
            if (request.path != "/checkpoint")
                step.bytes = replace_all(step.bytes, "job.done", "job.d0ne");
        return script;
    }};
    const RestoredDay day = fixture.restored({server.url("/")});
    CHECK(day.outcome == RestoredDay::Outcome::incomplete);
    CHECK_EQUAL("600"s, text_of(day.missing));
}

TEST(a_web_server_that_fails_between_has_given_what_it_gave)
{
    Fixture fixture;
    for (const std::size_t seq : {500U, 600U})
        fixture.change_line(seq);
    ScriptedServer server{[files = fixture.files()](const Received& request) {
        return request.path == "/tile/entries/002" ? answer(503, "") : files(request);
    }};
    const RestoredDay day = fixture.restored({server.url("/")});
    CHECK_EQUAL("600"s, text_of(day.missing));
    CHECK_EQUAL("500"s, text_of(day.sources.at(1).second));
    has("/tile/entries/002: the server answered 503", day.troubles.at(0));
    CHECK_EQUAL(std::size_t{1}, day.troubles.size());
}

TEST(a_bundle_of_the_newest_lines_is_asked_for_by_its_width_and_then_as_a_full_one)
{
    Fixture fixture;
    for (const bool has_grown : {false, true}) {
        if (has_grown)
            std::filesystem::rename(fixture.mirror / "tile/entries/003.p/232", fixture.mirror / "tile/entries/003");
        ScriptedServer server{fixture.files()};
        WebMirror mirror{server.url("/"), origin, {}};
        std::size_t lines = 0;
        mirror.read({{990, 992}, {995, 2000}}, [&](auto) { ++lines; });
        CHECK_EQUAL(std::size_t{232}, lines);
        CHECK_EQUAL(has_grown ? "/tile/entries/003"s : "/tile/entries/003.p/232"s, paths(server).back());
        CHECK_EQUAL(std::size_t{has_grown ? 3U : 2U}, paths(server).size());
    }
}

TEST(a_token_goes_to_its_own_server_alone)
{
    Fixture fixture;
    const auto seen = [&](ScriptedServer& server, const ServerToken& token) {
        WebMirror{server.url("/"), origin, token};
        const auto headers = server.received().back().headers;
        return headers.contains("authorization") ? headers.at("authorization") : "";
    };
    ScriptedServer one{fixture.files()}, other{fixture.files()};
    const std::string own = one.url("");
    CHECK_EQUAL("Bearer secret"s, seen(one, {own, "secret"}));
    CHECK_EQUAL(""s, seen(other, {own, "secret"}));
    CHECK_EQUAL(""s, seen(one, {replace_all(own, "http:", "https:"), "secret"}));
}

TEST(an_address_that_is_no_mirror_of_this_log_is_named_with_what_to_do)
{
    has("URL/checkpoint: not there; give what stands before", error_of(answer(404, "")));
    has("URL/checkpoint: not a checkpoint; give what", error_of(answer(200, "<html>")));
    has("URL/checkpoint: the server answered 302: give the address", error_of(answer(302, "", "Location: http://192.0.2.1/\r\n")));
    has("URL/checkpoint: the server answered 500: try again", error_of(answer(500, "")));
    has("the token's file with FORGE_TOKEN_FILE", error_of(answer(401, "")));
    has("URL/checkpoint: ", error_of(answer(200, std::string(100'000, 'x'))));   // longer than any checkpoint
    has("http://127.0.0.1:1/checkpoint: ", error_of("http://127.0.0.1:1/"));
    const std::string with_password = error_of("https://somebody:password@example.org/log");
    has("FORGE_TOKEN_FILE", with_password);
    CHECK(with_password.find("password@") == std::string::npos);
    has("without \"?\"", error_of("https://example.org/log?x=1"));
}

TEST(a_mirror_of_another_log_is_refused)
{
    Fixture fixture;
    ScriptedServer server{fixture.files()};
    has("a mirror of example.org/other is needed", message_of([&] { WebMirror{server.url("/"), "example.org/other", {}}; }));
}
