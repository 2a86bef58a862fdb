// The lines that a query of the ledger's events matches.
#include "ledger/event_walk.h"

namespace forge {

namespace {

constexpr std::size_t subject_digits = 16;   // of a tag, in the index

}

EventWalk::EventWalk(const EventIndexView& view, const EventQuery& query) : view_(view), query_(query)
{
    type_ = view.name(NameKind::type, query.type.empty() ? "run.started" : query.type);
    template_ = view.name(NameKind::template_id, query.template_id);
    profile_ = view.name(NameKind::profile, query.profile);
    if (query.subject)
        subject_ = view.name(NameKind::subject, query.subject->substr(0, subject_digits));
    const bool runs = query.type.empty() || query.type == "run.started";
    chain_ = query.subject ? by_subject : runs && !query.template_id.empty() ? by_template : by_type;
    name_ = chain_ == by_subject ? subject_ : chain_ == by_template ? template_ : type_;
    impossible_ = name_ == 0 || type_ == 0 || (!query.template_id.empty() && template_ == 0)
                  || (!query.profile.empty() && profile_ == 0);
}

std::optional<std::uint64_t> EventWalk::first() const
{
    return impossible_ ? std::nullopt : matching(view_.newest(name_, chain_));
}

std::optional<std::uint64_t> EventWalk::next(std::uint64_t seq) const
{
    return matching(view_.previous(seq, chain_));
}

bool EventWalk::is_in_chain(std::uint64_t seq) const
{
    const EventRecord& record = view_.record(seq);
    const NameKind kind = chain_ == by_subject ? NameKind::subject : chain_ == by_template ? NameKind::template_id : NameKind::type;
    return !impossible_ && record.names[static_cast<std::size_t>(kind)] == name_
           && record.names[static_cast<std::size_t>(NameKind::type)] == type_;
}

std::size_t EventWalk::total() const
{
    if (impossible_)
        return 0;
    const bool whole_chain = chain_ != by_subject && query_.profile.empty() && query_.status.empty() && !query_.since
                             && !query_.until && (chain_ == by_template || query_.template_id.empty());
    if (whole_chain)
        return view_.chain_size(name_, chain_);
    std::size_t count = 0;
    for (auto seq = first(); seq; seq = next(*seq))
        ++count;
    return count;
}

std::optional<std::uint64_t> EventWalk::matching(std::optional<std::uint64_t> seq) const
{
    while (seq && !matches(*seq)) {
        if (query_.since && is_before(*seq, *query_.since))
            return std::nullopt;
        seq = view_.previous(*seq, chain_);
    }
    return seq;
}

bool EventWalk::is_before(std::uint64_t seq, WallTime time) const
{
    return view_.record(seq).ts < time.time_since_epoch().count();
}

bool EventWalk::matches(std::uint64_t seq) const
{
    const EventRecord& record = view_.record(seq);
    const auto is = [&](NameKind kind, Link name) { return record.names[static_cast<std::size_t>(kind)] == name; };
    return is(NameKind::type, type_) && (query_.template_id.empty() || is(NameKind::template_id, template_))
           && (query_.profile.empty() || is(NameKind::profile, profile_))
           && (query_.status.empty() || name_of(view_.status(seq)) == query_.status)
           && !(query_.since && is_before(seq, *query_.since)) && !(query_.until && !is_before(seq, *query_.until));
}

}
