// "forge status" and "forge settings": how a server is, and what this machine's settings are.
#include <iostream>

#include "client/commands.h"
#include "client/report.h"
#include "client/server.h"
#include "client/terminal.h"
#include "config/config.h"

namespace forge {

namespace {

constexpr Option status_table[] = {json_option, url_option};
constexpr Option settings_table[] = {{"--manual", "", "what each setting means, as a file to start from"}};

// 503 is an answer here: it says what is not ready.
Json readiness(Server& server)
try {
    return server.get_json("/v1/ready");
} catch (const ServerRefusal& refusal) {
    if (!refusal.answer["checks"].is_object())
        throw;
    return refusal.answer;
}

}

const std::span<const Option> status_options = status_table;
const std::span<const Option> settings_options = settings_table;

int show_status(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    Server server = Server::of(arguments);
    const Json health = server.get_json("/v1/health");
    const Json ready = readiness(server);
    const bool is_ready = ready["ok"].as_bool();
    if (arguments.has("--json")) {
        std::cout << dump_pretty(Json::object({{"health", health}, {"ready", ready}})) << '\n';
        return is_ready ? 0 : exit_not_ok;
    }
    std::cout << server.url() << ": " << shown(health["service"].as_text()) << ' ' << shown(health["version"].as_text())
              << ", " << shown(health["mode"].as_text()) << ", "
              << (is_ready ? toned(Tone::green, "ready") : toned(Tone::red, "not ready")) << '\n';
    std::vector<std::vector<std::string>> rows;
    for (const auto& [name, state] : ready["checks"].members())
        rows.push_back({"  " + shown(name), shown(state.as_text())});
    print_table(std::cout, rows);
    return is_ready ? 0 : exit_not_ok;
}

int show_settings(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    const Config config{system_settings()};
    if (arguments.has("--manual"))
        config.manual(std::cout);
    else
        config.print(std::cout);
    config.check();
    return 0;
}

}
