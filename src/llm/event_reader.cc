// Server-sent events.
#include "llm/event_reader.h"

namespace forge {

std::vector<std::string> EventReader::take(std::string_view piece)
{
    std::vector<std::string> events;
    for (const char c : piece) {
        const bool second_half = after_return_ && c == '\n';
        after_return_ = c == '\r';
        if (second_half || broken_)
            continue;
        if (c == '\n' || c == '\r')
            end_line(events);
        else
            line_ += c;
        broken_ = line_.size() + data_.size() > most_event_bytes;
    }
    return events;
}

void EventReader::end_line(std::vector<std::string>& events)
{
    if (line_.empty() && has_data_) {
        events.push_back(std::move(data_));
        data_.clear();
        has_data_ = false;
    }
    std::string_view line = line_;
    if (line == "data" || line.starts_with("data:")) {
        line.remove_prefix(std::min<std::size_t>(line.size(), 5));
        if (line.starts_with(' '))
            line.remove_prefix(1);
        if (has_data_)
            data_ += '\n';
        data_ += line;
        has_data_ = true;
    }
    line_.clear();
}

}
