// "forge doctor": the steps of each part, as people or programs read them.
#include "ops/doctor.h"

#include <cstdlib>
#include <iostream>

#include "auth/discovery.h"
#include "base/error.h"
#include "base/text.h"
#include "ops/doctor_auth.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr Option options_table[] = {
    {"--auth", "", "tokens: issuer, keys, clock, role file, and the token in the file that FORGE_TOKEN_FILE names"},
    {"--json", "", "the steps as one JSON object"},
};
constexpr int exit_not_well = 2;

std::optional<std::string> given_token()
{
    const char* const path = std::getenv("FORGE_TOKEN_FILE");
    if (path == nullptr || *path == '\0')
        return std::nullopt;
    try {
        return std::string{trim(read_file(path, 64 * 1024))};
    } catch (const Error& error) {
        throw ConfigError("FORGE_TOKEN_FILE: " + std::string{error.what()});
    }
}

std::vector<CheckedStep> auth_steps(const Config& config)
{
    WebClient client;
    const auto get = [&](const std::string& url) {
        return client.send({.url = url, .headers = {{"Accept", "application/json"}}, .body = {}, .deadline = issuer_deadline,
                            .longest_answer = largest_issuer_answer, .progress = {}});
    };
    return AuthDoctor{config, get, given_token()}.steps();
}

}

const std::span<const Option> doctor_options = options_table;

int doctor(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    if (!arguments.has("--auth"))
        throw UsageError("say what to look at: forge doctor --auth");
    const Config config{system_settings(), command};
    config.check();
    const auto steps = auth_steps(config);
    if (arguments.has("--json"))
        std::cout << dump_pretty(json_of(steps)) << '\n';
    else
        for (const CheckedStep& step : steps)
            print_step(std::cout, step);
    return all_well(steps) ? 0 : exit_not_well;
}

}
