// Random bytes of the kernel.
#pragma once

#include <cstddef>
#include <string>

namespace forge {

/// `count` bytes of getrandom(2), fit for keys.
std::string random_bytes(std::size_t count);

}
