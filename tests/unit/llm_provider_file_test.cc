// The file of providers: what it may say, and what is answered to mistakes.
#include "llm/provider_file.h"

#include <sys/stat.h>

#include "base/error.h"
#include "base/text.h"
#include "llm/current_targets.h"
#include "os/file.h"
#include "tests/unit/test.h"

using namespace forge;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<const Config> config(std::map<std::string, std::string> values = {})
{
    values.emplace("FORGE_ENV", "development");
    return std::make_shared<const Config>(given_settings(values));
}

Targets parsed(const std::string& text, const std::shared_ptr<const Config>& settings = config())
{
    return parse_providers(text, "p.yaml", settings);
}

std::string complaint(const std::string& text, const std::shared_ptr<const Config>& settings = config())
{
    try {
        static_cast<void>(parsed(text, settings));
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "";
}

/// A file with one provider, of these further lines.
std::string one(const std::string& lines)
{
    return "providers:\n  - name: a\n    kind: openai\n    model: m\n" + lines;
}

std::string key_file(const test::ScratchFolder& folder, const std::string& key = "sk-1\n", mode_t mode = 0600)
{
    write_file_durably(folder / "key", key, mode);
    return folder / "key";
}

}

TEST(a_provider_needs_a_name_a_kind_and_a_model)
{
    const Targets targets = parsed(one(""));
    const Target& a = targets.all.at(0);
    CHECK_EQUAL("a m https://api.openai.com/v1"s, a.name + " " + a.model + " " + a.url);
    CHECK(a.kind == ProviderKind::openai);
    CHECK_EQUAL(2L, a.retries);
    CHECK(a.deadlines.idle == 30s);
    CHECK(targets.total == 5min);
    CHECK(targets.digest.starts_with("sha256:"));
    CHECK_EQUAL("USD"s, targets.currency);
}

TEST(everything_else_may_be_said)
{
    const Targets targets = parsed(R"(currency: EUR
providers:
  - name: b
    kind: anthropic
    url: https://b.example/
    model: claude
    order: 7
  - name: a
    kind: ollama
    model: "llama3.2:1b"
    order: 2
    weight: 3
    retries: 0
    region: eu
    max_tokens: 99
    price: {input: 0.15, output: "4"}
    deadlines: {connect: 1 s, first_token: 2 s, idle: 3 s, total: 4 minutes}
)");
    const Target& a = targets.all.at(0);   // by order
    CHECK_EQUAL("a llama3.2:1b http://127.0.0.1:11434 eu"s, a.name + " " + a.model + " " + a.url + " " + a.region);
    CHECK_EQUAL(3L, a.weight);
    CHECK_EQUAL(0L, a.retries);
    CHECK_EQUAL(99L, *a.most_tokens);
    CHECK_EQUAL(std::int64_t{150'000}, a.price->input);
    CHECK_EQUAL(std::int64_t{4'000'000}, a.price->output);
    CHECK(a.deadlines.connect == 1s && a.deadlines.first_byte == 2s && a.deadlines.idle == 3s && a.deadlines.total == 4min);
    CHECK_EQUAL("https://b.example"s, targets.all.at(1).url);
    CHECK_EQUAL("EUR"s, targets.currency);
}

TEST(each_mistake_is_named_with_its_place)
{
    CHECK_EQUAL("p.yaml:5:5: \"modell\" is not known here"s, complaint(one("    modell: x\n")));
    CHECK_EQUAL("p.yaml:3:5: kind must be one of openai, openrouter, ollama, ollama-openai, anthropic, compatible"s,
                complaint("providers:\n  - name: a\n    kind: gpt\n    model: m\n"));
    CHECK_EQUAL("p.yaml:5:5: weight must be a whole number from 1 to 1000"s, complaint(one("    weight: 0\n")));
    CHECK_EQUAL("p.yaml:5:17: idle must be a time from 10 ms to 1 hour, with its unit: 5 s"s,
                complaint(one("    deadlines: {idle: 30}\n")));
    CHECK_EQUAL("p.yaml:5:13: input must be a decimal number up to 10000 with at most 6 decimals"s,
                complaint(one("    price: {input: -1, output: 1}\n")));
    CHECK_EQUAL("p.yaml:6:5: there is another provider \"a\""s,
                complaint(one("") + "  -\n    name: a\n    kind: openai\n    model: m\n"));
    CHECK(complaint("a: 1\na: 2\n").starts_with("p.yaml:2:1: "));
    CHECK_EQUAL("p.yaml:5:5: \"a?b\" is not known here"s, complaint(one("    \"a\\nb\": 1\n")));
}

TEST(other_mistakes_are_found_too)
{
    for (const auto* text : {"", "[]", "providers: []", "providers: {}", "providers:\n  - a\n", "providers:\n  - {}\n", "{providers: [",
                             "currency: usd\nproviders:\n  - {name: a, kind: openai, model: m}\n",
                             "providers:\n  - {name: a, kind: compatible, model: m}\n",
                             "providers:\n  - {name: other, kind: openai, model: m}\n",
                             "providers:\n  - {name: A b, kind: openai, model: m}\n",
                             "providers:\n  - {name: a, kind: openai, model: 7}\n",
                             "providers:\n  - {name: a, kind: openai, model: \"a b\"}\n"})
        CHECK(!complaint(text).empty());
    for (const auto* line : {"url: ftp://x\n", "url: https://me:pw@x\n", "url: https://x/?k=v\n", "order: -1\n", "retries: 11\n",
                             "key_file: key\n", "key_file: /nowhere/key\n", "price: 3\n", "price: {input: 1}\n", "max_tokens: many\n"})
        CHECK(!complaint(one("    "s + line)).empty());
    std::string many = "providers:\n";
    for (int i = 0; i < 33; ++i)
        many += "  - {name: a" + std::to_string(i) + ", kind: openai, model: m}\n";
    CHECK(!complaint(many).empty());
}

TEST(a_key_stands_in_a_file_of_its_own)
{
    const test::ScratchFolder folder;
    const auto text = one("    key_file: " + key_file(folder) + "\n");
    CHECK_EQUAL("sk-1"s, std::string{parsed(text).all[0].key->reveal()});
    CHECK(!complaint(one("    key_file: " + key_file(folder, "") + "\n")).empty());
}

TEST(production_wants_keys_that_nobody_else_reads_and_no_key_in_clear)
{
    const test::ScratchFolder folder;
    const auto production = config({{"FORGE_ENV", "production"}});
    const std::string open = one("    key_file: " + key_file(folder, "sk-1", 0644) + "\n");
    CHECK(complaint(open, production).find("its group or others may read it: chmod 0600") != std::string::npos);
    CHECK_EQUAL(""s, complaint(open));
    ::chmod((folder / "key").c_str(), 0600);
    CHECK_EQUAL(""s, complaint(open, production));
    const std::string clear = open + "    url: http://models.example/v1\n";
    CHECK(complaint(clear, production).find("in clear") != std::string::npos);
    CHECK_EQUAL(""s, complaint(open + "    url: http://127.0.0.1:8000/v1\n", production));
}

TEST(a_key_of_the_settings_goes_to_its_own_address_only)
{
    const auto settings = config({{"OPENAI_API_KEY", "k1"}, {"ANTHROPIC_API_KEY", "k2"}, {"OPENROUTER_API_KEY", "k3"}});
    const auto key = [&](const std::string& rest) {
        return std::string{parsed("providers:\n  - {name: a, model: m, " + rest + "}\n", settings).all[0].key->reveal()};
    };
    CHECK_EQUAL("k1"s, key("kind: openai"));
    CHECK_EQUAL("k2"s, key("kind: anthropic"));
    CHECK_EQUAL("k3"s, key("kind: openrouter"));
    CHECK_EQUAL(""s, key("kind: openai, url: \"https://elsewhere.example/v1\""));
    CHECK_EQUAL(""s, key("kind: compatible, url: \"https://api.openai.com/v1\""));
    CHECK_EQUAL(""s, key("kind: ollama"));
}

TEST(the_example_that_we_ship_is_good_but_for_its_keys)
{
    const std::string text = read_file("config/providers.yaml");
    const test::ScratchFolder folder;
    std::string with_keys = replace_all(text, "/etc/vaultmesh-forge/openai.key", key_file(folder));
    with_keys = replace_all(with_keys, "/etc/vaultmesh-forge/anthropic.key", key_file(folder));
    CHECK_EQUAL(std::size_t{5}, parsed(with_keys, config({{"FORGE_ENV", "production"}})).all.size());
}

TEST(without_a_file_the_environment_names_the_providers)
{
    const auto names = [](std::map<std::string, std::string> values) {
        values.emplace("FORGE_PROVIDERS_PATH", "");
        std::string text;
        const SharedTargets targets = targets_of(config(values));
        for (const Target& target : targets->all)
            text += target.name + " " + target.model + " " + target.url + " " + std::string{target.key->reveal()} + ";";
        return text;
    };
    CHECK_EQUAL("openai m https://api.openai.com/v1 k;"s, names({{"MODEL", "m"}, {"OPENAI_API_KEY", "k"}}));
    CHECK_EQUAL("openai m http://127.0.0.1:8000/v1 ;"s, names({{"MODEL", "m"}, {"OPENAI_BASE_URL", "http://127.0.0.1:8000/v1/"}}));
    CHECK_EQUAL("anthropic m https://api.anthropic.com k;"s, names({{"MODEL", "m"}, {"ANTHROPIC_API_KEY", "k"}}));
    CHECK_EQUAL("openai m https://api.openai.com/v1 k;"s,
                names({{"MODEL", "m"}, {"OPENAI_API_KEY", "k"}, {"ANTHROPIC_API_KEY", "j"}}));
    CHECK_EQUAL("openai m https://api.openai.com/v1 k;openrouter r https://openrouter.ai/api/v1 j;"s,
                names({{"MODEL", "m"}, {"OPENAI_API_KEY", "k"}, {"OPENROUTER_API_KEY", "j"}, {"OPENROUTER_MODEL", "r"}}));
    for (const auto& [host, url] : {std::pair{"gpu", "http://gpu:11434"}, {"gpu:1", "http://gpu:1"}, {"[::1]", "http://[::1]:11434"},
                                    {"[::1]:1", "http://[::1]:1"}, {"https://gpu/", "https://gpu"}})
        CHECK_EQUAL("ollama m "s + url + " ;", names({{"MODEL", "m"}, {"OLLAMA_HOST", host}}));
    CHECK_THROWS(ConfigError, names({{"MODEL", "m"}}));
    CHECK_THROWS(ConfigError, names({{"OPENAI_API_KEY", "k"}}));
}

TEST(openrouter_s_headers_come_from_the_settings)
{
    const auto settings = config({{"MODEL", "m"}, {"OPENROUTER_API_KEY", "k"}, {"OPENROUTER_REFERER", "https://forge.example"}});
    const auto headers = targets_of(settings)->all.at(0).headers;
    CHECK(headers == (std::vector<std::pair<std::string, std::string>>{{"http-referer", "https://forge.example"},
                                                                       {"x-title", "VaultMesh Forge"}}));
}

TEST(a_file_that_was_named_must_be_there)
{
    const test::ScratchFolder folder;
    const auto settings = config({{"FORGE_PROVIDERS_PATH", folder / "none.yaml"}, {"MODEL", "m"}, {"OPENAI_API_KEY", "k"}});
    CHECK_THROWS(ConfigError, targets_of(settings));
    write_file_durably(folder / "none.yaml", one(""));
    CHECK_EQUAL("a"s, targets_of(settings)->all.at(0).name);
    CHECK(!live_targets(settings));   // it is offline
}

TEST(a_reload_says_which_keys_and_whether_the_file_changed)
{
    const test::ScratchFolder folder;
    const std::string text = one("    key_file: " + key_file(folder) + "\n");
    const Secret key{"digest key"s};
    const auto read = [&](const std::string& what) { return std::make_shared<const Targets>(parsed(what)); };
    const SharedTargets before = read(text);
    CHECK(changes(before, read(text), key).empty());
    static_cast<void>(key_file(folder, "sk-2"));
    const auto rotated = changes(before, read(text), key);
    CHECK_EQUAL(std::size_t{1}, rotated.size());
    CHECK_EQUAL("providers.a"s, rotated[0].name);
    CHECK(rotated[0].before.starts_with("hmac-sha256:") && rotated[0].before != rotated[0].after);
    const auto edited = changes(before, read(text + "    weight: 2\n"), key);
    CHECK_EQUAL("providers"s, edited.at(0).name);
    CHECK_EQUAL(before->digest, edited.at(0).before);
    CHECK_EQUAL(""s, changes(nullptr, before, key).at(0).before);
}
