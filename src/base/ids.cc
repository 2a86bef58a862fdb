// Identifiers that sort by time.
#include "base/ids.h"

#include "base/error.h"
#include "base/guarded.h"
#include "base/text.h"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace forge {

namespace {

// Milliseconds and the 12 bits of rand_a, used as a counter (RFC 9562 section 6.2, method 1).
struct Last {
    std::uint64_t millis = 0;
    std::uint32_t counter = 0;
};

// Not std::random_device: it asks the processor, which in a virtual machine may take 20 microseconds for four bytes.
std::array<unsigned char, 10> random_bytes_now()
{
    std::array<unsigned char, 10> bytes{};
    if (::getentropy(bytes.data(), bytes.size()) != 0)
        throw errno_error("getentropy");
    return bytes;
}

Last next_stamp(std::uint32_t random_bits)
{
    static Guarded<Last> last;
    auto at = last.access();
    const auto now = static_cast<std::uint64_t>(unix_millis(wall_now()));
    if (now > at->millis) {
        *at = {now, random_bits & 0x7FF};
    } else if (++at->counter > 0xFFF) {
        *at = {at->millis + 1, 0};
    }
    return *at;
}

}

std::string uuid_v7()
{
    const auto random = random_bytes_now();
    const Last stamp = next_stamp(static_cast<std::uint32_t>(random[8] << 8 | random[9]));

    std::array<unsigned char, 16> bytes{};
    for (std::size_t i = 0; i < 6; ++i)
        bytes[i] = static_cast<unsigned char>(stamp.millis >> (40 - 8 * i));
    bytes[6] = static_cast<unsigned char>(0x70 | stamp.counter >> 8);
    bytes[7] = static_cast<unsigned char>(stamp.counter);
    std::copy_n(random.begin(), 8, bytes.begin() + 8);
    bytes[8] = static_cast<unsigned char>(0x80 | (bytes[8] & 0x3F));

    std::string text = hex(bytes);
    for (const std::size_t at : {8U, 13U, 18U, 23U})
        text.insert(at, 1, '-');
    return text;
}

bool is_uuid(std::string_view text)
{
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const bool digit = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
        if (dash ? text[i] != '-' : !digit)
            return false;
    }
    return true;
}

}
