// Reloads: what changes at once, what needs a restart, what is refused.
#include "config/reload.h"

#include <algorithm>
#include <array>
#include <thread>

#include "base/error.h"
#include "config/current.h"
#include "config/digest_key.h"
#include "os/file.h"
#include "tests/unit/test.h"

using namespace forge;

namespace {

FreshConfig fresh(const std::map<std::string, std::string>& before, const std::map<std::string, std::string>& after)
{
    return fresh_config(Config{given_settings(before)}, given_settings(after), worker, Secret{"a key for digests"});
}

std::string changed_names(const FreshConfig& config)
{
    std::string names;
    for (const Change& change : config.changed)
        names += change.name + " ";
    return names;
}

}

TEST(a_reload_without_a_change_changes_nothing)
{
    const FreshConfig config = fresh({{"MODEL", "a"}, {"ROE_TOKEN", "t"}}, {{"MODEL", "a"}, {"ROE_TOKEN", "t"}});
    CHECK(config.changed.empty() && config.restart.empty());
}

TEST(a_reload_tells_digests_of_what_changed)
{
    const FreshConfig config = fresh({{"SSE_MAX_CLIENTS", "10"}}, {{"SSE_MAX_CLIENTS", "20"}, {"MODEL", "m"}});
    CHECK_EQUAL("SSE_MAX_CLIENTS MODEL "s, changed_names(config));
    CHECK(config.changed[0].before.starts_with("sha256:") && config.changed[0].after.starts_with("sha256:"));
    CHECK(config.changed[0].before != config.changed[0].after);
    CHECK_EQUAL(""s, config.changed[1].before);
    CHECK_EQUAL(20L, config.config->sse_clients);
}

TEST(the_digest_of_a_secret_is_made_under_a_key)
{
    const FreshConfig config = fresh({{"ROE_TOKEN", "one"}}, {{"ROE_TOKEN", "two"}});
    CHECK_EQUAL("ROE_TOKEN "s, changed_names(config));
    CHECK(config.changed[0].after.starts_with("hmac-sha256:"));
    CHECK_EQUAL("two"s, std::string{config.config->roe_token.reveal()});
    const Config before{given_settings({{"ROE_TOKEN", "one"}})};
    const FreshConfig other = fresh_config(before, given_settings({{"ROE_TOKEN", "two"}}), worker, Secret{"another key"});
    CHECK(config.changed[0].after != other.changed[0].after);
    const FreshConfig gone = fresh({{"ROE_TOKEN", "one"}}, {});
    CHECK_EQUAL(config.changed[0].before, gone.changed[0].before);
    CHECK_EQUAL(""s, gone.changed[0].after);
}

TEST(what_is_read_at_start_only_stays_and_is_named)
{
    const FreshConfig config = fresh({{"FORGE_ENV", "development"}, {"FORGE_STATE_DIR", "/tmp/a"}},
                                     {{"FORGE_ENV", "development"}, {"FORGE_STATE_DIR", "/tmp/b"}, {"AUTH_DEV_BYPASS", "1"},
                                      {"FORGE_LEDGER_PIN", "/not/of/a/worker"}, {"MODEL", "m"}});
    CHECK_EQUAL("MODEL "s, changed_names(config));
    CHECK_EQUAL("/tmp/a"s, config.config->state_dir);
    CHECK(!config.config->dev_bypass);
    CHECK(std::ranges::count(config.restart, "AUTH_DEV_BYPASS") == 1 && std::ranges::count(config.restart, "FORGE_STATE_DIR") == 1);
    CHECK(std::ranges::count(config.restart, "FORGE_LEDGER_PIN") == 0);
}

TEST(a_bad_value_refuses_the_whole_reload_also_one_that_would_need_a_restart)
{
    CHECK_THROWS(ConfigError, fresh({}, {{"MODEL", "m"}, {"SSE_MAX_CLIENTS", "none"}}));
    CHECK_THROWS(ConfigError, fresh({}, {{"FORGE_THREADS", "0"}}));
    CHECK_THROWS(ConfigError, fresh({}, {{"ROE_TOKEN_FILE", "/nowhere"}}));
}

TEST(a_snapshot_lives_as_long_as_somebody_holds_it)
{
    CurrentConfig current{std::make_shared<const Config>(given_settings({{"ROE_TOKEN", "one"}}))};
    const auto before = current.get();
    current.replace(std::make_shared<const Config>(given_settings({{"ROE_TOKEN", "two"}})));
    CHECK_EQUAL("one"s, std::string{before->roe_token.reveal()});
    CHECK_EQUAL("two"s, std::string{current.get()->roe_token.reveal()});
}

TEST(the_key_for_digests_is_made_once)
{
    const test::ScratchFolder folder;
    const std::string path = folder / "state/digest.key";
    std::array<std::string, 8> keys;
    {
        std::vector<std::jthread> makers;
        for (std::string& key : keys)
            makers.emplace_back([&] { key = digest_key(path).reveal(); });
    }
    CHECK_EQUAL(std::size_t{64}, keys[0].size());
    CHECK_EQUAL(keys.size(), static_cast<std::size_t>(std::ranges::count(keys, keys[0])));
    CHECK_EQUAL(std::size_t{1}, names_in(folder / "state").size());
}
