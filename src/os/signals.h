// Signals, taken synchronously: blocked in every thread, read where they are wanted.
#pragma once

#include "os/fd.h"

#include <initializer_list>

namespace forge {

/// Blocks SIGTERM, SIGINT, SIGHUP (and ignores SIGPIPE) in this thread and those it starts later: call it first in main.
void block_signals();
/// Waits for one of them; gives its number.
int wait_for_signal(std::initializer_list<int> wanted);
/// A descriptor that becomes readable when one of them came (signalfd).
Fd signal_descriptor(std::initializer_list<int> wanted);
/// The next signal of such a descriptor, 0 when there is none.
int next_signal(const Fd& descriptor);

}
