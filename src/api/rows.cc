// Runs as rows.
#include "api/rows.h"

#include "base/text.h"
#include "ledger/entry.h"
#include "ledger/link.h"
#include "tlog/merkle.h"

#include <algorithm>

namespace forge {

namespace {

constexpr Millis look_patience{2000};
constexpr std::size_t tag_digits = 16;   // of a tag, in the index

// A page may have more lines than the ledger reveals at once, or values that are too large for one reply.
Task<void> reveal_into(App& app, RevealRequest request, Revealed& revealed)
{
    const std::vector<std::uint64_t> seqs = std::move(request.seqs);
    std::size_t count = reveal_seqs_limit;
    for (std::size_t at = 0; at < seqs.size();) {
        count = std::min(count, seqs.size() - at);
        request.seqs.assign(seqs.begin() + static_cast<std::ptrdiff_t>(at), seqs.begin() + static_cast<std::ptrdiff_t>(at + count));
        const Packet packet = encode_reveal(request);
        const LedgerReply reply = co_await app.ledger.ask(packet, steady_now() + look_patience);
        if (reply.error == "E_TOO_BIG" && count > 1) {
            count /= 2;
            continue;
        }
        if (!reply.ok)
            throw Error("the ledger does not reveal: " + reply.error + ": " + reply.detail);
        for (RevealedValue& value : decode_revealed(reply))
            revealed.emplace(std::pair{value.seq, value.name}, std::move(value));
        at += count;
    }
}

Json shown(const Revealed& revealed, std::uint64_t seq, const char* name)
{
    const auto value = revealed.find({seq, name});
    return value == revealed.end() ? Json{nullptr} : parse_json(value->second.value);
}

// A value that is committed to and stored nowhere has its key alone, for whoever knows it from elsewhere.
Json json_of(const RevealedValue& revealed)
{
    Json json = Json::object({{"key", revealed.key}});
    if (!revealed.value.empty())
        json.set("value", parse_json(revealed.value));
    return json;
}

Json size_of(const Json& line, const char* name)
{
    const Json size = line["priv"][name]["n"];
    return size ? size : Json{nullptr};
}

}

bool is_own(const LedgerLine& line, const std::string& own)
{
    return !own.empty() && line.subject == std::string_view{own}.substr(0, tag_digits);
}

Task<std::string> subject_tag(App& app, Subject subject)
{
    const Packet packet = encode_subject_tag(subject);
    const LedgerReply reply = co_await app.ledger.ask(packet, steady_now() + look_patience);
    co_return std::string{reply.body["tag"].as_text()};
}

Task<Revealed> reveal(App& app, Caller caller, std::string request_id, std::vector<LedgerLine> lines, std::string own)
{
    RevealRequest mine{.subject = {caller.iss, caller.sub}, .seqs = {}, .names = {}, .request_id = request_id, .others = false};
    RevealRequest others = mine;
    others.others = true;
    for (const LedgerLine& line : lines) {
        if (is_own(line, own))
            mine.seqs.push_back(line.seq);
        else if (!line.subject.empty() && caller.may(Permission::ledger_private))
            others.seqs.push_back(line.seq);
    }
    Revealed revealed;
    co_await reveal_into(app, std::move(mine), revealed);
    co_await reveal_into(app, std::move(others), revealed);
    co_return revealed;
}

std::vector<LedgerLine> lines_of(const RunLines& run)
{
    std::vector<LedgerLine> lines{run.started};
    if (run.finished)
        lines.push_back(*run.finished);
    return lines;
}

std::vector<LedgerLine> lines_of(const std::vector<RunLines>& runs)
{
    std::vector<LedgerLine> all;
    for (const RunLines& run : runs) {
        const auto lines = lines_of(run);
        all.insert(all.end(), lines.begin(), lines.end());
    }
    return all;
}

Json row_of(const RunLines& run, const Revealed& revealed)
{
    const Json started = parse_json(run.started.bytes);
    const Json event = started["event"];
    Json row = Json::object({{"id", event["run"]},
                             {"ts", started["ts"]},
                             {"template", event["template"]["id"]},
                             {"version", event["template"]["version"]},
                             {"profile", event["profile"]},
                             {"status", run.status},
                             {"actor", shown(revealed, run.started.seq, "sub")},
                             {"input", shown(revealed, run.started.seq, "args")},
                             {"output", nullptr},
                             {"inputBytes", size_of(started, "args")},
                             {"mode", event["mode"]},
                             {"started", Json::object({{"index", run.started.seq}})}});
    if (!run.finished)
        return row;
    const Json finished = parse_json(run.finished->bytes);
    row.set("output", shown(revealed, run.finished->seq, "output"));
    row.set("outputBytes", size_of(finished, "output"));
    row.set("finished", Json::object({{"index", run.finished->seq}, {"ts", finished["ts"]}}));
    for (const char* const name : {"simulated", "basis", "schema", "usage", "duration_us"})
        row.set(name, finished["event"][name]);
    return row;
}

Json line_json(const LedgerLine& line, const Revealed& revealed)
{
    Json json = Json::object({{"index", line.seq}, {"leaf", hex(leaf_hash(line.bytes))}, {"line", line.bytes}});
    Json values = Json::object();
    for (const auto& [place, value] : revealed)
        if (place.first == line.seq)
            values.set(place.second, json_of(value));
    if (values.size() > 0)
        json.set("private", values);
    return json;
}

}
