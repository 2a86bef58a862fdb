// Settings: where they come from, what is refused, what is shown.
#include "config/settings.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/error.h"
#include "config/config.h"
#include "os/file.h"
#include "tests/unit/test.h"

using namespace forge;

namespace {

Config config(const std::map<std::string, std::string>& values)
{
    return Config{given_settings(values)};
}

std::string complaint(const Config& settings)
{
    try {
        settings.check();
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "";
}

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

std::string value_in_file(const std::string& line)
{
    const SettingsSource source = parse_settings(line, "x.env");
    return source.problems.empty() ? source.values.begin()->second.value : source.problems.front();
}

}

TEST(nothing_set_is_a_production_that_works)
{
    const Config settings = config({});
    CHECK_EQUAL(""s, complaint(settings));
    CHECK(settings.is_production());
    CHECK_EQUAL("/var/lib/vaultmesh-forge/artifacts/ledger"s, settings.ledger_root);
    CHECK_EQUAL(1000L, settings.sse_clients);
    CHECK(Millis{60'000} == settings.execute_window);
}

TEST(a_default_follows_the_folder_it_stands_in)
{
    const Config settings = config({{"FORGE_STATE_DIR", "/tmp/a"}, {"FORGE_RUNTIME_DIR", "/tmp/b"}});
    CHECK_EQUAL("/tmp/a/artifacts/ledger"s, settings.ledger_root);
    CHECK_EQUAL("/tmp/b/ledger.sock"s, settings.ledger_socket);
}

TEST(all_bad_values_are_listed_at_once)
{
    const std::string said = complaint(config({{"FORGE_WORKERS", "none"},
                                               {"SSE_MAX_CLIENTS", "0"},
                                               {"GUARDIAN_MODE", "auto"},
                                               {"EXECUTE_POST_WINDOW", "60"}, {"FORGE_STATE_DIR", "here"}}));
    CHECK(contains(said, "FORGE_WORKERS=none (given): must be a whole number from 1 to 256\n"));
    CHECK(contains(said, "SSE_MAX_CLIENTS=0"));
    CHECK(contains(said, "GUARDIAN_MODE=auto (given): must be agent or stub"));
    CHECK(contains(said, "EXECUTE_POST_WINDOW=60"));
    CHECK(contains(said, "FORGE_STATE_DIR=here (given): must be an absolute path"));
}

TEST(the_development_signer_cannot_start_in_production)
{
    const std::map<std::string, std::string> oidc{
        {"OIDC_ISSUER", "https://id.example/"}, {"OIDC_AUDIENCE", "forge"}, {"AUTH_DEV_SIGNER", "1"}};
    CHECK(contains(complaint(config(oidc)), "AUTH_DEV_SIGNER=1: not in production"));
    auto development = oidc;
    development["FORGE_ENV"] = "development";
    CHECK_EQUAL(""s, complaint(config(development)));
}

TEST(the_bypass_holds_in_development_only_and_is_named_unsafe_in_production)
{
    const Config production = config({{"AUTH_DEV_BYPASS", "1"}});
    CHECK_EQUAL(""s, complaint(production));
    CHECK(!production.bypass_is_honoured());
    CHECK_EQUAL("AUTH_DEV_BYPASS"s, production.unsafe().at(0));
    CHECK(config({{"AUTH_DEV_BYPASS", "1"}, {"FORGE_ENV", "development"}}).bypass_is_honoured());
}

TEST(an_http_issuer_is_accepted_for_loopback_hosts_only)
{
    for (const auto* good : {"https://id.example", "http://127.0.0.1:9000/", "http://localhost:1",
                             "http://[::1]:8080/x", "http://a.localhost"})
        CHECK_EQUAL(""s, complaint(config({{"OIDC_ISSUER", good}, {"OIDC_AUDIENCE", "forge"}})));
    for (const auto* bad : {"http://id.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example",
                            "http://[::1].evil.example", "http://localhost:80@evil.example", "id.example",
                            "https://", "https://a b"})
        CHECK(contains(complaint(config({{"OIDC_ISSUER", bad}, {"OIDC_AUDIENCE", "forge"}})), "OIDC_ISSUER="));
}

TEST(a_password_in_an_url_is_refused_and_not_shown)
{
    const std::string said = complaint(config({{"OPENAI_BASE_URL", "https://me:hunter2@models.example"}}));
    CHECK(contains(said, "OPENAI_BASE_URL="));
    CHECK(!contains(said, "hunter2"));
}

TEST(an_issuer_needs_an_audience)
{
    CHECK(contains(complaint(config({{"OIDC_ISSUER", "https://id.example"}})), "OIDC_AUDIENCE"));
}

TEST(a_secret_comes_from_a_file_without_its_newline)
{
    const test::ScratchFolder folder;
    replace_file(folder / "key", "sk-planted\n", 0600);
    const Config settings = config({{"OPENAI_API_KEY_FILE", folder / "key"}});
    CHECK_EQUAL(""s, complaint(settings));
    CHECK_EQUAL("sk-planted"s, std::string{settings.openai_key.reveal()});
}

TEST(a_secret_is_never_shown)
{
    const Config settings = config({{"OPENAI_API_KEY", "sk-planted"}});
    std::ostringstream out;
    settings.print(out);
    settings.manual(out);
    CHECK(contains(out.str(), "OPENAI_API_KEY=(set)   # given"));
    CHECK(contains(out.str(), "OPENROUTER_API_KEY=(not set)"));
    CHECK(!contains(out.str(), "sk-planted"));
}

TEST(a_secret_file_must_be_a_regular_one_of_modest_size)
{
    const test::ScratchFolder folder;
    replace_file(folder / "large", std::string(65 * 1024, 'x'));
    for (const std::string& path : {folder.path(), folder / "large", folder / "missing", "/dev/zero"s})
        CHECK(contains(complaint(config({{"ROE_TOKEN_FILE", path}})), "ROE_TOKEN_FILE (given): "));
}

TEST(a_secret_given_twice_is_refused)
{
    const test::ScratchFolder folder;
    replace_file(folder / "key", "one", 0600);
    const std::string said = complaint(config({{"ROE_TOKEN", "two"}, {"ROE_TOKEN_FILE", folder / "key"}}));
    CHECK(contains(said, "ROE_TOKEN and ROE_TOKEN_FILE are both set"));
    CHECK(!contains(said, "two"));
}

TEST(a_secret_that_others_may_read_is_refused_in_production)
{
    const test::ScratchFolder folder;
    replace_file(folder / "key", "sk-planted", 0640);
    const std::map<std::string, std::string> given{{"OPENAI_API_KEY_FILE", folder / "key"}};
    const std::string said = complaint(config(given));
    CHECK(contains(said, "OPENAI_API_KEY_FILE (given): " + folder / "key" + ": its group or others may read it: chmod 0600"));
    CHECK(!contains(said, "sk-planted"));
    auto development = given;
    development["FORGE_ENV"] = "development";
    CHECK_EQUAL(""s, complaint(config(development)));
}

TEST(a_secret_in_a_settings_file_that_others_may_read_is_refused_in_production)
{
    const std::string said = complaint(Config{parse_settings("ROE_TOKEN=planted\nMODEL=x", "x.env", true)});
    CHECK(contains(said, "ROE_TOKEN (x.env:1): its group or others may read this file: set ROE_TOKEN_FILE"));
    CHECK(!contains(said, "MODEL"));
    CHECK(!contains(said, "planted"));
    CHECK_EQUAL(""s, complaint(Config{parse_settings("ROE_TOKEN=planted", "x.env", false)}));
}

TEST(a_secret_may_be_a_credential_of_the_service_manager)
{
    const test::ScratchFolder folder;
    replace_file(folder / "OPENAI_API_KEY", "sk-planted\n", 0440);
    const Config settings = config({{"CREDENTIALS_DIRECTORY", folder.path()}});
    CHECK_EQUAL(""s, complaint(settings));
    CHECK_EQUAL("sk-planted"s, std::string{settings.openai_key.reveal()});
    const std::string said = complaint(config({{"CREDENTIALS_DIRECTORY", folder.path()}, {"OPENAI_API_KEY", "two"}}));
    CHECK(contains(said, "OPENAI_API_KEY and the credential OPENAI_API_KEY are both set"));
}

TEST(a_program_reads_no_secret_of_another)
{
    const Config settings{given_settings({{"OPENAI_API_KEY_FILE", "/nowhere"}, {"ROE_TOKEN", "planted"}}), ledgerd};
    CHECK_EQUAL(""s, complaint(settings));
    CHECK(settings.openai_key.empty() && settings.roe_token.empty());
}

TEST(a_settings_file_has_comments_quotes_and_blanks)
{
    CHECK_EQUAL("1 minute"s, value_in_file("# a comment\n; another\n\n  EXECUTE_POST_WINDOW = 1 minute  \r\n"));
    CHECK_EQUAL("a # b"s, value_in_file("MODEL=a # b"));
    CHECK_EQUAL(" kept $HOME \\n"s, value_in_file("MODEL=' kept $HOME \\n'"));
    CHECK_EQUAL("say \"hi\" \\ \\n"s, value_in_file(R"(MODEL="say \"hi\" \\ \n")"));
}

TEST(a_line_that_is_none_is_named_with_its_place)
{
    CHECK_EQUAL("x.env:2: not a line of the form NAME=VALUE"s, value_in_file("\nexport MODEL=x"));
    CHECK_EQUAL("x.env:1: MODEL: the quotes do not match"s, value_in_file("MODEL=\"x"));
    CHECK_EQUAL("x.env:1: MODEL: the quotes do not match"s, value_in_file("MODEL=\"x\"y"));
    CHECK_EQUAL("x.env:2: MODEL: already set at x.env:1"s, value_in_file("MODEL=x\nMODEL=y"));
    CHECK(contains(complaint(Config{parse_settings("what\nFORGE_WORKERS=0", "x.env")}), "x.env:1: not a line"));
}

TEST(a_duration_needs_a_unit_and_cannot_overflow)
{
    CHECK(Millis{90'000} == parse_duration("90 s"));
    CHECK(Millis{250} == parse_duration("250ms"));
    CHECK(Millis{86'400'000} == parse_duration("1 day"));
    for (const auto* bad : {"", "1", "minute", "-1 s", "1.5 s", "1 fortnight", "99999999999999999 days"})
        CHECK(!parse_duration(bad));
}

TEST(a_list_takes_known_words_only_and_an_origin_has_no_path)
{
    CHECK_EQUAL(std::size_t{2}, config({{"OIDC_ALGORITHMS", "ES256, EdDSA"}}).token_algorithms.size());
    CHECK(contains(complaint(config({{"OIDC_ALGORITHMS", "none"}})), "OIDC_ALGORITHMS=none"));
    CHECK_EQUAL(""s, complaint(config({{"ALLOWED_ORIGINS", "https://a.example,http://localhost:5173"}})));
    for (const auto* bad : {"*", "https://a.example/", "https://a.example/x", "a.example"})
        CHECK(contains(complaint(config({{"ALLOWED_ORIGINS", bad}})), "ALLOWED_ORIGINS="));
}

TEST(a_reload_names_what_only_a_restart_changes)
{
    const Config before = config({});
    const Config after = config({{"FORGE_THREADS", "4"}, {"SSE_MAX_CLIENTS", "10"}});
    const auto names = needing_restart(before, after, worker);
    CHECK_EQUAL(std::size_t{1}, names.size());
    CHECK_EQUAL("FORGE_THREADS"s, names.front());
}

TEST(the_manual_names_every_setting_once_and_is_itself_a_settings_file)
{
    const Config settings = config({});
    std::ostringstream out;
    settings.manual(out);
    CHECK(parse_settings(out.str(), "x").problems.empty());
    CHECK(parse_settings(out.str(), "x").values.empty());
    for (const Setting& setting : settings.settings())
        CHECK_EQUAL(std::ptrdiff_t{1}, std::ranges::count(settings.settings(), setting.name, &Setting::name));
}
