// One call of a route: the request, who makes it, and what its path and body hold.
#pragma once

#include "api/app.h"
#include "auth/caller.h"
#include "base/action.h"
#include "base/clock.h"
#include "config/current.h"
#include "http/message.h"

#include <memory>
#include <string>
#include <vector>

namespace forge {

struct Call {
    App* app = nullptr;
    std::shared_ptr<const Config> config;   // as it was when the request came
    SteadyTime received = steady_now();     // its first byte
    Request request;
    Caller caller;                       // empty where the route is open to anyone
    std::vector<std::string> values;     // of the path's {…}, in order
    std::string body;                    // as it came
    Json json;                           // parsed, where the route takes JSON
    std::vector<std::pair<std::string, std::string>> headers;   // for every answer to this call
    Action held;                         // a stream's place among the streams, until it ends
};

/// The member as a text; Refusal 400 invalid_request when it is missing or no text.
std::string required_text(const Call& call, std::string_view name);
/// A query parameter as a whole number from `least` to `most`; Refusal 400 when it is not.
std::size_t number_parameter(const Call& call, std::string_view name, std::size_t otherwise, std::size_t least, std::size_t most);

}
