// Reading the file of providers.
#include "llm/provider_file.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "lib/crypto.h"
#include "lib/yaml_problems.h"
#include "llm/protocol.h"

namespace forge {

namespace {

constexpr std::size_t most_name_bytes = 32;
constexpr std::size_t most_model_bytes = 128;
constexpr long most_order = 1'000;
constexpr long most_weight = 1'000;
constexpr long most_retries = 10;
constexpr long most_tokens = 10'000'000;
constexpr Millis shortest_deadline{10};
constexpr Millis longest_deadline{3'600'000};

const std::set<std::string_view> target_keys{"name",   "kind",   "url",     "model",      "key_file", "order", "weight",
                                             "region", "price",  "retries", "max_tokens", "deadlines"};

bool is_name(std::string_view text)
{
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
    return !text.empty() && text.size() <= most_name_bytes && text.find_first_not_of(allowed) == text.npos && text != "other";
}

bool is_visible(std::string_view text, std::size_t most)
{
    return !text.empty() && text.size() <= most && std::ranges::all_of(text, [](unsigned char c) { return c > ' ' && c < 0x7f; });
}

bool is_currency(std::string_view text)
{
    return text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// Builds the targets from the file, and notes every problem with its place.
class Reader {
public:
    Reader(const YamlDocument& document, const std::string& name, const std::shared_ptr<const Config>& config)
        : document_(document), problems_(document, name), config_(config)
    {
    }

    Targets read()
    {
        const Json& root = document_.value();
        only("", root, {"currency", "providers"});
        if (const Json currency = root["currency"])
            targets_.currency = currency.as_text();
        if (!is_currency(targets_.currency))
            problem("/currency", "must be the three capital letters of a currency");
        const Json list = root["providers"];
        if (!list.is_array() || list.size() == 0 || list.size() > most_providers)
            problem("/providers", "must be a list of 1 to " + std::to_string(most_providers) + " providers");
        else
            for (std::size_t i = 0; i < list.size(); ++i)
                read_target("/providers/" + std::to_string(i), list.at(i), static_cast<long>(i) + 1);
        problems_.tell();
        std::ranges::stable_sort(targets_.all, {}, &Target::order);
        return std::move(targets_);
    }

private:
    void problem(const std::string& pointer, const std::string& what) { problems_.add(pointer, what); }
    void only(const std::string& pointer, const Json& map, const std::set<std::string_view>& names)
    {
        problems_.only(pointer, map, names);
    }

    /// A text that must be there.
    std::string text(const std::string& pointer, const Json& map, const char* key)
    {
        if (!map[key].is_string())
            problem(pointer + "/" + key, std::string{key} + " must be a text");
        return std::string{map[key].as_text()};
    }

    long number(const std::string& pointer, const Json& map, const char* key, long otherwise, long least, long most)
    {
        const Json value = map[key];
        if (!value)
            return otherwise;
        if (value.is_integer() && value.as_integer() >= least && value.as_integer() <= most)
            return static_cast<long>(value.as_integer());
        problem(pointer + "/" + key,
                std::string{key} + " must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
        return otherwise;
    }

    void deadline(const std::string& pointer, const Json& map, const char* key, Millis& to)
    {
        const Json value = map[key];
        if (!value)
            return;
        const auto time = parse_duration(value.as_text());
        if (time && *time >= shortest_deadline && *time <= longest_deadline)
            to = *time;
        else
            problem(pointer + "/" + key, std::string{key} + " must be a time from 10 ms to 1 hour, with its unit: 5 s");
    }

    std::int64_t micros(const std::string& pointer, const Json& map, const char* key)
    {
        const auto value = parse_micros(decimal_text(map[key]));
        if (!value)
            problem(pointer + "/" + key, std::string{key} + " must be a decimal number up to 10000 with at most 6 decimals");
        return value.value_or(0);
    }

    void read_target(const std::string& pointer, const Json& map, long place)
    {
        only(pointer, map, target_keys);
        if (!map.is_object())
            return;
        Target target{.name = text(pointer, map, "name"), .url = {}, .model = text(pointer, map, "model"), .key = {}};
        if (!is_name(target.name))
            problem(pointer + "/name", "name must be 1 to 32 of a-z, 0-9, \"-\", \"_\" and \".\", and not \"other\"");
        if (std::ranges::count(targets_.all, target.name, &Target::name) > 0)
            problem(pointer + "/name", "there is another provider \"" + target.name + "\"");
        if (!is_visible(target.model, most_model_bytes))
            problem(pointer + "/model", "model must be 1 to 128 visible characters");
        read_address(pointer, map, target);
        target.order = number(pointer, map, "order", place, 0, most_order);
        target.weight = number(pointer, map, "weight", 1, 1, most_weight);
        target.retries = number(pointer, map, "retries", config_->provider_retries, 0, most_retries);
        if (map["max_tokens"])
            target.most_tokens = number(pointer, map, "max_tokens", 1, 1, most_tokens);
        if (map["region"])
            target.region = text(pointer, map, "region");
        if (const Json price = map["price"]) {
            only(pointer + "/price", price, {"input", "output"});
            target.price = Price{micros(pointer + "/price", price, "input"), micros(pointer + "/price", price, "output")};
        }
        target.deadlines = provider_deadlines(*config_);
        if (const Json deadlines = map["deadlines"])
            read_deadlines(pointer + "/deadlines", deadlines, target.deadlines);
        targets_.all.push_back(std::move(target));
    }

    void read_deadlines(const std::string& pointer, const Json& map, HttpDeadlines& deadlines)
    {
        only(pointer, map, {"connect", "first_token", "idle", "total"});
        deadline(pointer, map, "connect", deadlines.connect);
        deadline(pointer, map, "first_token", deadlines.first_byte);
        deadline(pointer, map, "idle", deadlines.idle);
        deadline(pointer, map, "total", deadlines.total);
    }

    void read_address(const std::string& pointer, const Json& map, Target& target)
    {
        const Protocol* const protocol = protocol_named(text(pointer, map, "kind"));
        if (!protocol)
            return problem(pointer + "/kind", "kind must be one of " + protocol_names());
        target.kind = protocol->kind;
        target.headers = standard_headers(*config_, target.kind);
        target.url = map["url"] ? text(pointer, map, "url") : std::string{protocol->standard_url};
        while (target.url.ends_with('/'))
            target.url.pop_back();
        if (!is_http_url(target.url) || target.url.find_first_of("?#") != target.url.npos)
            problem(pointer + "/url", "url must be an http:// or https:// URL without a user name, \"?\" and \"#\"");
        read_key(pointer, map, target);
        const bool in_clear = target.url.starts_with("http://") && !is_loopback_url(target.url);
        if (config_->is_production() && in_clear && !target.key->empty())
            problem(pointer + "/url", "url must be https://: the key would travel in clear");
    }

    // A key of the settings goes to the address for which it was given, and to no other.
    void read_key(const std::string& pointer, const Json& map, Target& target)
    {
        target.key = map["url"] ? std::make_shared<const Secret>() : standard_key(config_, target.kind);
        if (!map["key_file"])
            return;
        const std::string path = text(pointer, map, "key_file");
        if (!path.starts_with('/'))
            return problem(pointer + "/key_file", "key_file must be an absolute path");
        try {
            SecretFile file = read_secret(path);
            if (config_->is_production() && file.is_exposed)
                problem(pointer + "/key_file", path + ": its group or others may read it: chmod 0600 " + path);
            if (file.secret.empty())
                problem(pointer + "/key_file", path + ": is empty");
            target.key = std::make_shared<const Secret>(std::move(file.secret));
        } catch (const Error& error) {
            problem(pointer + "/key_file", error.what());
        }
    }

    const YamlDocument& document_;
    YamlProblems problems_;
    const std::shared_ptr<const Config>& config_;
    Targets targets_;
};

}

Targets parse_providers(std::string_view text, const std::string& name, const std::shared_ptr<const Config>& config)
try {
    const YamlDocument document = parse_yaml(text, {.bytes = largest_providers_file});
    Targets targets = Reader{document, name, config}.read();
    targets.digest = sha256_digest(text);
    targets.total = config->total_deadline;
    return targets;
} catch (const YamlError& error) {
    throw ConfigError(describe(error, name));
}

}
