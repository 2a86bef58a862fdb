// "forge ledger tail": the last runs, and those that come.
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "base/text.h"
#include "client/commands.h"
#include "client/report.h"
#include "client/server.h"
#include "client/terminal.h"

namespace forge {

namespace {

constexpr Option options_table[] = {
    {"-n", "N", "how many (default: 10, at most 500)"},
    {"--follow", "", "go on with those that come, until Ctrl-C"},
    json_option,
    url_option,
};

// Newest first as the server gives them; here oldest first, as a log is read.
std::vector<Json> newest(Server& server, long count)
{
    std::vector<Json> rows = server.get_json("/v1/api/ledger/events?limit=" + std::to_string(count))["rows"].items();
    std::ranges::reverse(rows);
    return rows;
}

std::string text_of_row(const Json& row)
{
    const std::string status = shown(row["status"].as_text());
    std::string text = shown(row["ts"].as_text()) + "  " + shown(row["id"].as_text()) + "  "
                       + toned(status == "ok" ? Tone::green : Tone::yellow, status) + "  " + shown(row["template"].as_text());
    if (const auto actor = row["actor"].as_text(); !actor.empty())
        text += "  " + shown(actor);
    return text;
}

void print_rows(const std::vector<Json>& rows, bool as_json, std::set<std::string>& seen)
{
    for (const Json& row : rows)
        if (seen.insert(std::string{row["id"].as_text()} + " " + std::string{row["status"].as_text()}).second)
            std::cout << (as_json ? dump(row) : text_of_row(row)) << std::endl;
}

}

const std::span<const Option> ledger_tail_options = options_table;

int tail_ledger(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    Server server = Server::of(arguments);
    std::set<std::string> seen;
    print_rows(newest(server, arguments.number("-n", 10, 1, 500)), arguments.has("--json"), seen);
    while (arguments.has("--follow")) {
        ::sleep(1);
        const std::vector<Json> rows = newest(server, 500);
        print_rows(rows, arguments.has("--json"), seen);
        if (seen.size() > 10'000) {   // only what can come again has to be known
            seen.clear();
            for (const Json& row : rows)
                seen.insert(std::string{row["id"].as_text()} + " " + std::string{row["status"].as_text()});
        }
    }
    return 0;
}

}
