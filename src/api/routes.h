// The table of everything this server answers, and who may use it.
#pragma once

#include "api/call.h"
#include "base/task.h"
#include "lib/fastcgi.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace forge {

/// Answered by the request's thread.
using Immediate = Answer (*)(Call&);
/// The request's thread does all up to the first wait and gives the task that the loop then runs.
using Waiting = Task<Answer> (*)(Call&);
/// Answered by the request's thread, which reads the body itself.
using Uploading = Answer (*)(Call&, fastcgi::Exchange&);
/// `head` is the answer's head or a refusal; where it is 200, `start` takes the connection, on the loop, sends the head
/// and streams.
struct Streaming {
    Answer (*head)(Call&);
    void (*start)(Call, fastcgi::Handed, std::string head);
};

enum class Body { none, json, json_or_none, upload };
/// Which setting says how often a subject (or, without one, an address) may come.
enum class Limit { none, execute, ledger_events, guardian_ask, guardian_mode };

struct Route {
    Method method;
    std::string_view path;
    std::variant<Immediate, Uploading, Waiting, Streaming> handler;
    std::optional<Permission> permission{};   // needed; none: open to anyone, unless `token`
    bool token = false;                       // any valid token
    Body body = Body::none;
    Limit limit = Limit::none;
    std::optional<Answer> (*first)(Call&) = nullptr;   // what answers before anybody is asked who they are
    bool (*there_for)(const Call&) = nullptr;          // false: 404, whatever the method; all routes of a path have the same

    bool wants_token() const { return permission || token; }
};

std::span<const Route> routes();

/// What a path and a method lead to.
struct Found {
    const Route* route = nullptr;         // null: see `allowed`
    std::size_t label = 0;                // the path's place in route_labels(); beyond it where the path is unknown
    std::vector<std::string> values;
    std::string allowed;                  // methods of this path, "GET, HEAD"; empty where there is none: 404
    bool wants_token = false;             // every method of this path does
    bool (*there_for)(const Call&) = nullptr;   // the path's
};
Found find_route(Method method, std::string_view path);

/// The paths of the table, each once: the values of the metrics' label `route`.
std::vector<std::string> route_labels();
/// One of them; "other" for a place beyond.
const std::string& route_label(std::size_t place);

}
