// The ledger for those who read it: runs, lines, figures, the checkpoint.
#include "api/admission.h"
#include "api/handlers.h"
#include "api/rows.h"
#include "base/text.h"
#include "tlog/checkpoint.h"

namespace forge::api {

namespace {

std::optional<WallTime> time_parameter(const Call& call, std::string_view name)
{
    if (!call.request.has_query(name))
        return std::nullopt;
    const auto text = call.request.query_value(name);
    const auto time = text ? parse_rfc3339(*text) : std::nullopt;
    if (!time)
        throw Refusal(400, "invalid_request", std::string{name} + " must be a time like 2026-11-23T00:00:00Z");
    return time;
}

std::string text_parameter(const Call& call, std::string_view name)
{
    if (!call.request.has_query(name))
        return {};
    const auto text = call.request.query_value(name);
    if (!text || text->empty() || text->size() > 256)
        throw Refusal(400, "invalid_request", std::string{name} + " must be a text of 1 to 256 bytes");
    return *text;
}

EventQuery query_of(const Call& call)
{
    EventQuery query;
    query.template_id = text_parameter(call, "template");
    query.profile = text_parameter(call, "profile");
    query.status = text_parameter(call, "status");
    query.type = text_parameter(call, "type");
    query.since = time_parameter(call, "since");
    query.until = time_parameter(call, "until");
    query.cursor = text_parameter(call, "cursor");
    query.limit = number_parameter(call, "limit", 50, 1, 500);
    if (!query.status.empty() && run_status(query.status) == RunStatus::none)
        throw Refusal(400, "invalid_request", "status must be running, ok, invalid, failed, cancelled or unknown");
    return query;
}

Json rows_of(const EventPage& page, const Revealed& revealed)
{
    Json rows = Json::array();
    for (const RunLines& run : page.runs)
        rows.append(row_of(run, revealed));
    for (const LedgerLine& line : page.lines)
        rows.append(line.bytes);
    return rows;
}

/// Whose runs are asked for, besides what the query says.
struct Whose {
    Caller caller;
    std::string request_id;
    std::string actor;    // empty: everybody's
};

Task<Answer> events_answer(App& app, EventQuery query, Whose whose)
{
    Subject self{whose.caller.iss, whose.caller.sub};
    const std::string own = co_await subject_tag(app, std::move(self));
    if (whose.actor == whose.caller.sub)
        query.subject = own;
    if (!whose.actor.empty() && whose.actor != whose.caller.sub) {
        Subject other{whose.caller.iss, whose.actor};
        query.subject = co_await subject_tag(app, std::move(other));
    }
    Events& events = app.events;
    auto look = [&events, query] { return events.find(query); };
    auto looking = app.compute.run(std::move(look));
    const std::optional<EventPage> page = co_await looking;
    if (!page)
        throw Refusal(400, "invalid_request", "cursor is none of ours: start again without it");
    std::vector<LedgerLine> seen = lines_of(page->runs);
    const Revealed revealed = co_await reveal(app, whose.caller, whose.request_id, std::move(seen), own);
    Json body = Json::object({{"total", page->total}, {"rows", rows_of(*page, revealed)}});
    body.set("next", page->next.empty() ? Json{nullptr} : Json{page->next});
    co_return json_answer(body);
}

Json checkpoint_json(const std::optional<std::string>& note)
{
    if (!note)
        return Json{nullptr};
    const Checkpoint published = Checkpoint::parse(std::string_view{*note}.substr(0, note->find("\n\n") + 1));
    return Json::object({{"size", published.size}, {"root", base64(published.root)}});
}

Task<Answer> event_answer(App& app, std::string id, Whose whose)
{
    Events& events = app.events;
    auto look = [&events, id] {
        if (auto run = events.run(id))
            return lines_of(*run);
        const auto line = events.line(id);
        return line ? std::vector{*line} : std::vector<LedgerLine>{};
    };
    auto looking = app.compute.run(std::move(look));
    const std::vector<LedgerLine> lines = co_await looking;
    if (lines.empty())
        throw Refusal(404, "event_not_found", "the ledger has no run and no line of this id");
    Subject self{whose.caller.iss, whose.caller.sub};
    const std::string own = co_await subject_tag(app, std::move(self));
    const Revealed revealed = co_await reveal(app, whose.caller, whose.request_id, lines, own);
    const Json published = checkpoint_json(events.checkpoint());
    Json list = Json::array();
    for (const LedgerLine& line : lines)
        list.append(line_json(line, revealed).set("covered", published["size"].as_integer() > static_cast<std::int64_t>(line.seq)));
    co_return json_answer(Json::object({{"id", id}, {"lines", list}, {"checkpoint", published}}));
}

}

Task<Answer> list_events(Call& call)
{
    const std::string actor = text_parameter(call, "actor");
    if (!actor.empty() && actor != call.caller.sub)
        require(call, Permission::ledger_private);
    return events_answer(*call.app, query_of(call), {call.caller, call.request.id, actor});
}

Task<Answer> list_executions(Call& call)
{
    if (!call.caller.may(Permission::ledger_read))
        require(call, Permission::execute_run);
    EventQuery query = query_of(call);
    query.type.clear();
    return events_answer(*call.app, std::move(query),
                         {call.caller, call.request.id, call.caller.may(Permission::ledger_read) ? "" : call.caller.sub});
}

Task<Answer> show_event(Call& call)
{
    return event_answer(*call.app, call.values.at(0), {call.caller, call.request.id, ""});
}

Answer ledger_stats(Call& call)
{
    Json stats = call.app->events.stats();
    stats.set("checkpoint", checkpoint_json(call.app->events.checkpoint()));
    return json_answer(stats);
}

Answer metrics_forge(Call& call)
{
    const auto now = wall_now();
    const auto note = call.app->events.checkpoint();
    const Json published = checkpoint_json(note);
    return json_answer(Json::object({{"ok", true},
                                     {"ts", rfc3339(now)},
                                     {"day", utc_day(now)},
                                     {"eventsToday", call.app->events.events_today()},
                                     {"lastRoot", note ? Json{hex(from_base64(published["root"].as_text()).value())} : Json{nullptr}}}));
}

}
