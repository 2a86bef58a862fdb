// The bytes of the index of events.
#include "ledger/event_record.h"

#include "base/text.h"
#include "lib/crypto.h"

#include <algorithm>
#include <iterator>

namespace forge {

namespace {

constexpr std::string_view status_names[] = {"", "running", "ok", "invalid", "failed", "cancelled", "unknown"};

std::uint64_t first_bytes(const Hash& hash)
{
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i)
        number = number << 8 | hash[static_cast<std::size_t>(i)];
    return number;
}

}

std::string_view name_of(RunStatus status)
{
    return status_names[static_cast<std::size_t>(status)];
}

RunStatus run_status(std::string_view name)
{
    const auto found = std::find(std::begin(status_names), std::end(status_names), name);
    return found == std::end(status_names) ? RunStatus::none : static_cast<RunStatus>(found - std::begin(status_names));
}

std::uint64_t short_hash(std::string_view text)
{
    return first_bytes(sha256(text));
}

std::uint64_t name_key(NameKind kind, std::string_view text)
{
    const unsigned char byte[] = {static_cast<unsigned char>(kind)};
    return first_bytes(sha256({byte, bytes_of(text)}));
}

std::string stored_name(std::string_view text)
{
    if (text.size() <= sizeof(NameRecord::text))
        return std::string{text};
    return std::string{text.substr(0, 60)} + "#" + hex(sha256(text)).substr(0, 32);
}

}
