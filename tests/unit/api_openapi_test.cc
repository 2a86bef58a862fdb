// The route table, docs/openapi.yaml, the web server's locations and the codes in the source say the same.
#include "tests/unit/test.h"

#include "api/openapi.h"
#include "api/routes.h"
#include "base/text.h"
#include "lib/regex.h"
#include "lib/yaml.h"
#include "os/file.h"

#include <filesystem>
#include <map>
#include <set>

using namespace forge;

namespace {

const Json& document()
{
    static const Json made = parse_yaml(openapi_yaml(), {.nodes = 100'000}).value();
    return made;
}

/// "/a/{path}" for "/a/{path...}".
std::string documented_path(std::string_view path)
{
    std::string out{path};
    if (const auto dots = out.find("..."); dots != std::string::npos)
        out.erase(dots, 3);
    return out;
}

Json operation(const Route& route)
{
    return document()["paths"][documented_path(route.path)][lower(name_of(route.method))];
}

std::string name_of_route(const Route& route)
{
    return std::string{name_of(route.method)} + " " + documented_path(route.path);
}

/// Routes for which the document does not say what the table says.
template <class Says>
std::string differing(Says says)
{
    std::string out;
    for (const Route& route : routes())
        if (!says(route, operation(route)))
            out += name_of_route(route) + "\n";
    return out;
}

/// What the groups of the pattern are, all over the text.
std::set<std::string> all_of(const Regex& pattern, const std::string& text)
{
    std::set<std::string> found;
    for (std::size_t at = 0; const auto match = pattern.search(text, at);) {
        for (std::size_t group = 1; group < match->size(); ++group)
            if ((*match)[group])
                found.emplace(*(*match)[group]);
        at = static_cast<std::size_t>((*match)[0]->data() + (*match)[0]->size() - text.data());
    }
    return found;
}

/// The codes that the sources refuse with, and those of the web server's own answers.
std::set<std::string> codes_in_use()
{
    const Regex code{R"~(\b[45]\d\d, (?:late \? "([a-z_]+)" : )?"([a-z_]+)"|return "(evidence_[a-z_]+)")~"};
    std::set<std::string> found = all_of(Regex{R"~("error":"([a-z_]+)")~"}, read_file("nginx/forge-locations.conf"));
    for (const char* const folder : {"src/api", "src/auth", "src/guardian", "src/http", "src/run"})
        for (const auto& file : std::filesystem::directory_iterator(folder))
            found.merge(all_of(code, read_file(file.path())));
    return found;
}

void add_enumerated_codes(const Json& json, std::set<std::string>& codes)
{
    for (const Json& code : json["properties"]["error"]["enum"].items())
        codes.emplace(code.as_text());
    for (const auto& [name, member] : json.members())
        add_enumerated_codes(member, codes);
    for (const Json& item : json.items())
        add_enumerated_codes(item, codes);
}

/// What is in one of two sets only.
std::string difference(const std::set<std::string>& a, const std::set<std::string>& b)
{
    std::vector<std::string> names;
    std::ranges::set_symmetric_difference(a, b, std::back_inserter(names));
    std::string out;
    for (const auto& name : names)
        out += name + " ";
    return out;
}

/// The address that a location of nginx stands for, and whether its requests go to a worker.
struct Location {
    std::string path;
    bool is_exact;
    bool is_ours;
};

/// Those that are no expressions, in the order of the file.  A location's text reaches to the next one.
std::vector<Location> locations()
{
    const std::string text = read_file("nginx/forge-locations.conf");
    const Regex begin{R"~(\blocation +(= )?(/[^ ]*) +\{)~"};
    std::vector<Location> list;
    for (auto match = begin.search(text); match;) {
        const auto at = static_cast<std::size_t>((*match)[0]->data() - text.data());
        auto next = begin.search(text, at + 1);
        const auto end = next ? static_cast<std::size_t>((*next)[0]->data() - text.data()) : text.size();
        const bool is_ours = text.substr(at, end - at).find("fastcgi_pass forge_workers;") != std::string::npos;
        list.push_back({std::string{*(*match)[2]}, (*match)[1].has_value(), is_ours});
        match = std::move(next);
    }
    return list;
}

/// As nginx chooses: the same address, else the longest begin.
Location location_of(const std::string& path)
{
    Location best{"", false, false};
    for (const Location& location : locations()) {
        if (location.is_exact && location.path == path)
            return location;
        if (!location.is_exact && path.starts_with(location.path) && location.path.size() > best.path.size())
            best = location;
    }
    return best;
}

}

TEST(the_document_has_every_route_and_no_other)
{
    std::set<std::string> table;
    for (const Route& route : routes())
        table.insert(name_of_route(route));
    std::set<std::string> documented;
    for (const auto& [path, item] : document()["paths"].members())
        for (const auto& [method, ignored] : item.members())
            documented.insert(std::string{name_of(method == "head" ? Method::get : method == "delete" ? Method::del : method == "post" ? Method::post : Method::get)} + " " + path);
    CHECK_EQUAL(""s, difference(table, documented));
}

TEST(the_document_says_what_each_route_needs)
{
    CHECK_EQUAL(""s, differing([](const Route& route, const Json& operation) {
        const bool is_open = operation["security"] && operation["security"].size() == 0;
        const auto action = route.permission ? name_of(*route.permission) : std::string_view{};
        return operation["x-action"].as_text() == action && is_open == !(route.permission || route.token);
    }));
}

TEST(the_document_says_how_each_route_refuses_a_token)
{
    CHECK_EQUAL(""s, differing([](const Route& route, const Json& operation) {
        const bool needs_token = route.permission || route.token;
        const Json responses = operation["responses"];
        return bool{responses["401"]} == needs_token && (!route.permission || responses["403"]);
    }));
}

TEST(the_document_says_what_each_route_takes)
{
    CHECK_EQUAL(""s, differing([](const Route& route, const Json& operation) {
        const Json content = operation["requestBody"]["content"];
        return bool{content} == (route.body != Body::none) && bool{content["application/json"]} == (route.body == Body::json || route.body == Body::json_or_none)
               && bool{operation["responses"]["413"]} == (route.body != Body::none);
    }));
}

TEST(the_document_says_which_routes_have_a_limit)
{
    CHECK_EQUAL(""s, differing([](const Route& route, const Json& operation) {
        return bool{operation["responses"]["429"]} == (route.limit != Limit::none);
    }));
}

TEST(the_document_says_which_routes_are_streams)
{
    CHECK_EQUAL(""s, differing([](const Route& route, const Json& operation) {
        return bool{operation["responses"]["200"]["content"]["text/event-stream"]}
               == std::holds_alternative<Streaming>(route.handler);
    }));
}

TEST(the_document_names_every_code_that_is_in_use_and_no_other)
{
    std::set<std::string> explained;
    for (const auto& [code, text] : document()["x-error-codes"].members())
        explained.insert(code);
    CHECK_EQUAL(""s, difference(codes_in_use(), explained));
}

TEST(the_document_says_of_each_code_which_routes_give_it)
{
    std::set<std::string> given;
    add_enumerated_codes(document(), given);
    std::set<std::string> explained;
    for (const auto& [code, text] : document()["x-error-codes"].members())
        explained.insert(code);
    CHECK_EQUAL(""s, difference(given, explained));
}

TEST(the_web_server_passes_every_route_to_the_workers)
{
    std::string lost;
    for (const Route& route : routes()) {
        const std::string path{route.path.substr(0, route.path.find('{'))};
        if (!location_of(path.ends_with('/') ? path + "x" : path).is_ours)
            lost += path + " ";
    }
    CHECK_EQUAL(""s, lost);
}

TEST(the_web_server_names_no_address_that_nobody_answers)
{
    // They are known to be missing.
    const std::set<std::string> awaited{"/v1/api/overview/stream", "/v1/api/execute/stream"};
    std::string unknown;
    for (const Location& location : locations()) {
        const Found found = find_route(Method::get, location.path);
        const bool is_answered = found.route || !found.allowed.empty();
        const bool is_bare = location_of(location.path + "/x").path == location.path + "/";   // "/run" beside "/run/"
        if (location.is_exact && location.is_ours && !is_answered && !is_bare && !awaited.contains(location.path))
            unknown += location.path + " ";
    }
    CHECK_EQUAL(""s, unknown);
}
