// forge-catalog-index: keeps the index of the catalog, which the workers map.
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/options.h"
#include "catalog/indexer.h"
#include "config/config.h"
#include "lib/journal.h"

namespace forge {

namespace {

constexpr Option options[] = {
    {"--once", "", "bring the index up to date and exit"},
    {"--dir", "DIR", "means nothing; names the installation in lists of processes"},
    {"--help", "", "show this"},
};

int serve(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    const Config config{system_settings(), indexer};
    config.check();
    Indexer indexer{config.catalog_root, config.cache_dir};
    if (arguments.has("--once")) {
        indexer.update();
        return EXIT_SUCCESS;
    }
    // An index appears by rename, so the process can end at any moment.
    for (const int stop : {SIGTERM, SIGINT})
        std::signal(stop, [](int) { std::_Exit(EXIT_SUCCESS); });
    std::signal(SIGHUP, SIG_IGN);
    indexer.serve();
}

constexpr Command command = {"", "", "keep the index of the catalog that VMESH_CATALOG_ROOT names", options, serve};

int run(const std::vector<std::string>& words)
{
    const Arguments arguments{options, words};
    if (!arguments.has("--help"))
        return command.run(arguments);
    std::cout << help_of("forge-catalog-index", command);
    return EXIT_SUCCESS;
}

}

}

int main(int argc, char** argv)
try {
    forge::name_log("forge-catalog-index");
    forge::systemd::log_to_journal();
    return forge::run({argv + 1, argv + argc});
} catch (const forge::UsageError& error) {
    std::cerr << "forge-catalog-index: " << error.what() << '\n';
    return forge::exit_usage;
} catch (const forge::ConfigError& error) {
    std::cerr << "forge-catalog-index: " << error.what() << '\n';
    return forge::exit_config;
} catch (const std::exception& error) {
    std::cerr << "forge-catalog-index: " << forge::describe(error) << '\n';
    return EXIT_FAILURE;
}
