// "forge dev": the whole system in one folder, on one loopback port, in the foreground.
#pragma once

#include <span>

#include "base/options.h"

namespace forge {

extern const std::span<const Option> dev_options;

/// Runs until SIGTERM or Ctrl-C; 0 then.  Prints "ready URL" when everything answers.  Throws ConfigError for what the
/// user must mend (the port, the folder, a setting, a missing program), Error when a part does not start.
int dev(const Arguments& arguments);

}
