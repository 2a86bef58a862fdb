// Server-sent events as a provider streams them (HTML Living Standard, "Interpreting an event stream").
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// Takes the bytes in any pieces and gives the data of each event once it is complete.
class EventReader {
public:
    static constexpr std::size_t most_event_bytes = 1024 * 1024;

    /// The data of the events that this piece completes.  Nothing more once an event was too large: see is_broken.
    std::vector<std::string> take(std::string_view piece);
    bool is_broken() const noexcept { return broken_; }

private:
    void end_line(std::vector<std::string>& events);

    std::string line_;
    std::string data_;
    bool has_data_ = false;
    bool after_return_ = false;   // a LF that follows a CR ends no line
    bool broken_ = false;
};

}
