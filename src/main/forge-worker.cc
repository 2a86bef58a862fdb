// forge-worker: answers requests that nginx passes over FastCGI.
#include "api/worker.h"
#include "base/error.h"
#include "base/log.h"
#include "base/options.h"
#include "config/current.h"
#include "lib/journal.h"
#include "os/secret_memory.h"
#include "os/signals.h"
#include "os/socket.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace forge {

namespace {

constexpr Option options[] = {
    {"--instance", "NAME", "what metrics and records call this worker (default: its process id)"},
    {"--socket", "PATH", "listen there instead of on descriptor 0"},
    {"--dir", "DIR", "started by forge dev for this folder: it may be debugged"},
    {"--help", "", "show this"},
};

Fd listener(const Arguments& arguments)
{
    if (arguments.has("--socket"))
        return listen_local(arguments.value("--socket"), SOCK_STREAM, 4096);
    Fd socket = inherited_listener(SOCK_STREAM);
    if (!socket)
        throw UsageError("descriptor 0 is no listening socket; use --socket PATH");
    return socket;
}

void raise_file_limit()
{
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
}

int serve_requests(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    CurrentConfig settings{std::make_shared<const Config>(system_settings(), worker)};
    settings.get()->check();
    leave_no_core(arguments.has("--dir") || !settings.get()->is_production());
    raise_file_limit();
    const Fd socket = listener(arguments);
    serve_as_worker(settings, socket.get(), arguments.value("--instance", std::to_string(::getpid())));
    return EXIT_SUCCESS;
}

constexpr Command command = {"", "", "answer requests on a FastCGI socket", options, serve_requests};

int run(const std::vector<std::string>& words)
{
    const Arguments arguments{options, words};
    if (!arguments.has("--help"))
        return command.run(arguments);
    std::cout << help_of("forge-worker", command);
    return EXIT_SUCCESS;
}

}

}

int main(int argc, char** argv)
try {
    forge::name_log("forge-worker");
    forge::systemd::log_to_journal();
    forge::block_signals();
    return forge::run({argv + 1, argv + argc});
} catch (const forge::UsageError& error) {
    std::cerr << "forge-worker: " << error.what() << '\n';
    return forge::exit_usage;
} catch (const forge::ConfigError& error) {
    std::cerr << "forge-worker: " << error.what() << '\n';
    return forge::exit_config;
} catch (const std::exception& error) {
    std::cerr << "forge-worker: " << forge::describe(error) << '\n';
    return EXIT_FAILURE;
}
