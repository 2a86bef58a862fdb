// "forge usage": what runs used and cost, summed up from the rows that the server shows to this caller.
#include <iostream>
#include <map>

#include "base/text.h"
#include "client/commands.h"
#include "client/report.h"
#include "client/server.h"
#include "client/terminal.h"
#include "llm/price.h"

namespace forge {

namespace {

constexpr Option options_table[] = {
    {"--by", "WHAT", "template (the default), actor, profile or day"},
    {"--since", "TIME", "runs since then: 2026-11-01, or with a time of day"},
    {"--until", "TIME", "runs before then"},
    json_option,
    url_option,
};

struct Sum {
    std::int64_t runs = 0;
    std::int64_t input_tokens = 0;
    std::int64_t output_tokens = 0;
    std::map<std::string, Cost> costs{};   // by currency

    void add(const Json& usage)
    {
        ++runs;
        input_tokens += usage["input_tokens"].as_integer();
        output_tokens += usage["output_tokens"].as_integer();
        const Json cost = usage["cost"];
        if (const auto pico = parse_pico(cost["amount"].as_text())) {
            const std::string currency{cost["currency"].as_text()};
            costs.try_emplace(currency, Cost{0, currency}).first->second += Cost{*pico, currency};
        }
    }
    std::string cost_text() const
    {
        std::vector<std::string> texts;
        for (const auto& [currency, cost] : costs)
            texts.push_back(cost.amount() + " " + currency);
        return join(texts, " + ");
    }
    Json json(const std::string& name) const
    {
        Json list = Json::array();
        for (const auto& [currency, cost] : costs)
            list.append(Json::object({{"amount", cost.amount()}, {"currency", currency}}));
        return Json::object({{"name", name}, {"runs", runs}, {"input_tokens", input_tokens}, {"output_tokens", output_tokens}, {"costs", list}});
    }
};

// An actor who may not be seen is "-".
std::string name_of(const Json& row, const std::string& by)
{
    constexpr std::size_t day_length = 10;
    const std::string name{by == "day" ? row["ts"].as_text().substr(0, day_length) : row[by].as_text()};
    return name.empty() ? "-" : name;
}

std::map<std::string, Sum> sums_of(Server& server, const std::string& query, const std::string& by)
{
    std::map<std::string, Sum> sums;
    std::string cursor;
    do {
        const Json page = server.get_json("/v1/api/executions?limit=500" + query + (cursor.empty() ? "" : "&cursor=" + url_encode(cursor)));
        for (const Json& row : page["rows"].items())
            if (row["usage"].is_object())   // it has ended
                sums[name_of(row, by)].add(row["usage"]);
        cursor = page["next"].as_text();
    } while (!cursor.empty());
    return sums;
}

}

const std::span<const Option> usage_options = options_table;

int show_usage(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    const std::string by = arguments.value("--by", "template");
    if (by != "template" && by != "actor" && by != "profile" && by != "day")
        throw UsageError("--by takes template, actor, profile or day");
    std::string query;
    for (const char* const name : {"since", "until"})
        if (const std::string time = arguments.value(std::string{"--"} + name, ""); !time.empty())
            query += std::string{"&"} + name + "=" + url_encode(time);
    Server server = Server::of(arguments);
    const auto sums = sums_of(server, query, by);
    Json list = Json::array();
    std::vector<std::vector<std::string>> rows{{by, "runs", "input", "output", "cost"}};
    for (const auto& [name, sum] : sums) {
        list.append(sum.json(name));
        rows.push_back({shown(name), std::to_string(sum.runs), std::to_string(sum.input_tokens), std::to_string(sum.output_tokens),
                        shown(sum.cost_text())});
    }
    if (arguments.has("--json"))
        std::cout << dump_pretty(list) << '\n';
    else
        print_table(std::cout, rows);
    return 0;
}

}
