// "forge doctor": what is wrong with an installation, and what to do about it.
#pragma once

#include <span>

#include "base/options.h"

namespace forge {

extern const std::span<const Option> doctor_options;

/// 0 when every step is well, 2 when one failed: it is the last one that is printed, with its remedy.
int doctor(const Arguments& arguments);

}
