// Refusals for want of a token or a right, on their way to the ledger.
#include "api/denied.h"

#include "api/routes.h"
#include "base/log.h"
#include "ledger/link.h"
#include "metrics/metrics.h"
#include "tlog/jcs.h"

#include <algorithm>
#include <array>

namespace forge {

namespace {

constexpr std::array<std::string_view, 3> denials{"missing_bearer", "invalid_token", "forbidden"};
constexpr Millis patience{5000};

// An address is no subject of any issuer: its data key is found under a name that no issuer can have.
constexpr const char* issuer_of_addresses = "address";

LedgerEvent event_of(const Denied& denied, Millis window)
{
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(window).count();
    const std::string begin = rfc3339(denied.begin).substr(0, 19) + "Z";
    LedgerEvent event{.id = denied.id,
                      .type = "access.denied",
                      .event = canonical_json(Json::object({{"reason", denied.reason},
                                                            {"route", denied.route},
                                                            {"count", denied.count},
                                                            {"window", begin + "/PT" + std::to_string(seconds) + "S"}}))};
    const auto& [iss, sub, address] = denied.caller;
    if (!sub.empty())
        event.subject = Subject{iss, sub};
    else if (!address.empty())
        event.subject = Subject{issuer_of_addresses, address};
    if (event.subject)
        event.priv.push_back({sub.empty() ? "address" : "sub", canonical_json(Json{event.subject->sub})});
    return event;
}

}

void note_denied(App& app, const Answer& answer, const DeniedCaller& caller, std::size_t route)
{
    static const std::size_t routes = route_labels().size();
    if (std::ranges::find(denials, answer.code) == denials.end() || route >= routes)
        return;
    if (!app.denied.note(caller, answer.code, route_label(route)))
        ++app.metrics.denied_uncounted();
}

Task<void> record_denied(DeniedCounts& counts, LedgerLink& ledger, Metrics& metrics)
{
    for (const Denied& denied : counts.take()) {
        try {
            const Packet packet = encode_append(event_of(denied, counts.window()));
            const LedgerReply reply = co_await ledger.ask(packet, steady_now() + patience);
            counts.done(denied.id);
            if (reply.ok)
                ++metrics.denied_entries();
            else   // a fault of ours, which asking again does not mend
                log(Severity::error, "access.denied is not recorded: " + reply.error + ": " + reply.detail);
        } catch (const Error& error) {
            log(Severity::warning, "access.denied is not recorded yet", {{"reason", error.what()}});
            co_return;
        }
    }
}

}
