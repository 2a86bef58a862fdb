// What people see.
#include "client/terminal.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

namespace forge {

namespace {

constexpr const char* codes[] = {"", "\033[1m", "\033[2m", "\033[31m", "\033[33m", "\033[32m"};
constexpr Millis quiet{1000};
constexpr Millis between{200};

}

std::string toned(Tone tone, std::string_view text)
{
    static const bool colours = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
    if (!colours || tone == Tone::plain)
        return std::string{text};
    return codes[static_cast<int>(tone)] + std::string{text} + "\033[0m";
}

std::string shown(std::string_view text)
{
    std::string safe{text};
    for (char& c : safe)
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f)
            c = '?';
    return safe;
}

Progress::Progress(std::string what)
    : what_(std::move(what)), begin_(steady_now()), next_(begin_ + quiet), on_terminal_(::isatty(STDERR_FILENO) == 1)
{
}

Progress::~Progress()
{
    if (shown_)
        std::cerr << "\r\033[K" << std::flush;
}

void Progress::update(std::string_view detail)
{
    const SteadyTime now = steady_now();
    if (!on_terminal_ || now < next_)
        return;
    next_ = now + between;
    shown_ = true;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - begin_).count();
    std::cerr << '\r' << what_ << " … " << seconds << " s " << detail << "\033[K" << std::flush;
}

}
