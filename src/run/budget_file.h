// The file of budgets, budgets.yaml (config/budgets.yaml is an example with every key explained).
#pragma once

#include "config/reload.h"
#include "llm/target.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// Money in pico (llm/price.h).  What is absent is not limited.
struct BudgetLimits {
    std::optional<std::int64_t> warn{};
    std::optional<std::int64_t> hard{};
    std::optional<std::int64_t> warn_tokens{};
    std::optional<std::int64_t> hard_tokens{};

    bool is_in_money() const { return warn || hard; }
    bool is_in_tokens() const { return warn_tokens || hard_tokens; }
    bool is_hard() const { return hard || hard_tokens; }
};

enum class BudgetScope { subject, template_id };
std::string_view name_of(BudgetScope scope);   // "subject", "template"

/// The time for which sums are made, in UTC, and the currency of their money.
struct BudgetPeriod {
    std::string name;       // "2026-11" or "2026-11-28"
    WallTime begin;
    WallTime end;           // not included
    std::string currency;
};

/// Made once, never changed.
struct BudgetTable {
    bool is_monthly = true;
    std::string currency;   // empty where no budget is in money
    struct Limited {
        std::optional<BudgetLimits> standard{};
        std::map<std::string, BudgetLimits, std::less<>> named{};
    };
    Limited subjects;       // by the token's `sub`
    Limited templates;      // by id
    std::string digest;     // "sha256:…" of the file's bytes

    BudgetPeriod period(WallTime now) const;
    /// Null where it has no budget.
    const BudgetLimits* limits(BudgetScope scope, std::string_view name) const;
};
using SharedBudgets = std::shared_ptr<const BudgetTable>;

/// FORGE_BUDGETS_PATH; null where there is no such file and none was asked for.  `targets`: the providers that are to hold
/// with them, whose currency and prices must fit.  Throws ConfigError with one line "file:line:column: …" for each problem.
SharedBudgets budgets_of(const Config& config, const SharedTargets& targets);
BudgetTable parse_budgets(std::string_view text, const std::string& name, const SharedTargets& targets);

/// What a reload changed: "budgets", or nothing.
std::vector<Change> changes(const SharedBudgets& before, const SharedBudgets& after);

}
