// Logins in files: whose they are, when they are refreshed, and a client's credentials.
#include "client/login_store.h"

#include <sys/stat.h>

#include "client/client_file.h"
#include "os/file.h"
#include "tests/unit/test.h"

using namespace forge;
using namespace std::chrono_literals;

namespace {

const std::string here = "https://forge.example";
const WallTime now = wall_now();

Login login(std::chrono::seconds left, std::string refresh_token = "r1")
{
    return {.server = here, .issuer = "https://id.example/", .client_id = "forge",
            .granted = {"t1", std::move(refresh_token), std::chrono::floor<std::chrono::seconds>(now) + left}};
}

struct Fixture {
    std::optional<std::string> token()
    {
        return store.token(here, [this](const Login&) { return ++refreshed, refresh(); },
                           [this](const std::string& text) { warning = text; }, now);
    }

    test::ScratchFolder scratch;
    LoginStore store{scratch / "deep/state"};
    std::function<Granted()> refresh = [] { return Granted{"t2", "r2", now + 600s}; };
    int refreshed = 0;
    std::string warning;
};

std::string problem_of(const std::string& path)
{
    try {
        read_client_file(path);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

}

TEST(a_login_is_kept_for_its_owner_and_found_for_its_server_alone)
{
    Fixture fixture;
    CHECK(!fixture.token());
    fixture.store.keep(login(300s));
    CHECK_EQUAL("t1"s, fixture.token().value());
    CHECK(!fixture.store.find("https://forge.example.evil") && !fixture.store.find("http://forge.example"));
    struct stat status {};
    CHECK_EQUAL(0, ::stat(fixture.store.path_for(here).c_str(), &status));
    CHECK_EQUAL(0600U, status.st_mode & 07777U);
    CHECK(fixture.store.forget(here) && !fixture.store.forget(here) && !fixture.token());
    CHECK_EQUAL(0, fixture.refreshed);
}

TEST(a_login_that_others_may_read_or_that_was_moved_is_refused)
{
    Fixture fixture;
    fixture.store.keep(login(300s));
    replace_file(fixture.store.path_for("https://other.example"), read_file(fixture.store.path_for(here)), 0600);
    CHECK_THROWS(Error, fixture.store.find("https://other.example"));
    CHECK_EQUAL(0, ::chmod(fixture.store.path_for(here).c_str(), 0640));
    CHECK_THROWS(Error, fixture.store.find(here));
}

TEST(a_token_that_expires_soon_is_refreshed_and_what_came_is_kept)
{
    Fixture fixture;
    fixture.store.keep(login(10s));
    CHECK_EQUAL("t2"s, fixture.token().value());
    CHECK_EQUAL("t2"s, fixture.token().value());
    CHECK_EQUAL(1, fixture.refreshed);
    CHECK_EQUAL("r2"s, fixture.store.find(here)->granted.refresh_token);
}

TEST(a_refresh_token_stays_when_no_other_comes)
{
    Fixture fixture;
    fixture.refresh = [] { return Granted{"t2", "", now + 600s}; };
    fixture.store.keep(login(10s));
    CHECK_EQUAL("t2"s, fixture.token().value());
    CHECK_EQUAL("r1"s, fixture.store.find(here)->granted.refresh_token);
}

TEST(a_refresh_that_fails_leaves_the_token_and_is_told)
{
    Fixture fixture;
    fixture.refresh = []() -> Granted { throw TokenRefused("invalid_grant"); };
    fixture.store.keep(login(10s));
    CHECK_EQUAL("t1"s, fixture.token().value());
    CHECK(fixture.warning.find("invalid_grant") != std::string::npos);
    fixture.store.keep(login(10s, ""));
    CHECK_EQUAL("t1"s, fixture.token().value());
    CHECK_EQUAL(1, fixture.refreshed);
}

TEST(a_client_file_is_its_owner_s_and_says_what_is_needed)
{
    const test::ScratchFolder scratch;
    const std::string good = "OIDC_ISSUER=https://id.example/\nOIDC_CLIENT_ID=cron\nOIDC_CLIENT_SECRET='planted'\n";
    const auto problem_with = [&](const std::string& text, mode_t mode = 0600) {
        replace_file(scratch / "client", text, mode);
        const std::string problem = problem_of(scratch / "client");
        CHECK(problem.find("planted") == std::string::npos);
        return problem;
    };
    CHECK_EQUAL(""s, problem_with(good));
    CHECK_EQUAL("planted"s, std::string{read_client_file(scratch / "client").secret.reveal()});
    CHECK(problem_with(good, 0640).find("chmod 600") != std::string::npos);
    CHECK(problem_with(good.substr(good.find('\n') + 1)).find("OIDC_ISSUER is missing") != std::string::npos);
    CHECK(problem_with(good + "OIDC_SECRET=planted\n").find("only these may stand in it") != std::string::npos);
    CHECK(problem_with("planted\n" + good) != "");
    CHECK(problem_with("OIDC_ISSUER=http://id.example/\nOIDC_CLIENT_ID=cron\nOIDC_CLIENT_SECRET=planted\n").find("https") != std::string::npos);
}
