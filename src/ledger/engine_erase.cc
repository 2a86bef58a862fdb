// The ledger's engine: erasing private values, and the end of a ledger.
#include <algorithm>
#include <set>

#include "base/log.h"
#include "ledger/engine.h"
#include "ledger/refusal.h"
#include "tlog/jcs.h"

namespace forge {

namespace {

constexpr std::size_t seqs_text_limit = 48U << 10;   // of one ledger.redaction line
constexpr Millis pause_after_refusal{5000};
constexpr std::size_t day_size = 10;
constexpr std::string_view sidecar_end = ".jsonl";

std::string text_of_span(const SeqSpan& span)
{
    const std::string first = std::to_string(span.first);
    return span.first == span.last ? first : "[" + first + "," + std::to_string(span.last) + "]";
}

// The days of a month ("2026-11"), or of all months (""), that have private values.
std::vector<std::string> days_with_values(Io& io, const std::string& root, std::string_view month)
{
    std::vector<std::string> days;
    for (const std::string& name : io.names(root + "/private"))
        if (name.size() == day_size + sidecar_end.size() && name.ends_with(sidecar_end) && name.starts_with(month))
            days.push_back(name.substr(0, day_size));
    return days;
}

template <class Look>
void each_value(const std::string& text, Look look)
{
    for (std::size_t begin = 0, end = text.find('\n'); end != std::string::npos; begin = end + 1, end = text.find('\n', begin))
        if (const auto value = parse_sidecar(std::string_view{text}.substr(begin, end - begin)); value && !value->is_erased())
            look(*value);
}

bool is_asked(const RedactRequest& request, std::string_view name)
{
    return request.fields.empty() || std::ranges::find(request.fields, name) != request.fields.end();
}

}

/// What of the ledger a request is about.
struct Engine::Found {
    std::vector<std::uint64_t> seqs{};
    std::vector<SeqSpan> spans{};         // of whole days
    std::set<std::string> days{};
    std::map<std::string, std::set<std::string>> keys{};
    std::uint64_t values = 0;

    void add(const SidecarLine& value, const std::string& day)
    {
        if (seqs.empty() || seqs.back() != value.seq)
            seqs.push_back(value.seq);
        keys[day.substr(0, 7)].emplace(value.dek);
        ++values;
    }
};

std::optional<std::uint64_t> Engine::line_with_id(const std::string& id)
{
    return index_.find(hash_of_id(id), [&](std::uint64_t candidate) { return has_id(candidate, id); });
}

void Engine::look_for(const RedactRequest& request, Found& found)
{
    if (!request.before.empty())
        look_before(request.before, found);
    if (request.subject)
        look_for_subject(request, found);
    for (const std::uint64_t seq : request.seqs)
        look_at_line(seq, request, found);
    if (!request.run.empty()) {
        const auto started = line_with_id(request.run + ".started");
        const auto finished = line_with_id(request.run + ".finished");
        if (!started && !finished)
            throw Refused(Fault::invalid, "run: the ledger has none of this id");
        for (const auto& seq : {started, finished})
            if (seq)
                look_at_line(*seq, request, found);
    }
    for (const auto& [month, keys] : found.keys)
        for (std::string& day : days_with_values(io_, options_.root, month))
            found.days.insert(std::move(day));
}

void Engine::look_at_line(std::uint64_t seq, const RedactRequest& request, Found& found)
{
    if (seq >= head_.size())
        throw Refused(Fault::invalid, "seqs: no line " + std::to_string(seq));
    const LinePlace place = index_.place(seq);
    std::string buffer;
    for (const SidecarLine& value : sidecar_lines(place, seq, buffer))
        if (!value.is_erased() && is_asked(request, value.name))
            found.add(value, place.day);
}

void Engine::look_for_subject(const RedactRequest& request, Found& found)
{
    const std::string tag = tag_of(*request.subject);
    for (const std::string& month : keys_.months()) {
        if (!keys_.has_subject(tag, month))
            continue;
        for (const std::string& day : days_with_values(io_, options_.root, month))
            each_value(read_whole(io_, sidecar_path(options_.root, day)), [&](const SidecarLine& value) {
                if (value.subject == tag && is_asked(request, value.name))
                    found.add(value, day);
            });
    }
}

// Whole days, all of them over.
void Engine::look_before(const std::string& before, Found& found)
{
    for (const std::string& day : days_with_values(io_, options_.root, "")) {
        const auto sealed = std::ranges::find(head_.days, day, &SealedDay::day);
        if (day >= before || sealed == head_.days.end())
            continue;
        const auto next = std::next(sealed);
        found.spans.push_back({sealed->first, (next == head_.days.end() ? head_.day_first : next->first) - 1});
        found.days.insert(day);
        each_value(read_whole(io_, sidecar_path(options_.root, day)), [&](const SidecarLine&) { ++found.values; });
    }
}

ErasurePlan Engine::plan_of(const RedactRequest& request, const Found& found)
{
    ErasurePlan plan;
    plan.id = "ledger.redaction." + hex(env_.random(16));
    plan.seqs = request.before.empty() ? spans_of(found.seqs) : found.spans;
    plan.fields = request.fields;
    plan.days.assign(found.days.begin(), found.days.end());
    for (const auto& [month, ids] : found.keys)
        plan.keys[month].assign(ids.begin(), ids.end());
    plan.keys_first = request.subject && request.fields.empty();
    if (!request.before.empty())
        for (const std::string& month : keys_.months())
            if (month < request.before.substr(0, month.size()) && month < head_.day.substr(0, month.size()))
                plan.months.push_back(month);
    return plan;
}

// The line with the plan's id is the last: when it is there, all are.
std::vector<std::uint64_t> Engine::record_redaction(const RedactRequest& request, const std::string& user, const ErasurePlan& plan)
{
    std::vector<std::string> lists(1);
    for (const SeqSpan& span : plan.seqs) {
        if (lists.back().size() > seqs_text_limit)
            lists.emplace_back();
        lists.back() += (lists.back().empty() ? "" : ",") + text_of_span(span);
    }
    Json fields = Json::array();
    for (const std::string& field : plan.fields)
        fields.append(field);
    const std::string begin = canonical_json(Json::object({{"authoriser", request.authoriser}, {"basis", request.basis}, {"fields", fields}}));
    BatchDraft draft = this->begin();
    std::vector<std::uint64_t> seqs;
    for (const std::string& list : lists) {
        const bool is_last = &list == &lists.back();
        const DraftLine& line = draft.add_own({is_last ? plan.id : "ledger.redaction." + hex(env_.random(16)), "ledger.redaction",
                                               begin.substr(0, begin.size() - 1) + R"(,"seqs":[)" + list + R"(],"user":)"
                                                   + canonical_json(Json{user}) + "}"});
        seqs.push_back(draft.seq_of(line));
    }
    write(draft);
    return seqs;
}

Redacted Engine::redact(const RedactRequest& request, const std::string& user)
try {
    const int ways = int{!request.seqs.empty()} + int{!request.run.empty()} + int{request.subject.has_value()} + int{!request.before.empty()};
    if (ways != 1)
        throw Refused(Fault::invalid, "exactly one of seqs, run, subject, before");
    if (!request.before.empty() && (!parse_rfc3339(request.before + "T00:00:00Z") || !request.fields.empty()))
        throw Refused(Fault::invalid, "before: a day like 2026-11-01, and no fields");
    if (is_frozen_)
        throw Refused(Fault::read_only, "frozen: no line can say any more what is erased, which had to be done before; what may be "
                                        "removed is " + options_.root + "/private as a whole, and with it all private values");
    while (!erasure_.is_idle())
        erase_some();
    Found found;
    look_for(request, found);
    if (found.values == 0)
        return {};
    const ErasurePlan plan = plan_of(request, found);
    publish();
    log_->clear();
    erasure_.plan(plan);
    Redacted redacted{.lines = {}, .values = found.values};
    try {
        redacted.lines = record_redaction(request, user, plan);
    } catch (const Refused&) {
        erasure_.drop();
        throw;
    }
    cover_redaction();
    resume_erasure();
    redacted.days = erasing();
    return redacted;
} catch (const SystemError&) {
    rethrow_classified();
}

// Before a value goes: who reads the ledger meanwhile, or after a power cut, must find why it is gone.  A disk that is full
// does not hold the erasure up.
void Engine::cover_redaction()
try {
    publish();
} catch (const Refused& refused) {
    log(Severity::warning, "an erasure begins that no checkpoint covers yet", {{"error", refused.what()}});
}

// What the disk does not let happen now, tick() does later.
void Engine::resume_erasure()
try {
    erasure_.resume([this](const std::string& id) { return line_with_id(id).has_value(); });
} catch (const Refused& refused) {
    log(Severity::warning, "an erasure waits", {{"error", refused.what()}});
}

void Engine::erase_some()
try {
    if (erasure_.is_idle())
        return;
    const ErasurePlan& plan = erasure_.current();
    if (!erasure_.step(head_.day))
        return;
    if (options_.on_erased && plan.fields.empty())
        options_.on_erased(plan.seqs);
    erasure_.drop();
} catch (const Refused&) {
    erase_after_ = env_.steady() + pause_after_refusal;
    throw;
}

void Engine::seal()
{
    if (!is_frozen_ && utc_day(std::max(env_.wall(), head_.ts)) != head_.day)
        write_seal();
    publish();
}

std::string Engine::freeze(const std::string& reason, const std::string& user)
try {
    if (!is_frozen_)
        commit_own({"ledger.frozen", "ledger.frozen", canonical_json(Json::object({{"reason", reason}, {"user", user}}))});
    is_frozen_ = true;
    publish();
    const std::string note = read_whole(io_, options_.root + "/checkpoint");
    if (!io_.exists(options_.root + "/FROZEN"))
        io_.replace(options_.root + "/FROZEN", note, 0444);
    return note;
} catch (const SystemError&) {
    rethrow_classified();
}

}
