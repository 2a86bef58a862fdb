// Fuzz target: a packet on the ledger's socket is refused, or its events make canonical lines that say what was asked.
#include "base/error.h"
#include "ledger/entry.h"
#include "ledger/requests.h"
#include "tlog/jcs.h"

#include <cstdint>
#include <cstdlib>

namespace {

void check_line(const forge::LedgerEvent& event)
{
    const std::string zeros(64, '0');
    try {
        const std::string line = forge::entry_line({.actor = "fuzz", .event = event.event, .id = event.id, .prev = zeros, .priv = {},
                                                    .salt = zeros.substr(32), .seq = 1, .ts = "2026-11-23T00:00:00.000001Z",
                                                    .type = event.type});
        const auto entry = forge::parse_entry(line);
        if (forge::canonical_error(line) || !entry || entry->event != event.event || entry->id != event.id || entry->type != event.type)
            std::abort();
    } catch (const forge::Refused& refused) {
        if (refused.fault != forge::Fault::too_big)
            std::abort();
    }
}

void check_request(std::string_view bytes)
{
    try {
        const auto request = forge::decode_request({std::string{bytes}, {}});
        for (const forge::LedgerEvent& event : request.events)
            check_line(event);
        if (request.operation == forge::Operation::append && forge::decode_request(forge::encode_append(request.events.at(0))).events.size() != 1)
            std::abort();
    } catch (const forge::Refused&) {   // NOLINT(bugprone-empty-catch): refused, as it may be
    }
}

void check_reply(std::string_view bytes)
{
    try {
        const auto reply = forge::decode_reply(bytes);
        static_cast<void>(forge::decode_acks(reply));
        static_cast<void>(forge::decode_revealed(reply));
    } catch (const forge::Error&) {   // NOLINT(bugprone-empty-catch): refused, as it may be
    }
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    check_request(bytes);
    check_reply(bytes);
    return 0;
}
