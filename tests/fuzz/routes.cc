// Fuzz target: a line "METHOD PATH?QUERY", the path as nginx gives it (decoded once), leads to one route and to nothing hidden in it.
#include "api/admission.h"
#include "api/handlers.h"
#include "api/routes.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace forge;

constexpr std::array methods{Method::get, Method::head, Method::post, Method::put, Method::patch, Method::del, Method::options, Method::other};

void check(bool holds)
{
    if (!holds)
        std::abort();
}

/// The pattern with the values in its braces.
std::string filled(std::string_view pattern, const std::vector<std::string>& values)
{
    std::string path;
    std::size_t next = 0;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        if (pattern[at] != '{') {
            path += pattern[at];
            continue;
        }
        path += values.at(next++);
        at = pattern.find('}', at);
    }
    check(next == values.size());
    return path;
}

void check_value(std::string_view value, bool takes_rest)
{
    check(takes_rest || value.find('/') == value.npos);
    for (const std::string_view segment : split(value, '/'))
        check(!segment.empty() && segment != "." && segment != "..");
}

void check_found(const Found& found, std::string_view path)
{
    static const std::vector<std::string> labels = route_labels();
    const bool is_known = found.label < labels.size();
    check(is_known == (found.route || !found.allowed.empty()));
    check(route_label(found.label) == (is_known ? labels[found.label] : "other"));   // what a metric's label may be
    if (!found.route)
        return check(found.values.empty());
    check(found.route->path == route_label(found.label));
    check(found.there_for == found.route->there_for);
    check(filled(found.route->path, found.values) == path);   // as it came, nothing decoded again
    const bool takes_rest = found.route->path.ends_with("...}");
    for (const std::string& value : found.values)
        check_value(value, takes_rest && &value == &found.values.back());
}

// Whatever the method, a path is one address: it has one label, and what Allow says is true.
void check_path(std::string_view path)
{
    const Found other = find_route(Method::other, path);
    check(!other.route);
    for (const Method method : methods) {
        const Found found = find_route(method, path);
        check_found(found, path);
        const auto names = split(other.allowed, ',');
        const bool is_allowed = std::ranges::any_of(names, [&](std::string_view name) { return trim(name) == name_of(method); });
        check(is_allowed == (found.route != nullptr));
    }
}

void check_query(const Request& request, std::string_view name)
{
    const auto value = request.query_value(name);
    check(!value || request.has_query(name));
    Request again;
    again.query = url_encode(name) + "=" + url_encode(value.value_or(request.query)) + "&" + request.query;
    check(again.query_value(name) == value.value_or(request.query));   // the first one counts, decoded once
}

void check_number(const Request& request)
{
    Call call;
    call.request = request;
    try {
        const std::size_t limit = number_parameter(call, "limit", 20, 1, 200);
        check(limit >= 1 && limit <= 200 && (limit == 20 || request.has_query("limit")));
    } catch (const Refusal& refusal) {
        check(refusal.status == 400 && request.has_query("limit"));
    }
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto blank = text.find(' ');
    const std::string_view method = text.substr(0, blank);
    const std::string_view url = blank == text.npos ? text : text.substr(blank + 1);
    const std::string_view path = url.substr(0, url.find('?'));
    check(method_named(method) == Method::other || name_of(method_named(method)) == method);
    check_path(path);
    Request request;
    if (path.size() < url.size())
        request.query = url.substr(path.size() + 1);
    for (const std::string_view name : {std::string_view{"limit"}, std::string_view{"filter"}, path})
        check_query(request, name);
    check_number(request);
    return 0;
}
