// "forge reload".
#include "ops/reload.h"

#include <poll.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <iostream>

#include "base/clock.h"
#include "base/error.h"
#include "base/ids.h"
#include "base/text.h"
#include "config/config.h"
#include "lib/json.h"
#include "ops/reload_desk.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/process.h"

namespace forge {

namespace {

constexpr Option options_table[] = {
    {"--dir", "DIR", "the folder of a forge dev (default: the system of FORGE_RUNTIME_DIR)"},
    {"--json", "", "the answers as one JSON object"},
};
constexpr int exit_nobody = 69;   // EX_UNAVAILABLE
constexpr Millis patience{10'000};
constexpr Millis look_interval{5};
constexpr std::size_t shown_digest = 12;

/// One that was told to reload.
struct Told {
    std::string name;
    std::string path;          // of its answer
    Fd process;
    Json answer = {};          // absent: none yet
    std::string problem = {};  // why there will be none
    bool is_open() const { return !answer && problem.empty(); }
};

Json json_in(const std::string& path)
try {
    return parse_json(read_file(path, 1024 * 1024));
} catch (const Error&) {
    return {};   // between its start and its first word, or after its end
}

// The lock shows that the process lives; the descriptor is taken before, so that no later one of its number is told.
std::optional<Told> living(const std::string& folder, const std::string& name)
{
    const std::string path = folder + "/" + name;
    Told told{.name = name, .path = path + ".json", .process = {}};
    const Json self = json_in(told.path);
    const auto pid = static_cast<pid_t>(self["pid"].as_integer(-1));
    told.process = process_descriptor(pid);
    const bool is_it = told.process && process_begin(pid) == static_cast<std::uint64_t>(self["begin"].as_integer());
    if (!FileLock::is_held(path + ".lock"))
        return std::nullopt;
    if (!is_it)   // what stands there is of a killed one
        told.problem = "its process is not found: it is just starting, or runs in another container";
    return told;
}

std::vector<Told> all_living(const std::string& folder)
{
    constexpr std::string_view ending = ".lock";
    std::vector<Told> all;
    for (const std::string& file : names_if_any(folder))
        if (file.ends_with(ending) && file != ending)
            if (auto told = living(folder, file.substr(0, file.size() - ending.size())))
                all.push_back(std::move(*told));
    return all;
}

void tell(Told& told)
{
    if (!told.is_open())
        return;
    try {
        send_signal(told.process, SIGHUP);
    } catch (const Error& error) {
        told.problem = std::string{error.what()} + ": run forge reload as root, or as the user of the process";
    }
}

void look(Told& told, const std::string& wanted)
{
    pollfd end{told.process.get(), POLLIN, 0};
    const bool has_ended = ::poll(&end, 1, 0) == 1;
    if (const Json answer = json_in(told.path); answer["wanted"].as_text() == wanted)
        told.answer = answer;
    else if (has_ended)
        told.problem = "it ended before it answered";
}

void wait_for_answers(std::vector<Told>& all, const std::string& wanted)
{
    const SteadyTime deadline = steady_now() + patience;
    const auto is_done = [&] { return std::ranges::none_of(all, &Told::is_open); };
    for (; !is_done() && steady_now() < deadline; ::poll(nullptr, 0, static_cast<int>(look_interval.count())))
        for (Told& told : all)
            if (told.is_open())
                look(told, wanted);
    for (Told& told : all)
        if (told.is_open())
            told.problem = "no answer within " + std::to_string(patience.count() / 1000) + " s: see its log";
}

/// Of several at once, one after the other: an answer is for the reload that asked.
FileLock turn(const std::string& folder)
{
    const std::string path = folder + "/turn";
    for (const SteadyTime deadline = steady_now() + patience; steady_now() < deadline; ::poll(nullptr, 0, 10))
        if (auto lock = FileLock::try_acquire(path, 0600))
            return std::move(*lock);
    throw Error("another forge reload is under way");
}

bool is_ok(const Told& told)
{
    return told.answer["ok"].as_bool();
}

std::string short_digest(const Json& digest)
{
    const std::string_view text = digest.as_text();
    return text.empty() ? "not set" : std::string{text.substr(text.find(':') + 1, shown_digest)};
}

void print_answer(const Told& told)
{
    for (const Json& problem : told.answer["problems"].items())
        std::cout << told.name << ": refused: " << problem.as_text() << '\n';
    if (!is_ok(told))
        return;
    const auto changes = told.answer["changed"].members();
    for (const auto& [name, digests] : changes)
        std::cout << told.name << ": " << name << " changed: " << short_digest(digests["before"]) << " -> "
                  << short_digest(digests["after"]) << '\n';
    if (changes.empty())
        std::cout << told.name << ": nothing changed\n";
    for (const Json& name : told.answer["restart"].items())
        std::cout << told.name << ": " << name.as_text() << " needs a restart\n";
    if (!told.answer["recorded"].as_bool(true))
        std::cout << told.name << ": the ledger has not recorded it yet\n";
}

void print(const std::vector<Told>& all)
{
    for (const Told& told : all)
        if (told.answer)
            print_answer(told);
        else
            std::cout << told.name << ": " << told.problem << '\n';
    if (std::ranges::any_of(all, [](const Told& told) { return told.answer && !is_ok(told); }))
        std::cout << "what refused changed nothing: mend what it names, and run forge reload again\n";
}

Json json_of(const std::vector<Told>& all)
{
    Json list = Json::array();
    for (const Told& told : all) {
        Json json = Json::object({{"name", told.name}});
        for (const auto& [name, value] : told.answer.members())
            if (name != "wanted" && name != "begin")
                json.set(name, value);
        if (!told.answer)
            json.set("ok", false).set("problems", Json::array({told.problem}));
        list.append(json);
    }
    return Json::object({{"ok", std::ranges::all_of(all, is_ok)}, {"processes", list}});
}

int exit_code(const std::vector<Told>& all)
{
    if (std::ranges::all_of(all, is_ok))
        return 0;
    return std::ranges::all_of(all, [](const Told& told) { return bool{told.answer}; }) ? exit_config : EXIT_FAILURE;
}

std::string runtime_dir(const Arguments& arguments)
{
    if (arguments.has("--dir"))
        return std::filesystem::absolute(arguments.value("--dir")).string() + "/run";
    return Config{system_settings(), command}.runtime_dir;
}

}

const std::span<const Option> reload_options = options_table;

int reload(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    const std::string folder = reload_folder(runtime_dir(arguments));
    std::vector<Told> all = all_living(folder);
    if (all.empty()) {
        std::cerr << "forge: nothing runs that has " << folder << ": say --dir DIR, or FORGE_RUNTIME_DIR\n";
        return exit_nobody;
    }
    const FileLock lock = turn(folder);
    const std::string wanted = uuid_v7();
    replace_file(folder + "/wanted", wanted, 0644);
    std::ranges::for_each(all, tell);
    wait_for_answers(all, wanted);
    if (arguments.has("--json"))
        std::cout << dump_pretty(json_of(all)) << '\n';
    else
        print(all);
    return exit_code(all);
}

}
