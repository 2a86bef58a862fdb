// What people see: colour and progress, on a terminal only.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"

namespace forge {

enum class Tone { plain, bold, dim, red, yellow, green };

/// The text in that tone when standard output is a terminal (and NO_COLOR is unset), else the text alone.
std::string toned(Tone tone, std::string_view text);

/// Text from a server as it may be shown: control characters, which could steer the terminal, become "?".
std::string shown(std::string_view text);

/// One line on a terminal's standard error about something that takes more than a second; gone when it is over.
class Progress {
public:
    explicit Progress(std::string what);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// `detail` stands behind the time that has passed.
    void update(std::string_view detail = {});

private:
    std::string what_;
    SteadyTime begin_;
    SteadyTime next_;
    bool on_terminal_;
    bool shown_ = false;
};

}
