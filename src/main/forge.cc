// forge: the command line.  One table of commands; a longer name "forge a b" may also be a program forge-a-b.
#include <iostream>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/options.h"
#include "ops/dev.h"

namespace forge {

namespace {

const Command commands[] = {
    {"dev", "", "start the whole system in one folder, for development, tests and a first look", dev_options, dev},
};

int run(const std::vector<std::string>& words)
{
    const Command* const command = find_command(commands, words);
    if (command == nullptr)
        throw UsageError("unknown command; see forge --help");
    const auto rest = std::span{words}.subspan(word_count(command->name));
    return command->run({command->options, rest});
}

}

}

int main(int argc, char** argv)
try {
    return forge::run({argv + 1, argv + argc});
} catch (const forge::UsageError& error) {
    std::cerr << "forge: " << error.what() << '\n';
    return forge::exit_usage;
} catch (const forge::ConfigError& error) {
    std::cerr << "forge: " << error.what() << '\n';
    return forge::exit_config;
} catch (const std::exception& error) {
    std::cerr << "forge: " << forge::describe(error) << '\n';
    return EXIT_FAILURE;
}
