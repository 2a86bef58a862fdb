// forge: the command line.  One table of commands; "forge a b c" may also be the program forge-a-b-c.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/options.h"
#include "base/text.h"
#include "client/commands.h"
#include "client/completion.h"
#include "client/server.h"
#include "ops/dev.h"
#include "ops/doctor.h"
#include "ops/reload.h"
#include "os/file.h"
#include "os/process.h"

namespace forge {

namespace {

int complete(const Arguments& arguments);

const Command commands[] = {
    {"run", "TEMPLATE", "run a template and print its result", run_options, run_template},
    {"templates", "[FILTER]", "list what can be run", templates_options, list_templates},
    {"ledger tail", "", "show the last runs in the ledger", ledger_tail_options, tail_ledger},
    {"usage", "", "sum up the tokens and the cost of runs", usage_options, show_usage},
    {"status", "", "say how the server is", status_options, show_status},
    {"login", "", "get a token for a server from its issuer, by a code that you enter in a browser", login_options, login},
    {"token", "", "get a token for a machine, with its client credentials", token_options, client_token},
    {"smoke", "", "try a server: health, a run, its record and its receipt", smoke_options, smoke_test},
    {"settings", "", "show the settings of this machine and where they come from", settings_options, show_settings},
    {"doctor", "", "find out why tokens are refused, and what to do about it", doctor_options, doctor},
    {"reload", "", "have the processes of this machine read settings, secrets and roles again", reload_options, reload},
    {"dev", "", "start the whole system in one folder, for development, tests and a first look", dev_options, dev},
    {"completion", "bash", "print the completion for a shell", {}, complete},
};

std::string own_folder()
{
    return own_program().substr(0, own_program().rfind('/'));
}

// "catalog-lint" for forge-catalog-lint, as far as they are installed with this one; servers have names of one word.
std::vector<std::string> programs()
{
    constexpr std::string_view prefix = "forge-";
    std::set<std::string> names;
    for (const auto& folder : {own_folder(), own_folder() + "/../sbin"})
        for (const auto& name : names_if_any(folder))
            if (name.starts_with(prefix) && name.find('-', prefix.size()) != name.npos && find_program(name, folder))
                names.insert(name.substr(prefix.size()));
    return {names.begin(), names.end()};
}

int complete(const Arguments& arguments)
{
    arguments.expect_operands(1, 1);
    if (arguments.operands().front() != "bash")
        throw UsageError("there is a completion for bash only");
    std::cout << bash_completion(commands, programs());
    return 0;
}

// Replaces this process by the program of the longest name, forge-a-b-c before forge-a-b; returns when there is none.
void run_program(const std::vector<std::string>& words)
{
    const char* const path = std::getenv("PATH");
    const std::string folders = own_folder() + ":" + own_folder() + "/../sbin:" + (path != nullptr ? path : "/usr/bin:/bin") + ":/usr/sbin";
    const auto is_option = [](const std::string& word) { return word.empty() || word[0] == '-' || word.find('/') != word.npos; };
    const auto names_end = std::ranges::find_if(words, is_option);
    for (auto end = names_end; end != words.begin(); --end) {
        const std::string name = "forge-" + join({words.begin(), end}, "-");
        if (const auto program = find_program(name, folders)) {
            std::vector<std::string> rest{end, words.end()};
            std::vector<char*> argv{const_cast<char*>(name.c_str())};
            std::ranges::transform(rest, std::back_inserter(argv), [](std::string& word) { return word.data(); });
            argv.push_back(nullptr);
            ::execv(program->c_str(), argv.data());
            throw errno_error("start " + *program);
        }
    }
}

void print_help()
{
    std::cout << "usage: forge COMMAND [options] …\n\n";
    for (const Command& command : commands) {
        std::string name{command.name};
        name.resize(std::max<std::size_t>(name.size() + 2, 14), ' ');
        std::cout << "  " << name << command.summary << '\n';
    }
    std::cout << "\n\"forge COMMAND --help\" tells its options; \"forge a b\" also runs the program forge-a-b, if there is one.\n";
}

int run(const std::vector<std::string>& words)
{
    if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
        print_help();
        return words.empty() ? exit_usage : 0;
    }
    if (words[0] == "--version") {
        std::cout << "forge " FORGE_VERSION << std::endl;
        return 0;
    }
    const Command* const command = find_command(commands, words);
    if (command == nullptr) {
        run_program(words);
        throw UsageError("unknown command " + words[0] + "; see forge --help");
    }
    const auto rest = std::span{words}.subspan(word_count(command->name));
    if (std::ranges::find(rest, "--help") != rest.end()) {
        std::cout << help_of("forge", *command);
        return 0;
    }
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
} catch (const forge::ServerRefusal& refusal) {
    std::cerr << "forge: " << refusal.what() << '\n';
    return refusal.code == "unreachable" ? forge::exit_unreachable : EXIT_FAILURE;
} catch (const std::exception& error) {
    std::cerr << "forge: " << forge::describe(error) << '\n';
    return EXIT_FAILURE;
}
