// "forge run": evidence is packed and uploaded, the template runs, its answer is printed.
#include <iostream>
#include <iterator>

#include "base/text.h"
#include "client/commands.h"
#include "client/pack.h"
#include "client/report.h"
#include "client/server.h"
#include "client/terminal.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr Option options_table[] = {
    {"--arg", "NAME=VALUE", "an argument of the template; VALUE is JSON if it can be read so, else text"},
    {"--args", "FILE", "all arguments, a JSON object; - is standard input"},
    {"--profile", "NAME", "the profile (default: vault)"},
    {"--evidence", "PATH", "a folder or file that is packed, sent, and given as the template's evidence"},
    json_option,
    url_option,
};

Json arguments_from(const std::string& path)
try {
    const Json args = parse_json(path == "-" ? std::string{std::istreambuf_iterator<char>{std::cin}, {}} : read_file(path));
    if (!args.is_object())
        throw UsageError("not a JSON object");
    return args.deep_copy();
} catch (const UsageError&) {
    throw UsageError("option --args: " + path + " holds no JSON object");
} catch (...) {
    rethrow_while("option --args: " + path);
}

// A value that is JSON of a kind that cannot be meant as text: 5, true, ["a"], {"b":1}; all else is text.
Json value_of(const std::string& text)
try {
    const Json json = parse_json(text);
    return json.is_string() ? Json{text} : json;
} catch (const Error&) {
    return Json{text};
}

Json run_arguments(const Arguments& arguments)
{
    Json args = arguments.has("--args") ? arguments_from(arguments.value("--args")) : Json::object();
    for (const std::string& given : arguments.values("--arg")) {
        const auto equal = given.find('=');
        if (equal == given.npos || equal == 0)
            throw UsageError("option --arg: \"" + given + "\" is not NAME=VALUE");
        args.set(given.substr(0, equal), value_of(given.substr(equal + 1)));
    }
    return args;
}

// The argument whose format says that it takes evidence.
std::string evidence_argument_of(Server& server, const std::string& name)
{
    const Json shown_template = server.get_json("/v1/api/templates/" + url_encode(name));
    for (const char* const member : {"inputs", "input", "inputSchema", "input_schema"})
        for (const auto& [argument, schema] : shown_template[member]["properties"].members())
            if (schema["format"].as_text() == "forge-evidence")
                return argument;
    throw Error(name + " takes no evidence: none of its arguments has the format forge-evidence");
}

std::string upload(Server& server, const std::string& path)
{
    const PackedEvidence evidence = pack_evidence(path);
    const Json answer = server.post("/v1/api/evidence", evidence.bytes, evidence.content_type, "sending " + path);
    std::cerr << "evidence: " << evidence.files << (evidence.files == 1 ? " file" : " files") << ", "
              << (evidence.bytes.size() + 1023) / 1024 << " KiB packed";
    if (evidence.left_out > 0)
        std::cerr << "; " << evidence.left_out << " left out (.git, sockets, devices)";
    std::cerr << '\n';
    return std::string{answer["evidence"].as_text()};
}

}

const std::span<const Option> run_options = options_table;

int run_template(const Arguments& arguments)
{
    arguments.expect_operands(1, 1);
    const std::string name = arguments.operands().front();
    Server server = Server::of(arguments);
    Json args = run_arguments(arguments);
    if (arguments.has("--evidence")) {
        const std::string argument = evidence_argument_of(server, name);
        args.set(argument, upload(server, arguments.value("--evidence")));
    }
    Json body = Json::object({{"templateId", name}, {"args", args}});
    if (arguments.has("--profile"))
        body.set("profile", arguments.value("--profile"));
    const Json answer = server.post("/v1/api/execute", dump(body), "application/json", "running " + name);
    if (arguments.has("--json"))
        std::cout << dump_pretty(answer) << '\n';
    else
        print_run(std::cout, name, answer);
    return answer["status"].as_text() == "ok" ? 0 : exit_not_ok;
}

}
