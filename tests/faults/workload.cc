// What a client asks for while faults happen, and what it must find afterwards.
#include "workload.h"

#include "base/error.h"

namespace forge::test {

LedgerEvent Workload::event(std::size_t size)
{
    return {"f" + std::to_string(count_++), "job.fault", R"({"filler":")" + std::string(size, 'x') + "\"}"};
}

bool Workload::ask(const std::vector<LedgerEvent>& events, Want want)
try {
    LedgerClient client{daemon_.socket(), Millis{20'000}};
    const bool is_one = events.size() == 1;
    const LedgerReply reply = client.call(is_one ? encode_append(events[0], want) : encode_appendv(events, want));
    if (!reply.ok)
        throw Error("refused: " + reply.error + ": " + reply.detail);
    const auto acks = is_one ? std::vector<LedgerAck>{{reply.seq, reply.leaf}} : decode_acks(reply);
    for (std::size_t i = 0; i < events.size(); ++i)
        acked_.emplace(events[i].id, Acked{acks.at(i).seq, acks[i].leaf});
    code_.clear();
    return true;
} catch (const LedgerUnavailable& error) {
    code_ = error.reason;
    (error.reason == "not reachable" ? unknown_ : refused_).push_back(events);
    return error.reason != "not reachable";
}

void Workload::run()
{
    LedgerEvent with_value = event(10);
    with_value.priv.push_back({"sub", "\"somebody\""});
    with_value.subject = Subject{"https://issuer.example", "somebody"};
    const std::vector<std::vector<LedgerEvent>> all{
        {event(100)}, {with_value}, {event(1), event(2), event(3)}, {event(50'000)}, {event(5)}};
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!ask(all[i], i % 2 ? Want::leaf : Want::receipt))
            return;
        if (i != 2)
            continue;
        try {
            LedgerClient{daemon_.socket(), Millis{20'000}}.call(encode_seal());
        } catch (const LedgerUnavailable& error) {
            if (error.reason == "not reachable")
                return;
        }
    }
}

std::string Workload::append(std::size_t size)
{
    ask({event(size)}, Want::leaf);
    return code_;
}

void Workload::check() const
{
    const auto lines = lines_of(daemon_.root());
    for (const auto& [id, ack] : acked_) {
        const auto found = lines.find(id);
        if (found == lines.end() || found->second.seq != ack.seq || found->second.leaf != ack.leaf)
            throw Error(id + " was acknowledged as line " + std::to_string(ack.seq) + (found == lines.end() ? " and is lost" : " and is another"));
    }
    for (const auto& events : refused_)
        for (const LedgerEvent& event : events)
            if (lines.contains(event.id))
                throw Error(event.id + " was refused and is in the ledger");
}

void Workload::ask_again()
{
    auto pending = std::move(unknown_);
    pending.insert(pending.end(), refused_.begin(), refused_.end());
    unknown_.clear();
    refused_.clear();
    for (const auto& events : pending) {
        ask(events, Want::leaf);
        if (!code_.empty())
            throw Error(events[0].id + ": asked again: " + code_);
    }
}

}
