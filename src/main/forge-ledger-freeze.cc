// forge-ledger-freeze: ends a ledger, and begins the one that follows it.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "client/ledger_tool.h"
#include "config/config.h"
#include "ledger/engine.h"
#include "ledger/rights.h"
#include "os/file.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"

namespace forge {

namespace {

constexpr const char* program = "forge-ledger-freeze";

constexpr Option options[] = {
    {"--reason", "TEXT", "why; stands in the last line"},
    {"--successor", "DIR", "make the ledger that follows in this folder; the old one may be frozen already"},
    {"--origin", "NAME", "the successor's permanent name"},
    root_option,
    socket_option,
    json_option,
    help_option,
};

int freeze(const Arguments& arguments);
constexpr Command command{"", "", "end a ledger for good", options, freeze};

// Without links, "." and a "/" at the end, whether it is there or not.
std::filesystem::path place_of(const std::string& path)
{
    const auto place = std::filesystem::weakly_canonical(std::filesystem::absolute(path));
    return place.has_filename() ? place : place.parent_path();
}

// What could go wrong with the successor goes wrong before the old ledger has its last line.
void check_successor(const Arguments& arguments)
{
    namespace fs = std::filesystem;
    const std::string root = arguments.value("--successor");
    const std::string origin = arguments.value("--origin");
    if (origin.empty())
        throw UsageError("--origin: the successor's name is missing");
    if (!is_key_name(origin))
        throw UsageError("--origin " + origin + ": a log's name has no blanks and no +");
    const fs::path place = place_of(root);
    if (place == place_of(ledger_folder(arguments)))
        throw UsageError("--successor " + root + ": that is the ledger itself");
    if (exists(root + "/state/meta"))
        throw UsageError("--successor " + root + ": there is a ledger already");
    if (exists(root) && !fs::is_directory(root))
        throw UsageError("--successor " + root + ": no folder");
    if (exists(root) && !names_in(root).empty())
        throw UsageError("--successor " + root + " is not empty");
    if (!fs::is_directory(place.parent_path()))
        throw UsageError("--successor " + root + ": there is no folder " + place.parent_path().string());
    const std::string written = exists(root) ? place.string() : place.parent_path().string();
    if (::access(written.c_str(), W_OK | X_OK) != 0)
        throw errno_error("--successor " + root + ": write in " + written);
}

void check_arguments(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    if (arguments.has("--successor"))
        check_successor(arguments);
    else if (arguments.has("--origin"))
        throw UsageError("--origin: the name of a successor, without --successor DIR");
}

std::string frozen_note(const Arguments& arguments)
{
    const std::string marker = ledger_folder(arguments) + "/FROZEN";
    if (arguments.has("--successor") && exists(marker))
        return read_file(marker, 1U << 20);
    if (arguments.value("--reason").empty())
        throw UsageError("--reason: the last line says why");
    const auto ledger = open_ledger(arguments);
    return std::string{asked(*ledger, encode_freeze(arguments.value("--reason"))).body["checkpoint"].as_text()};
}

// A new name, new keys, and a first line that holds where the old ledger ended.
void make_successor(const Arguments& arguments, const std::string& note)
try {
    const std::string root = arguments.value("--successor");
    const bool is_development = !Config{system_settings(), forge::command}.is_production();
    const Rights rights = is_development ? Rights::development(ledger_peer(::geteuid(), ::getegid()).user) : Rights{};
    ::umask(022);
    RealIo io;
    RealEnv env;
    Engine engine{{.root = root, .origin = arguments.value("--origin"), .rights = rights.digest(), .frozen = note}, io, env};
    engine.publish();
} catch (...) {
    rethrow_while("the ledger is frozen, its successor not made");
}

int freeze(const Arguments& arguments)
{
    if (arguments.has("--help")) {
        std::cout << help_of(program, command);
        return 0;
    }
    check_arguments(arguments);
    const std::string note = frozen_note(arguments);
    if (arguments.has("--successor"))
        make_successor(arguments, note);
    const Checkpoint last = Checkpoint::parse(std::string_view{note}.substr(0, note.find("\n\n") + 1));
    if (arguments.has("--json"))
        std::cout << dump(Json::object({{"ok", true}, {"origin", last.origin}, {"size", last.size}, {"root", base64(last.root)},
                                        {"checkpoint", note}})) << '\n';
    else
        std::cout << "frozen: " << last.origin << " has " << last.size << " lines, and takes no more\n" << note;
    return 0;
}

}

}

int main(int argc, char** argv)
{
    const std::vector<std::string> words{argv + 1, argv + argc};
    return forge::run_tool(forge::program, words, [&] { return forge::freeze({forge::options, words}); });
}
