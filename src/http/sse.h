// Server-sent events (WHATWG HTML, section 9.2): the text form.
#pragma once

#include <string>
#include <string_view>

namespace forge::sse {

/// "id: …\nevent: …\ndata: …\n\n"; `id` and `event` are left out when empty; a data with several lines gives several.
std::string event(std::string_view id, std::string_view name, std::string_view data);
/// A comment that keeps proxies from closing a quiet stream.
constexpr std::string_view keep_alive = ": keep-alive\n\n";
/// How long a browser waits before it reconnects.
std::string retry(int millis);

}
