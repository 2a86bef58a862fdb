// Who answers for the guardian.
#include "guardian/mode.h"

#include "base/text.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace forge {

namespace {

bool is_program(const std::string& path)
{
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

}

std::string program_on_path(const std::string& name)
{
    if (name.find('/') != std::string::npos)
        return is_program(name) ? name : std::string{};
    const char* const path = std::getenv("PATH");
    for (const auto folder : split(path ? path : "", ':'))
        if (const std::string program = std::string{folder} + "/" + name; is_program(program))
            return program;
    return {};
}

Guardian::Guardian(const CurrentConfig& settings) : settings_(settings)
{
    check();
}

GuardianState Guardian::state() const
{
    return *state_.access();
}

GuardianState Guardian::found() const
{
    const auto config = settings_.get();
    if (config->guardian_mode == GuardianMode::stub)
        return {.is_agent = false, .reason = "configured", .since = {}};
    if (program_on_path(config->guardian_agent).empty())
        return {.is_agent = false, .reason = "agent_not_found", .since = {}};
    return {.is_agent = false, .reason = "handshake_failed", .since = {}};   // no protocol is spoken with agents yet
}

bool Guardian::check()
{
    GuardianState now = found();
    now.since = wall_now();
    auto state = state_.access();
    if (state->since != WallTime{} && *state == now)
        return false;
    *state = now;
    return true;
}

}
