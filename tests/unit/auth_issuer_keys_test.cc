// Fetching the issuer's keys from a real server.
#include "auth/issuer_keys.h"

#include <atomic>

#include "os/file.h"
#include "tests/unit/run_on.h"
#include "tests/unit/scripted_server.h"
#include "tests/unit/test.h"
#include "tests/unit/token_maker.h"

using namespace forge;
using namespace std::chrono_literals;
using test::answer;
using test::Received;
using test::ScriptedServer;

namespace {

const Json key = test::TokenMaker{Signature::es256}.jwk("k1");

/// Waits until the ring says so, or for five seconds.
Task<bool> until(Loop& loop, std::function<bool()> condition)
{
    for (int i = 0; i < 1000 && !condition(); ++i)
        co_await sleep_until(loop, steady_now() + 5ms);
    co_return condition();
}

struct Fixture {
    explicit Fixture(KeySource source_, std::string shared_path = {})
        : source(std::move(source_)), keys(loop, client, [this] { return source; }, {.shared_path = std::move(shared_path)})
    {
        keys.start();
    }

    bool wait(std::function<bool()> condition) { return test::run_on(loop, until(loop, std::move(condition))); }
    bool gets_keys() { return wait([this] { return keys.ring().has_keys(); }); }
    bool fails_with(const std::string& part)
    {
        return wait([&] { return keys.problem().find(part) != std::string::npos; }) && !keys.ring().has_keys();
    }

    KeySource source;
    Loop loop;
    HttpClient client{loop};
    IssuerKeys keys;
};

/// An issuer whose discovery names its own key set.
class Issuer {
public:
    ScriptedServer server{[this](const Received& request) {
        if (request.path == "/keys")
            return answer(200, keys);
        return request.path == "/.well-known/openid-configuration" ? answer(200, document()) : answer(404, "");
    }};
    std::string slash;
    std::string keys = test::key_set_text({key});
    std::string keys_url;

    std::string url() const { return server.url("") + slash; }

private:
    std::string document() const
    {
        return dump(Json::object({{"issuer", url()}, {"jwks_uri", keys_url.empty() ? server.url("/keys") : keys_url}}));
    }
};

}

TEST(keys_are_found_by_discovery_with_and_without_a_slash)
{
    Issuer issuer;
    CHECK((Fixture{{issuer.url(), ""}}.gets_keys()));
    issuer.slash = "/";
    CHECK((Fixture{{issuer.url(), ""}}.gets_keys()));
}

TEST(keys_are_taken_from_their_url_without_discovery)
{
    Issuer issuer;
    CHECK((Fixture{{"https://id.example/", issuer.server.url("/keys")}}.gets_keys()));
    CHECK_EQUAL(std::size_t{1}, issuer.server.received().size());
}

TEST(a_discovery_that_names_another_issuer_or_an_unsafe_key_url_is_refused)
{
    Issuer issuer;
    issuer.slash = "/";
    CHECK((Fixture{{issuer.server.url(""), ""}}.fails_with("slash at the end")));
    issuer.keys_url = "http://id.example/keys";
    CHECK((Fixture{{issuer.url(), ""}}.fails_with("neither https nor on this host")));
}

TEST(keys_that_cannot_be_had_are_a_problem_with_its_reason)
{
    Issuer issuer;
    CHECK((Fixture{{"https://id.example/", issuer.server.url("/nothing")}}.fails_with("HTTP 404")));
    CHECK((Fixture{{"https://id.example/", "http://127.0.0.1:1/keys"}}.fails_with("connect")));
    issuer.keys = "{\"keys\":[]}";
    CHECK((Fixture{{"https://id.example/", issuer.server.url("/keys")}}.fails_with("no key that we accept")));
    issuer.keys = std::string(300 * 1024, ' ');
    CHECK((Fixture{{"https://id.example/", issuer.server.url("/keys")}}.fails_with("larger than")));
}

TEST(a_redirect_is_not_followed)
{
    Issuer elsewhere;
    ScriptedServer server{[&](const Received&) { return answer(302, "", "Location: " + elsewhere.server.url("/keys") + "\r\n"); }};
    CHECK((Fixture{{"https://id.example/", server.url("/keys")}}.fails_with("HTTP 302")));
    CHECK(elsewhere.server.received().empty());
}

TEST(a_rotation_is_seen_at_once_and_many_unknown_keys_are_one_fetch)
{
    std::atomic<bool> rotated = false;
    const Json newer = test::TokenMaker{Signature::es256}.jwk("k2");
    ScriptedServer server{[&](const Received&) {
        return answer(200, rotated ? test::key_set_text({key, newer}) : test::key_set_text({key}));
    }};
    Fixture fixture{{"https://id.example/", server.url("/keys")}};
    const auto finding = [&](const std::string& kid) {
        return fixture.keys.ring().find(kid, Signature::es256, Millis{60'000}, steady_now()).finding;
    };
    const auto all_unknown = [&] {
        int known = 0;
        for (int i = 0; i < 200; ++i)
            known += finding("x" + std::to_string(i)) == KeyRing::Finding::unknown;
        return known == 200;
    };
    CHECK(fixture.wait([&] {   // one after the other
        if (!rotated)
            rotated = finding("k1") == KeyRing::Finding::found;
        return rotated && finding("k2") == KeyRing::Finding::found && all_unknown();
    }));
    CHECK_EQUAL(std::size_t{3}, server.received().size());
}

TEST(a_worker_takes_the_keys_that_another_one_fetched_before_the_issuer_went_down)
{
    const test::ScratchFolder folder;
    const std::string path = folder / "issuer-keys";
    KeySource source;
    {
        Issuer issuer;
        source = {issuer.url(), ""};
        CHECK((Fixture{source, path}.gets_keys()));
    }
    CHECK((Fixture{source, path}.gets_keys()));
    CHECK((Fixture{{source.issuer + "/", ""}, path}.fails_with("connect")));   // another issuer's are not taken
    CHECK(!stored_keys(path, source, WallTime{}));                             // nor those of a time to come
    CHECK(stored_keys(path, source, wall_now()));
    replace_file(path, "{");
    CHECK((Fixture{source, path}.fails_with("connect")));
}

TEST(another_issuer_after_a_reload_means_other_keys)
{
    Issuer issuer;
    Fixture fixture{{"https://id.example/", issuer.server.url("/keys")}};
    bool had_keys = false;
    CHECK(fixture.wait([&] {
        if (fixture.keys.ring().has_keys() && !had_keys) {
            had_keys = true;
            fixture.source = {};
            fixture.keys.reload();
        }
        return had_keys && !fixture.keys.ring().has_keys();
    }));
}
