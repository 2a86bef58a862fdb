// "forge run": evidence is packed and uploaded, the template runs, its answer is printed.
#include <iostream>
#include <iterator>
#include <optional>

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
    {"--arg", "NAME=VALUE", "an argument of the template; a JSON number, boolean, array or object is sent as such, else text"},
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

/// The input schema of the template, asked for when it is first needed.
class Inputs {
public:
    Inputs(Server& server, const std::string& name) : server_(server), name_(name) {}

    /// Throws ServerRefusal.
    const Json& schema()
    {
        if (!schema_)
            schema_ = server_.get_json("/v1/api/templates/" + url_encode(name_))["inputs"];
        return schema_;
    }
    /// Absent too when the server does not show templates to this caller: the run itself says what is wrong then.
    Json property(const std::string& argument)
    try {
        return schema()["properties"][argument];
    } catch (const ServerRefusal&) {
        return {};
    }
    /// The argument whose format says that it takes evidence; empty for none.
    std::string evidence_argument()
    {
        for (const auto& [argument, property] : schema()["properties"].members())
            if (property["format"].as_text() == "forge-evidence")
                return argument;
        return {};
    }

private:
    Server& server_;
    const std::string& name_;
    Json schema_;
};

// A value that is JSON of a kind that cannot be meant as text: 5, true, ["a"], {"b":1}.
std::optional<Json> json_value(const std::string& text)
try {
    const Json json = parse_json(text);
    return json.is_number() || json.is_bool() || json.is_array() || json.is_object() ? std::optional{json} : std::nullopt;
} catch (const Error&) {
    return std::nullopt;
}

Json value_of(const std::string& argument, const std::string& text, Inputs& inputs)
{
    const auto json = json_value(text);
    return json && inputs.property(argument)["type"].as_text() != "string" ? *json : Json{text};
}

Json run_arguments(const Arguments& arguments, Inputs& inputs)
{
    Json args = arguments.has("--args") ? arguments_from(arguments.value("--args")) : Json::object();
    for (const std::string& given : arguments.values("--arg")) {
        const auto equal = given.find('=');
        if (equal == given.npos || equal == 0)
            throw UsageError("option --arg: \"" + given + "\" is not NAME=VALUE");
        const std::string name = given.substr(0, equal);
        args.set(name, value_of(name, given.substr(equal + 1), inputs));
    }
    return args;
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

// The refusal, and how evidence is given where the template takes some and got none.
ServerRefusal with_evidence_hint(const ServerRefusal& refusal, Inputs& inputs, const Json& args)
try {
    const std::string argument = inputs.evidence_argument();
    if (argument.empty() || args[argument])
        return refusal;
    return {refusal.what() + ("\n  " + shown(argument)) + ": a folder or a file, with --evidence PATH", refusal.code, refusal.answer};
} catch (const ServerRefusal&) {
    return refusal;
}

Json ran(Server& server, const Json& body, Inputs& inputs)
try {
    return server.post("/v1/api/execute", dump(body), "application/json", "running " + std::string{body["templateId"].as_text()});
} catch (const ServerRefusal& refusal) {
    if (refusal.code != "invalid_args")
        throw;
    throw with_evidence_hint(refusal, inputs, body["args"]);
}

}

const std::span<const Option> run_options = options_table;

int run_template(const Arguments& arguments)
{
    if (arguments.operands().empty())
        throw UsageError("the template is missing: forge run TEMPLATE\n  next: see what there is with: forge templates");
    arguments.expect_operands(1, 1);
    const std::string name = arguments.operands().front();
    Server server = Server::of(arguments);
    Inputs inputs{server, name};
    Json args = run_arguments(arguments, inputs);
    if (arguments.has("--evidence")) {
        const std::string argument = inputs.evidence_argument();
        if (argument.empty())
            throw Error(name + " takes no evidence: none of its arguments has the format forge-evidence");
        args.set(argument, upload(server, arguments.value("--evidence")));
    }
    Json body = Json::object({{"templateId", name}, {"args", args}});
    if (arguments.has("--profile"))
        body.set("profile", arguments.value("--profile"));
    const Json answer = ran(server, body, inputs);
    if (arguments.has("--json"))
        std::cout << dump_pretty(answer) << '\n';
    else
        print_run(std::cout, name, answer);
    return answer["status"].as_text() == "ok" ? 0 : exit_not_ok;
}

}
