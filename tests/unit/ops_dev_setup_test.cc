// What "forge dev" finds and makes before it starts anything, and what it says when it cannot.
#include "ops/dev_setup.h"

#include "tests/unit/test.h"

#include <functional>

#include "base/error.h"
#include "os/file.h"

using namespace forge;

namespace {

std::string message_of(const std::function<void()>& action)
{
    try {
        action();
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "no ConfigError";
}

NginxPlan plan_for(const std::string& folder)
{
    return {.folder = folder, .share = "/share", .worker_socket = folder + "/run/worker.sock", .port = 3000, .files = 20000,
            .drain_seconds = 4};
}

}

TEST(programs_are_found_in_a_build_tree_and_in_an_installation)
{
    const test::ScratchFolder scratch;
    make_folders(scratch / "tree/nginx");
    make_folders(scratch / "tree/build");
    make_folders(scratch / "usr/share/vaultmesh-forge/nginx");
    make_folders(scratch / "usr/sbin");
    replace_file(scratch / "tree/nginx/dev.conf", "");
    replace_file(scratch / "usr/share/vaultmesh-forge/nginx/dev.conf", "");
    replace_file(scratch / "tree/build/forge-worker", "", 0755);
    replace_file(scratch / "usr/sbin/forge-worker", "", 0755);

    const auto tree = Installation::around(scratch / "tree/build/forge");
    CHECK_EQUAL(scratch / "tree", tree.share);
    CHECK_EQUAL(scratch / "tree/build/forge-worker", tree.program("forge-worker"));
    const auto installed = Installation::around(scratch / "usr/bin/forge");
    CHECK_EQUAL(scratch / "usr/share/vaultmesh-forge", installed.share);
    CHECK_EQUAL(scratch / "usr/sbin/forge-worker", installed.program("forge-worker"));
    CHECK_THROWS(ConfigError, installed.program("forge-nothing"));
    CHECK_THROWS(ConfigError, Installation::around(scratch / "other/bin/forge"));
}

TEST(everything_is_below_the_folder_and_the_origin_is_named_after_it)
{
    const Variables defaults = dev_defaults({.folder = "/srv/one", .catalog = ""}, {"/p", "/share"});
    CHECK_EQUAL("/srv/one/artifacts/ledger"s, defaults.at("VMESH_LEDGER_ROOT"));
    CHECK_EQUAL("forge.localhost/one"s, defaults.at("FORGE_LEDGER_ORIGIN"));
    CHECK_EQUAL("development"s, defaults.at("FORGE_ENV"));
    CHECK_EQUAL("/share/catalog"s, defaults.at("VMESH_CATALOG_ROOT"));
    CHECK_EQUAL("100"s, defaults.at("SSE_ANONYMOUS_PERCENT"));
    CHECK_EQUAL("0"s, defaults.at("SSE_MAX_PER_ADDRESS"));
    CHECK(!defaults.contains("SSE_MAX_CLIENTS"));
    CHECK_EQUAL("/mine"s, dev_defaults({.folder = "/srv/one", .catalog = "/mine"}, {"/p", "/share"}).at("VMESH_CATALOG_ROOT"));
}

TEST(a_port_is_taken_once)
{
    const Fd first = listen_on_loopback(0);
    const unsigned short port = port_of(first);
    CHECK(port != 0);
    CHECK_EQUAL("port " + std::to_string(port) + " of 127.0.0.1 is in use", message_of([=] { listen_on_loopback(port); }));
}

TEST(a_folder_belongs_to_one_forge_dev_at_a_time)
{
    const test::ScratchFolder scratch;
    const std::string folder = scratch / "a/b";
    {
        const Fd lock = prepare_folder(folder);
        CHECK(exists(folder + "/log") && exists(folder + "/artifacts/ledger"));
        CHECK_EQUAL(folder + " is in use by another forge dev", message_of([&] { prepare_folder(folder); }));
    }
    CHECK(static_cast<bool>(prepare_folder(folder)));
    replace_file(scratch / "file", "");
    CHECK(message_of([&] { prepare_folder(scratch / "file/x"); }).starts_with("mkdir " + (scratch / "file")));
}

TEST(the_configuration_of_nginx_has_no_word_left_to_fill_in)
{
    const std::string text = nginx_configuration(read_file("nginx/dev.conf"), plan_for("/srv/one"));
    std::string without_comment = text.substr(text.find('\n'));
    CHECK(without_comment.find('@') == without_comment.npos);
    CHECK(text.find("listen 127.0.0.1:3000") != text.npos);
    CHECK(text.find("unix:/srv/one/run/worker.sock") != text.npos);
    CHECK_THROWS(ConfigError, nginx_configuration("", plan_for("/srv/with blank")));
    CHECK_THROWS(ConfigError, nginx_configuration("", plan_for("/srv/with;semicolon")));
}

TEST(with_the_development_signer_the_workers_own_keys_are_the_issuer_s)
{
    const Variables defaults = signer_defaults(4711);
    CHECK_EQUAL("http://127.0.0.1:4711/"s, defaults.at("OIDC_ISSUER"));
    CHECK_EQUAL("http://127.0.0.1:4711/dev/jwks.json"s, defaults.at("OIDC_JWKS_URL"));
    CHECK(!defaults.at("OIDC_AUDIENCE").empty());
}

TEST(an_origin_becomes_an_expression_that_matches_it_and_nothing_else)
{
    CHECK_EQUAL(""s, nginx_origins({}));
    CHECK_EQUAL("\"~^https://app\\.example\\.org:8443$\" $http_origin;\n\"~^http://\\[::1\\]:3000$\" $http_origin;\n"s,
                nginx_origins({"https://app.example.org:8443", "http://[::1]:3000"}));
    for (const char* const hostile : {"https://a\" x; #", "https://$a", "https://a\\", "https://a;", "https://a{2}", "https://.*"})
        CHECK_EQUAL(""s, nginx_origins({hostile}));
}
