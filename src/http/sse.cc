// Server-sent events: the text form.
#include "http/sse.h"

#include "base/text.h"

namespace forge::sse {

std::string event(std::string_view id, std::string_view name, std::string_view data)
{
    std::string out;
    if (!id.empty())
        out.append("id: ").append(id).append("\n");
    if (!name.empty())
        out.append("event: ").append(name).append("\n");
    for (const auto line : split(data, '\n'))
        out.append("data: ").append(line).append("\n");
    return out + "\n";
}

std::string retry(int millis)
{
    return "retry: " + std::to_string(millis) + "\n\n";
}

}
