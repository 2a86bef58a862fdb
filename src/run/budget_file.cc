// Reading the file of budgets.
#include "run/budget_file.h"

#include "lib/crypto.h"
#include "lib/yaml_problems.h"
#include "os/file.h"

#include <algorithm>

namespace forge {

namespace {

constexpr std::size_t largest_file = 256 * 1024;
constexpr std::int64_t most_tokens = 1'000'000'000'000'000;
constexpr std::string_view standard_name = "default";

class Reader {
public:
    Reader(const YamlDocument& document, const std::string& name, const SharedTargets& targets)
        : root_(document.value()), problems_(document, name), targets_(targets)
    {
    }

    BudgetTable read()
    {
        problems_.only("", root_, {"period", "currency", "subjects", "templates"});
        const std::string_view period = root_["period"].as_text();
        if (period != "day" && period != "month")
            problems_.add("/period", "period must be day or month");
        table_.is_monthly = period == "month";
        read_all("/subjects", root_["subjects"], table_.subjects);
        read_all("/templates", root_["templates"], table_.templates);
        if (root_["currency"] || is_in_money_)
            check_currency();
        problems_.tell();
        return std::move(table_);
    }

private:
    void read_all(const std::string& pointer, const Json& map, BudgetTable::Limited& to)
    {
        if (!map)
            return;
        if (!map.is_object())
            problems_.add(pointer, "must be a map");
        for (const auto& [name, value] : map.members()) {
            const BudgetLimits limits = read_limits(pointer + "/" + pointer_step(name), value);
            if (name == standard_name)
                to.standard = limits;
            else
                to.named.emplace(name, limits);
        }
    }

    BudgetLimits read_limits(const std::string& pointer, const Json& map)
    {
        problems_.only(pointer, map, {"warn", "hard", "warn_tokens", "hard_tokens"});
        const BudgetLimits limits{.warn = money(pointer, map, "warn"),
                                  .hard = money(pointer, map, "hard"),
                                  .warn_tokens = tokens(pointer, map, "warn_tokens"),
                                  .hard_tokens = tokens(pointer, map, "hard_tokens")};
        if (map.is_object() && map.size() == 0)
            problems_.add(pointer, "must have one of warn, hard, warn_tokens and hard_tokens");
        if (limits.warn && limits.hard && *limits.warn > *limits.hard)
            problems_.add(pointer + "/warn", "warn must not be above hard");
        if (limits.warn_tokens && limits.hard_tokens && *limits.warn_tokens > *limits.hard_tokens)
            problems_.add(pointer + "/warn_tokens", "warn_tokens must not be above hard_tokens");
        is_in_money_ = is_in_money_ || limits.is_in_money();
        return limits;
    }

    std::optional<std::int64_t> money(const std::string& pointer, const Json& map, const char* key)
    {
        if (!map[key])
            return std::nullopt;
        const auto amount = parse_pico(decimal_text(map[key]));
        if (!amount)
            problems_.add(pointer + "/" + key, std::string{key} + " must be a decimal number up to 9000000 with at most 12 decimals");
        return amount.value_or(0);
    }

    std::optional<std::int64_t> tokens(const std::string& pointer, const Json& map, const char* key)
    {
        const Json value = map[key];
        if (!value)
            return std::nullopt;
        if (value.is_integer() && value.as_integer() >= 0 && value.as_integer() <= most_tokens)
            return value.as_integer();
        problems_.add(pointer + "/" + key, std::string{key} + " must be a whole number from 0 to " + std::to_string(most_tokens));
        return 0;
    }

    // A budget that nothing can ever be charged to would look like one.
    void check_currency()
    {
        table_.currency = root_["currency"].as_text();
        if (table_.currency.empty())
            return problems_.add("/currency", "budgets in money need their currency, that of providers.yaml");
        if (!targets_)
            return;
        if (table_.currency != targets_->currency)
            problems_.add("/currency", "currency must be that of the providers, " + targets_->currency);
        if (is_in_money_ && std::ranges::none_of(targets_->all, [](const Target& target) { return target.price.has_value(); }))
            problems_.add("/currency", "budgets in money need prices, and no provider has one in providers.yaml");
    }

    const Json root_;
    YamlProblems problems_;
    const SharedTargets& targets_;
    BudgetTable table_;
    bool is_in_money_ = false;
};

}

std::string_view name_of(BudgetScope scope)
{
    return scope == BudgetScope::subject ? "subject" : "template";
}

BudgetPeriod BudgetTable::period(WallTime now) const
{
    const auto day = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date{day};
    if (!is_monthly)
        return {utc_day(now), day, day + std::chrono::days{1}, currency};
    const auto month = date.year() / date.month();
    constexpr std::size_t month_digits = 7;
    return {utc_day(now).substr(0, month_digits), std::chrono::sys_days{month / 1},
            std::chrono::sys_days{(month + std::chrono::months{1}) / 1}, currency};
}

const BudgetLimits* BudgetTable::limits(BudgetScope scope, std::string_view name) const
{
    const Limited& all = scope == BudgetScope::subject ? subjects : templates;
    if (const auto found = all.named.find(name); found != all.named.end())
        return &found->second;
    return all.standard ? &*all.standard : nullptr;
}

BudgetTable parse_budgets(std::string_view text, const std::string& name, const SharedTargets& targets)
try {
    const YamlDocument document = parse_yaml(text, {.bytes = largest_file});
    BudgetTable table = Reader{document, name, targets}.read();
    table.digest = sha256_digest(text);
    return table;
} catch (const YamlError& error) {
    throw ConfigError(describe(error, name));
}

SharedBudgets budgets_of(const Config& config, const SharedTargets& targets)
{
    const std::string& path = config.budgets_path;
    if (!exists(path) && !config.is_given("FORGE_BUDGETS_PATH"))
        return nullptr;
    std::string text;
    try {
        text = read_file(path, largest_file);
    } catch (const Error& error) {
        throw ConfigError(std::string{"FORGE_BUDGETS_PATH: "} + error.what());
    }
    return std::make_shared<const BudgetTable>(parse_budgets(text, path, targets));
}

std::vector<Change> changes(const SharedBudgets& before, const SharedBudgets& after)
{
    const std::string old_digest = before ? before->digest : "";
    const std::string new_digest = after ? after->digest : "";
    return old_digest == new_digest ? std::vector<Change>{} : std::vector<Change>{{"budgets", old_digest, new_digest}};
}

}
