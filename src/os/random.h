// Random bytes of the kernel.
#pragma once

#include <cstddef>
#include <string>

namespace forge {

/// `count` bytes of getrandom(2), fit for keys.
std::string random_bytes(std::size_t count);

/// The same, fetched some at a time; what was given away is not kept.  For one thread, and not across a fork.
class RandomBytes {
public:
    std::string take(std::size_t count);

private:
    std::string stock_;
};

}
