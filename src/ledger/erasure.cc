// Erasing private values.
#include "ledger/erasure.h"

#include <algorithm>

#include "base/log.h"
#include "ledger/refusal.h"
#include "lib/json.h"
#include "tlog/slices.h"

namespace forge {

namespace {

Json json_of(const std::vector<std::string>& texts)
{
    Json list = Json::array();
    for (const std::string& text : texts)
        list.append(text);
    return list;
}

std::vector<std::string> texts_of(const Json& list)
{
    std::vector<std::string> texts;
    for (const Json& text : list.items())
        texts.emplace_back(text.as_text());
    return texts;
}

}

std::vector<SeqSpan> spans_of(std::vector<std::uint64_t> seqs)
{
    std::ranges::sort(seqs);
    std::vector<SeqSpan> spans;
    for (const std::uint64_t seq : seqs)
        if (!spans.empty() && seq <= spans.back().last + 1)
            spans.back().last = seq;
        else
            spans.push_back({seq, seq});
    return spans;
}

bool ErasurePlan::covers(std::uint64_t seq, std::string_view name) const
{
    const auto after = std::ranges::upper_bound(seqs, seq, {}, &SeqSpan::first);
    return after != seqs.begin() && std::prev(after)->last >= seq
           && (fields.empty() || std::ranges::find(fields, name) != fields.end());
}

std::string ErasurePlan::serialise() const
{
    Json spans = Json::array();
    for (const auto& [first, last] : seqs)
        spans.append(Json::array({first, last}));
    Json by_month = Json::object();
    for (const auto& [month, ids] : keys)
        by_month.set(month, json_of(ids));
    return dump(Json::object({{"id", id}, {"seqs", spans}, {"fields", json_of(fields)}, {"days", json_of(days)}, {"keys", by_month},
                              {"keys_first", keys_first}, {"months", json_of(months)}})) + "\n";
}

ErasurePlan ErasurePlan::parse(std::string_view text)
{
    const Json json = parse_json(text);
    ErasurePlan plan;
    plan.id = json["id"].as_text();
    for (const Json& span : json["seqs"].items())
        plan.seqs.push_back({static_cast<std::uint64_t>(span.at(0).as_integer()), static_cast<std::uint64_t>(span.at(1).as_integer())});
    plan.fields = texts_of(json["fields"]);
    plan.days = texts_of(json["days"]);
    for (const auto& [month, ids] : json["keys"].members())
        plan.keys[std::string{month}] = texts_of(ids);
    plan.keys_first = json["keys_first"].as_bool();
    plan.months = texts_of(json["months"]);
    if (plan.id.empty())
        throw Error("no plan of an erasure");
    return plan;
}

Erasure::Erasure(Io& io, const std::string& root, DataKeys& keys, PrivateValues& values, Shards& shards, LeafOf leaf)
    : io_(io), path_(root + "/state/erasing"), root_(root), keys_(keys), values_(values), shards_(shards), leaf_(std::move(leaf))
{
}

void Erasure::resume(const std::function<bool(const std::string& id)>& is_recorded)
{
    if (!io_.exists(path_))
        return;
    try {
        plan_ = ErasurePlan::parse(read_whole(io_, path_));
    } catch (const SystemError&) {
        throw;
    } catch (const Error& error) {
        throw LedgerDamaged(path_ + ": " + error.what());
    }
    if (is_recorded(plan_.id))
        begin();
    else
        drop();
}

void Erasure::plan(ErasurePlan plan)
try {
    plan_ = std::move(plan);
    io_.replace(path_, plan_.serialise(), 0600);
} catch (const SystemError&) {
    rethrow_classified();
}

void Erasure::drop()
try {
    plan_ = {};
    io_.remove(path_);
    io_.sync_folder(root_ + "/state");
} catch (const SystemError&) {
    rethrow_classified();
}

void Erasure::begin()
{
    is_begun_ = true;
    next_ = 0;
    retire_keys();
    if (plan_.keys_first)
        destroy_keys();
}

bool Erasure::step(const std::string& today)
{
    if (is_idle())
        return false;
    retire_keys();   // what a month's file was read anew for has forgotten it
    if (next_ < plan_.days.size()) {
        rewrite(plan_.days[next_], plan_.days[next_] >= today);
        ++next_;
        return false;
    }
    destroy_keys();
    is_begun_ = false;
    return true;
}

void Erasure::retire_keys()
{
    for (const auto& [month, ids] : plan_.keys)
        for (const std::string& id : ids)
            keys_.retire(id, month);
}

void Erasure::destroy_keys()
{
    for (const auto& [month, ids] : plan_.keys)
        keys_.destroy(ids, month);
    for (const std::string& month : plan_.months)
        keys_.destroy_month(month);
}

void Erasure::rewrite(const std::string& day, bool is_today)
try {
    if (!shards_.has_sidecar(day))
        return;
    const std::string path = sidecar_path(root_, day);
    const std::string text = read_whole(io_, path);
    std::size_t kept = 0;
    const std::string now = rewritten(text, day, kept);
    keys_.save();
    if (kept == 0 && !is_today) {
        io_.remove(path);
        io_.sync_folder(root_ + "/private");
    } else if (now != text) {
        io_.replace(path, now, 0600);
    }
    shards_.close_sidecar();   // it may be open on the file that was replaced
} catch (const SystemError&) {
    rethrow_classified();
}

std::string Erasure::rewritten(const std::string& text, const std::string& day, std::size_t& kept)
{
    std::string now;
    now.reserve(text.size());
    const auto keys = plan_.keys.find(day.substr(0, 7));
    const auto is_retired = [&](std::string_view dek) {
        return keys != plan_.keys.end() && std::ranges::find(keys->second, dek) != keys->second.end();
    };
    for (std::size_t begin = 0, end = text.find('\n'); end != std::string::npos; begin = end + 1, end = text.find('\n', begin)) {
        const std::string_view line = std::string_view{text}.substr(begin, end - begin);
        const auto value = parse_sidecar(line);
        const bool goes = value && !value->is_erased() && plan_.covers(value->seq, value->name);
        if (goes)
            now += erased_line(*value, line.size()) + "\n";
        else if (value && is_retired(value->dek))
            now += resealed(*value, line, day);
        else
            now.append(line).append("\n");
        kept += !goes && !(value && value->is_erased());
    }
    if (now.size() != text.size())
        throw LedgerFailed("private/" + day + ".jsonl would change its length");
    return now;
}

// Under the subject's new key.  A value that has no key any more has gone before; one that cannot be opened stays as it
// is, and so does its key.
std::string Erasure::resealed(const SidecarLine& value, std::string_view line, const std::string& day)
try {
    const Hash leaf = leaf_(value.seq);
    const auto opened = values_.open(value, leaf, day);
    if (!opened)
        return erased_line(value, line.size()) + "\n";
    return values_.seal(value.seq, leaf, day, std::string{value.subject}, {*opened});
} catch (const LedgerDamaged& damage) {
    log(Severity::error, "an erasure keeps a data key that a damaged value needs", {{"error", damage.what()}});
    std::erase(plan_.keys[day.substr(0, 7)], value.dek);
    return std::string{line} + "\n";
}

}
