// forge-ledger-keys: shows the keys that sign for the ledger, brings in a new one, retires an old one.
#include "base/text.h"
#include "client/ledger_tool.h"
#include "os/file.h"
#include "tlog/note.h"

#include <iostream>

namespace forge {

namespace {

constexpr const char* program = "forge-ledger-keys";
constexpr std::size_t keys_limit = 1U << 20;

constexpr Option options[] = {
    root_option,
    {"--force", "", "retire before both have signed for 30 days: for a key that others may have"},
    socket_option,
    json_option,
    help_option,
};

int keys(const Arguments& arguments);
constexpr Command command{"", "list | rotate | retire KEY", "show, rotate or retire the keys that sign for the ledger", options, keys};

struct ListedKey {
    std::string vkey;
    std::string from;
    std::string to;
};

std::vector<ListedKey> listed(const std::string& root)
{
    std::vector<ListedKey> list;
    const std::string text = read_file(root + "/keys/log.vkeys", keys_limit);
    for (const auto line : split(trim(text), '\n')) {
        const auto words = split(line, ' ');
        if (words.size() != 3)
            throw Error(root + "/keys/log.vkeys: a line is not <vkey> <from> <to>");
        list.push_back({std::string{words[0]}, std::string{words[1]}, std::string{words[2]}});
    }
    return list;
}

// "KEY" is a vkey or the eight digits of its id.
std::string vkey_of(const std::string& given, const std::string& root)
{
    if (given.find('+') != given.npos)
        return given;
    for (const ListedKey& key : listed(root))
        if (key.vkey.find("+" + given + "+") != std::string::npos)
            return key.vkey;
    throw Error("no key of the log has the id " + given);
}

void print(const std::string& root, bool as_json)
{
    Json list = Json::array();
    for (const auto& [vkey, from, to] : listed(root)) {
        list.append(Json::object({{"vkey", vkey}, {"from", parse_unsigned(from).value_or(0)},
                                  {"to", to == "-" ? Json{nullptr} : Json{parse_unsigned(to).value_or(0)}},
                                  {"fingerprint", VerifierKey::parse(vkey).fingerprint()}}));
        if (!as_json)
            std::cout << vkey << (to == "-" ? "  signs from size " + from : "  signed from size " + from + " to below " + to) << '\n';
    }
    if (as_json)
        std::cout << dump(Json::object({{"ok", true}, {"keys", list}})) << '\n';
}

int keys(const Arguments& arguments)
{
    if (arguments.has("--help")) {
        std::cout << help_of(program, command);
        return 0;
    }
    const auto& words = arguments.operands();
    const std::string verb = words.empty() ? "list" : words.front();
    const std::string root = ledger_folder(arguments);
    if (verb == "rotate")
        asked(*open_ledger(arguments), encode_rotate_key());
    else if (verb == "retire" && words.size() == 2)
        asked(*open_ledger(arguments), encode_rotate_key(vkey_of(words[1], root), arguments.has("--force")));
    else if (verb != "list")
        throw UsageError("say list, rotate, or retire KEY");
    arguments.expect_operands(0, verb == "retire" ? 2 : 1);
    print(root, arguments.has("--json"));
    return 0;
}

}

}

int main(int argc, char** argv)
{
    const std::vector<std::string> words{argv + 1, argv + argc};
    return forge::run_tool(forge::program, words, [&] { return forge::keys({forge::options, words}); });
}
