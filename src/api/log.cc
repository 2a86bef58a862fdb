// The ledger as a transparency log (c2sp.org/tlog-tiles): checkpoint, tiles, entry bundles, proofs, receipts.
#include "api/handlers.h"
#include "base/plain_number.h"
#include "base/text.h"
#include "config/current.h"
#include "ledger/events.h"
#include "ledger/link.h"
#include "ledger/public_log.h"
#include "os/pool.h"

namespace forge::api {

namespace {

constexpr const char* plain_text_type = "text/plain; charset=utf-8";
constexpr const char* bytes_type = "application/octet-stream";
constexpr const char* for_ever = "public, max-age=31536000, immutable";
constexpr const char* for_a_day = "public, max-age=86400";
constexpr const char* for_one_reader = "private, max-age=86400";   // entries: never in a cache that others see
constexpr Millis publish_patience{3000};

PublicLog log_of(const App& app)
{
    return PublicLog{app.settings.get()->ledger_root};
}

Refusal not_found(const std::string& detail)
{
    return Refusal(404, "not_found", detail);
}

Answer text_answer(std::string text)
{
    Answer answer;
    answer.body = std::move(text);
    answer.content_type = plain_text_type;
    return answer;
}

PublishedTree newest_tree(const PublicLog& log)
{
    auto tree = log.newest();
    if (!tree)
        throw not_found("no checkpoint was published yet");
    return std::move(*tree);
}

Answer tile_answer(const Call& call, const std::optional<Tile>& tile)
{
    if (!tile)
        throw not_found("this is not the path of a tile");
    const PublicLog log = log_of(*call.app);
    auto bytes = log.tile(*tile, newest_tree(log).checkpoint.size);
    if (!bytes)
        throw not_found("the published tree has no such tile");
    Answer answer;
    answer.body = std::move(*bytes);
    answer.content_type = bytes_type;
    const bool is_open = tile->kind == TileKind::hashes;
    return answer.with("cache-control", !is_open ? for_one_reader : tile->is_full() ? for_ever : for_a_day);
}

std::uint64_t size_parameter(const Call& call, std::string_view name)
{
    const auto text = call.request.query_value(name);
    const auto size = text ? parse_plain_unsigned(*text) : std::nullopt;
    if (!size)
        throw Refusal(400, "invalid_request", std::string{name} + " must be a tree size, without leading zeros");
    return *size;
}

// A line that was just committed is covered within a second.
Task<void> wait_until_covered(App& app, std::uint64_t size)
{
    const auto tree = log_of(app).newest();
    if (tree && tree->checkpoint.size >= size)
        co_return;
    const Packet request = encode_wait_published(size);
    const LedgerReply reply = co_await app.ledger.ask(request, steady_now() + publish_patience);
    if (!reply.ok)
        throw Refusal(404, "not_published", "no checkpoint covers this line yet");
}

Task<Answer> receipt_answer(App& app, std::string id)
{
    Events& events = app.events;
    auto look = [&events, id]() -> std::optional<std::uint64_t> {
        if (const auto run = events.run(id))
            return run->finished ? run->finished->seq : run->started.seq;
        const auto line = events.line(id);
        return line ? std::optional{line->seq} : std::nullopt;
    };
    auto looking = app.compute.run(std::move(look));
    const std::optional<std::uint64_t> seq = co_await looking;
    if (!seq)
        throw Refusal(404, "event_not_found", "the ledger has no run and no line of this id");
    co_await wait_until_covered(app, *seq + 1);
    auto make = [log = log_of(app), at = *seq] {
        const auto cosigned = log.cosigned();
        const bool is_witnessed = cosigned && cosigned->checkpoint.size > at;
        return log.receipt(at, is_witnessed ? *cosigned : newest_tree(log)).text();
    };
    auto making = app.compute.run(std::move(make));
    std::string text = co_await making;
    co_return text_answer(std::move(text));
}

}

Answer checkpoint(Call& call)
{
    return text_answer(newest_tree(log_of(*call.app)).note);
}

Answer log_tile(Call& call)
{
    return tile_answer(call, Tile::parse(call.values.at(0)));
}

Answer log_entries(Call& call)
{
    return tile_answer(call, Tile::parse("entries/" + call.values.at(0)));
}

Answer log_consistency(Call& call)
{
    const std::uint64_t from = size_parameter(call, "from");
    const std::uint64_t to = size_parameter(call, "to");
    const PublicLog log = log_of(*call.app);
    const Checkpoint tree = newest_tree(log).checkpoint;
    if (from == 0 || from > to || to > tree.size)
        throw Refusal(400, "invalid_request", "from and to must be tree sizes with 0 < from <= to <= " + std::to_string(tree.size));
    Json proof = Json::array();
    for (const Hash& hash : log.consistency(from, to, tree))
        proof.append(base64(hash));
    return json_answer(Json::object({{"from", from}, {"to", to}, {"proof", proof}}));
}

Answer log_day(Call& call)
{
    auto note = log_of(*call.app).day_note(call.values.at(0));
    if (!note)
        throw not_found("no day of this name was sealed");
    return text_answer(std::move(*note));
}

Task<Answer> event_receipt(Call& call)
{
    return receipt_answer(*call.app, call.values.at(0));
}

}
