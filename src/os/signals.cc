// Signals, taken synchronously.
#include "os/signals.h"

#include "base/error.h"

#include <sys/signalfd.h>

#include <csignal>

namespace forge {

namespace {

sigset_t set_of(std::initializer_list<int> wanted)
{
    sigset_t set;
    ::sigemptyset(&set);
    for (const int number : wanted)
        ::sigaddset(&set, number);
    return set;
}

}

void block_signals()
{
    const sigset_t set = set_of({SIGTERM, SIGINT, SIGHUP});
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

int wait_for_signal(std::initializer_list<int> wanted)
{
    const sigset_t set = set_of(wanted);
    int number = 0;
    ::sigwait(&set, &number);
    return number;
}

Fd signal_descriptor(std::initializer_list<int> wanted)
{
    const sigset_t set = set_of(wanted);
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    Fd fd{::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)};
    if (!fd)
        throw errno_error("signalfd");
    return fd;
}

int next_signal(const Fd& descriptor)
{
    signalfd_siginfo info{};
    return ::read(descriptor.get(), &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
}

}
