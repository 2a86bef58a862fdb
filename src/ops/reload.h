// "forge reload": tells the processes of this machine to read settings, secrets and roles again, and says what they answer.
#pragma once

#include <span>

#include "base/options.h"

namespace forge {

extern const std::span<const Option> reload_options;

/// 0 when all have reloaded; 78 when a file is wrong (nothing changed then); 1 when one does not answer or may not be
/// told; 69 when none runs.
int reload(const Arguments& arguments);

}
