// Budgets: what the file may say, and the sums that follow a ledger.
#include "run/budget_sums.h"

#include "base/error.h"
#include "ledger/event_index.h"
#include "ledger/shards.h"
#include "os/file.h"
#include "os/lock.h"
#include "tests/unit/test.h"
#include "tlog/merkle.h"

#include <fstream>

using namespace forge;

namespace {

SharedTargets targets(bool with_price = true)
{
    auto made = std::make_shared<Targets>();
    Target target{.name = "one", .url = "http://127.0.0.1", .model = "m", .key = {}};
    if (with_price)
        target.price = Price{1, 2};
    made->all = {std::move(target)};
    made->currency = "EUR";
    return made;
}

std::string complaint(const std::string& text, const SharedTargets& with = targets())
{
    try {
        static_cast<void>(parse_budgets(text, "b.yaml", with));
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "";
}

WallTime at(const char* time)
{
    return *parse_rfc3339(time);
}

/// A ledger's shards and index of events, as forge-ledgerd leaves them.
class Ledger : public test::ScratchFolder {
public:
    Ledger() { make_folders(*this / "index"); }

    std::uint64_t add(WallTime when, const std::string& subject, const std::string& name, const std::string& usage)
    {
        const std::uint64_t seq = EventIndexWriter{*this / "index"}.size();
        const std::string id = "run-" + std::to_string(seq) + ".finished";
        const std::string event = R"({"status":"ok","template":{"id":")" + name + R"("},"usage":)" + usage + "}";
        const std::string line = R"({"actor":"x","event":)" + event + R"(,"id":")" + id + R"(","type":"run.finished"})";
        const std::string path = shard_path(this->path(), utc_day(when));
        const auto before = exists(path) ? read_file(path) : std::string{};
        replace_file(path, before + line + "\n");
        const auto day = std::chrono::floor<std::chrono::days>(when).time_since_epoch().count();
        CHECK(EventIndexWriter{*this / "index"}.append({.seq = seq, .day = static_cast<std::uint16_t>(day), .offset = before.size(),
            .length = line.size(), .ts = when, .key = short_hash(id), .type = "run.finished", .event = event,
            .leaf = leaf_hash(line), .subject = subject}));
        return seq;
    }
    void damage(WallTime when)
    {
        replace_file(shard_path(path(), utc_day(when)), "x");
    }
};

std::string used(int tokens, const std::string& amount, const std::string& currency = "EUR")
{
    return R"({"cost":{"amount":")" + amount + R"(","currency":")" + currency + R"("},"input_tokens":)" + std::to_string(tokens)
           + R"(,"output_tokens":1})";
}

const std::string alice(64, 'a');
const std::string bob(64, 'b');

const WallTime first = at("2026-11-01T00:00:00Z");
BudgetTable monthly()
{
    return parse_budgets("period: month\ncurrency: EUR\nsubjects: {default: {hard: 1}}", "b.yaml", targets());
}

/// "tokens amount"
std::string sum(const BudgetSums& sums, const BudgetPeriod& period, BudgetScope scope, const std::string& name)
{
    const auto spent = sums.spent(period, scope, name);
    return spent ? std::to_string(spent->tokens) + " " + Cost{spent->pico}.amount() : "none";
}

void follow_all(BudgetSums& sums, Events& events, const BudgetPeriod& period)
{
    while (sums.follow(events, period) != BudgetSums::Progress::done) {}
}

}

TEST(a_file_of_budgets_names_limits)
{
    const BudgetTable table = parse_budgets("period: day\ncurrency: EUR\n"
                                            "subjects:\n  default: {warn: 0.5, hard: \"1.25\"}\n  a/b: {hard_tokens: 5}\n"
                                            "templates: {t.one: {warn_tokens: 7}}\n", "b.yaml", targets());
    const BudgetLimits* const anybody = table.limits(BudgetScope::subject, "anybody");
    CHECK_EQUAL(std::int64_t{500'000'000'000}, *anybody->warn);
    CHECK_EQUAL(std::int64_t{1'250'000'000'000}, *anybody->hard);
    CHECK(!table.limits(BudgetScope::subject, "a/b")->hard);
    CHECK_EQUAL(std::int64_t{5}, *table.limits(BudgetScope::subject, "a/b")->hard_tokens);
    CHECK(!table.limits(BudgetScope::template_id, "t.one")->is_hard());
    CHECK(!table.limits(BudgetScope::template_id, "t.two"));
    CHECK(parse_budgets("period: day", "b.yaml", nullptr).digest.starts_with("sha256:"));
}

TEST(mistakes_in_budgets_have_their_place)
{
    const std::string money = "period: month\ncurrency: EUR\nsubjects: {default: ";
    CHECK_EQUAL("b.yaml:1:1: period must be day or month"s, complaint("subjects: {}"));
    CHECK_EQUAL("b.yaml:3:12: must have one of warn, hard, warn_tokens and hard_tokens"s, complaint(money + "{}}"));
    CHECK_EQUAL("b.yaml:3:22: warn must not be above hard"s, complaint(money + "{warn: 2, hard: 1}}"));
    CHECK_EQUAL("b.yaml:3:22: hard must be a decimal number up to 9000000 with at most 12 decimals"s, complaint(money + "{hard: -1}}"));
    CHECK_EQUAL("b.yaml:3:22: hard_tokens must be a whole number from 0 to 1000000000000000"s, complaint(money + "{hard_tokens: 1.5}}"));
    CHECK_EQUAL("b.yaml:3:22: \"soft\" is not known here"s, complaint(money + "{soft: 1}}"));
    CHECK_EQUAL("b.yaml:2:1: currency must be that of the providers, EUR"s,
                complaint("period: month\ncurrency: USD\nsubjects: {default: {hard: 1}}"));
    CHECK_EQUAL("b.yaml:2:1: budgets in money need prices, and no provider has one in providers.yaml"s,
                complaint(money + "{hard: 1}}", targets(false)));
    CHECK(complaint("period: month\nsubjects: {default: {hard: 1}}").ends_with("need their currency, that of providers.yaml"));
    CHECK_EQUAL(""s, complaint("period: month\nsubjects: {default: {hard_tokens: 1}}", targets(false)));
    CHECK(complaint("period: [").starts_with("b.yaml:1:"));
}

TEST(a_period_is_a_day_or_a_month_in_utc)
{
    BudgetTable table = monthly();
    const BudgetPeriod december = table.period(at("2026-12-31T23:59:59.999999Z"));
    CHECK_EQUAL("2026-12"s, december.name);
    CHECK(december.begin == at("2026-12-01T00:00:00Z") && december.end == at("2027-01-01T00:00:00Z"));
    table.is_monthly = false;
    const BudgetPeriod day = table.period(at("2028-02-29T00:00:00Z"));
    CHECK_EQUAL("2028-02-29"s, day.name);
    CHECK(day.begin == at("2028-02-29T00:00:00Z") && day.end == at("2028-03-01T00:00:00Z"));
}

TEST(sums_are_what_the_ledger_has_of_the_period)
{
    Ledger ledger;
    const BudgetPeriod november = monthly().period(first);
    ledger.add(first - Micros{1}, alice, "t", used(1000, "100"));
    ledger.add(first, alice, "t", used(10, "0.5"));
    ledger.add(first + Micros{1}, bob, "t", used(20, "0.000000000001"));
    ledger.add(first + Micros{2}, "", "u", used(30, "1"));                      // erased: of no subject any more
    ledger.add(first + Micros{3}, bob, "u", used(40, "7", "USD"));              // of other providers
    ledger.add(first + Micros{4}, bob, "u", R"({"input_tokens":0,"output_tokens":0})");
    Events events{ledger.path()};
    BudgetSums sums{ledger / "sums"};
    CHECK_EQUAL("none"s, sum(sums, november, BudgetScope::subject, alice));
    follow_all(sums, events, november);
    CHECK(sums.has(november, 6) && !sums.has(november, 7));
    CHECK_EQUAL("11 0.5"s, sum(sums, november, BudgetScope::subject, alice));
    CHECK_EQUAL("62 0.000000000001"s, sum(sums, november, BudgetScope::subject, bob));
    CHECK_EQUAL("32 0.500000000001"s, sum(sums, november, BudgetScope::template_id, "t"));
    CHECK_EQUAL("72 1"s, sum(sums, november, BudgetScope::template_id, "u"));
    CHECK_EQUAL("0 0"s, sum(sums, november, BudgetScope::subject, "nobody"));

    ledger.add(first + Micros{5}, alice, "t", used(10, "0.25"));
    BudgetSums other{ledger / "sums"};   // of another worker
    follow_all(other, events, november);
    follow_all(sums, events, november);
    CHECK_EQUAL("22 0.75"s, sum(sums, november, BudgetScope::subject, alice));
    CHECK(sums.first_warning(BudgetScope::subject, alice));
    CHECK(!other.first_warning(BudgetScope::subject, alice));
}

TEST(another_period_begins_from_the_ledger)
{
    Ledger ledger;
    BudgetTable table = monthly();
    const WallTime last = first + std::chrono::days{29};
    ledger.add(first, alice, "t", used(10, "0.5"));
    ledger.add(last, alice, "t", used(20, "0.25"));
    Events events{ledger.path()};
    BudgetSums sums{ledger / "sums"};
    follow_all(sums, events, table.period(last));
    CHECK_EQUAL("32 0.75"s, sum(sums, table.period(last), BudgetScope::subject, alice));
    const BudgetPeriod december = table.period(last + std::chrono::days{1});
    CHECK(!sums.has(december));
    follow_all(sums, events, december);
    CHECK_EQUAL("0 0"s, sum(sums, december, BudgetScope::subject, alice));
    table.is_monthly = false;
    follow_all(sums, events, table.period(last));
    CHECK_EQUAL("21 0.25"s, sum(sums, table.period(last), BudgetScope::subject, alice));
}

TEST(one_follows_at_a_time_and_who_dies_in_a_line_spoils_nothing)
{
    Ledger ledger;
    const BudgetPeriod november = monthly().period(first);
    for (int i = 0; i < 600; ++i)
        ledger.add(first + Micros{i}, alice, "t", used(1, "0.001"));
    Events events{ledger.path()};
    BudgetSums sums{ledger / "sums"};
    {
        const auto turn = FileLock::try_acquire(ledger / "sums.lock");
        CHECK(sums.follow(events, november) == BudgetSums::Progress::busy);
    }
    CHECK(sums.follow(events, november) == BudgetSums::Progress::more);
    CHECK_EQUAL("none"s, sum(sums, november, BudgetScope::subject, alice));   // the past is not all there yet
    follow_all(sums, events, november);
    CHECK_EQUAL("1200 0.6"s, sum(sums, november, BudgetScope::subject, alice));

    std::fstream file{ledger / "sums", std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(32).put(1).flush();   // as a process leaves it that dies while it adds a line
    follow_all(sums, events, november);
    CHECK_EQUAL("1200 0.6"s, sum(sums, november, BudgetScope::subject, alice));
}

TEST(a_line_that_is_missing_is_passed_over)
{
    Ledger ledger;
    const BudgetPeriod november = monthly().period(first);
    ledger.add(first, alice, "t", used(10, "0.5"));
    ledger.add(first + std::chrono::days{1}, alice, "t", used(20, "0.25"));
    ledger.damage(first);
    Events events{ledger.path()};
    BudgetSums sums{ledger / "sums"};
    follow_all(sums, events, november);
    CHECK_EQUAL("21 0.25"s, sum(sums, november, BudgetScope::subject, alice));
}

TEST(names_beyond_the_table_have_one_sum_together)
{
    Ledger ledger;
    const BudgetPeriod november = monthly().period(first);
    for (int i = 0; i < 20; ++i)
        ledger.add(first + Micros{i}, "", "t" + std::to_string(i), used(1, "1"));
    Events events{ledger.path()};
    BudgetSums sums{ledger / "sums", 8};
    follow_all(sums, events, november);
    CHECK_EQUAL("2 1"s, sum(sums, november, BudgetScope::template_id, "t0"));
    CHECK_EQUAL("26 13"s, sum(sums, november, BudgetScope::template_id, "t19"));   // 7 have a cell of their own
}
