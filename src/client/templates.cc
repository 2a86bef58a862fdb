// "forge templates": what can be run.
#include <iostream>

#include "base/text.h"
#include "client/commands.h"
#include "client/report.h"
#include "client/server.h"
#include "client/terminal.h"

namespace forge {

namespace {

constexpr Option options_table[] = {json_option, url_option};

}

const std::span<const Option> templates_options = options_table;

int list_templates(const Arguments& arguments)
{
    arguments.expect_operands(0, 1);
    Server server = Server::of(arguments);
    const std::string filter = arguments.operands().empty() ? "" : "&filter=" + url_encode(arguments.operands().front());
    Json all = Json::array();
    for (std::string cursor, next = "start"; !next.empty(); cursor = "&cursor=" + url_encode(next)) {
        const WebAnswer page = server.get("/v1/api/templates?limit=200" + filter + cursor);
        for (const Json& item : parse_json(page.body).items())
            all.append(item);
        const auto header = page.headers.find("x-next-cursor");
        next = header != page.headers.end() ? header->second : "";
    }
    if (arguments.has("--json")) {
        std::cout << dump_pretty(all) << '\n';
        return 0;
    }
    std::vector<std::vector<std::string>> rows;
    for (const Json& item : all.items())
        rows.push_back({shown(item["id"].as_text()), shown(item["version"].as_text()), shown(item["description"].as_text())});
    print_table(std::cout, rows);
    if (rows.empty())
        std::cerr << "no templates" << (filter.empty() ? "" : " match") << '\n';
    return 0;
}

}
