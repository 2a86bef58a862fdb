// forge-ledger-pin: says in one line what the ledger is now, or compares it with such a line.
#include "audit/pin.h"
#include "audit/tool.h"
#include "base/error.h"
#include "base/text.h"
#include "lib/json.h"
#include "os/file.h"

#include <iostream>
#include <string>

namespace forge {

namespace {

constexpr std::size_t pin_limit = 4096;

constexpr Option options[] = {
    root_option,
    vkey_option,
    {"--out", "FILE", "write the pin there instead of to the output"},
    {"--against", "LINE", "compare the ledger with this pin: the line, or a file that holds it"},
    json_option,
    help_option,
};

int pin(const Arguments& arguments);
constexpr Command command{"", "", "say in one line what the ledger is now, or compare it with such a line", options, pin};

Pin given_pin(const std::string& given)
{
    return Pin::parse(given.find(' ') == given.npos ? read_file(given, pin_limit) : given);
}

int compare(const Pin& kept, const std::string& root, bool as_json)
{
    Checkpoint newest;
    const auto difference = compare_with(kept, root, newest);
    const int code = difference ? static_cast<int>(difference->kind) : exit_ok;
    if (as_json)
        std::cout << dump(Json::object({{"ok", !difference}, {"exit", code}, {"origin", newest.origin}, {"pinned", kept.size},
                                        {"size", newest.size}, {"reason", difference ? Json{difference->reason} : Json{nullptr}}}))
                  << '\n';
    else if (difference)
        std::cout << "not ok: " << difference->reason << '\n';
    else
        std::cout << "ok: " << newest.origin << ": the pinned " << kept.size << " lines, and " << newest.size - kept.size << " more\n";
    return code;
}

int pin(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    const std::string root = ledger_root(arguments);
    if (arguments.has("--against"))
        return compare(given_pin(arguments.value("--against")), root, arguments.has("--json"));
    const Pin now = pin_of(root, pinned_key(arguments));
    if (arguments.has("--out"))
        write_file_durably(arguments.value("--out"), now.text() + "\n");
    if (arguments.has("--json"))
        std::cout << dump(Json::object({{"ok", true}, {"origin", now.key.name()}, {"size", now.size}, {"root", hex(now.root)},
                                        {"vkey", now.key.text()}, {"pin", now.text()}}))
                  << '\n';
    else if (!arguments.has("--out"))
        std::cout << now.text() << '\n';
    return exit_ok;
}

}

}

int main(int argc, char** argv)
{
    return forge::run_tool("forge-ledger-pin", forge::command, argc, argv);
}
