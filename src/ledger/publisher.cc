// Publishing.
#include "ledger/publisher.h"

#include "ledger/refusal.h"
#include "ledger/shards.h"

namespace forge {

namespace {

// Some of the time is for signing and writing.
constexpr Millis publish_after = publish_within - Millis{200};

// The end of the last whole note: its last line is a signature, and an empty line follows.
std::size_t end_of_notes(std::string_view file)
{
    for (std::size_t end = file.rfind("\n\n"); end != std::string_view::npos && end > 0; end = file.rfind("\n\n", end - 1)) {
        const std::size_t line = file.rfind('\n', end - 1);
        if (file.substr(line == std::string_view::npos ? 0 : line + 1).starts_with("\xE2\x80\x94 "))
            return end + 2;
    }
    return 0;
}

}

Publisher::Publisher(Io& io, Env& env, std::string root, const Identity& identity, std::optional<Checkpoint> newest)
    : io_(io), env_(env), root_(std::move(root)), identity_(identity), newest_(std::move(newest))
{
}

void Publisher::note_commit(std::uint64_t size)
{
    if (!due_ && (size > this->size() || !sealed_.empty()))
        due_ = env_.steady() + publish_after;
}

void Publisher::sign_days()
{
    while (!sealed_.empty()) {
        const DayNote& day = sealed_.front();
        io_.replace(root_ + "/days/" + day.day + ".note", identity_.signer.sign(day.text()), 0444);
        io_.set_mode(shard_path(root_, day.day), 0440);
        sealed_.erase(sealed_.begin());
    }
}

void Publisher::append_history(const std::string& note)
{
    GrowingFile history{io_, root_ + "/checkpoints/" + utc_day(env_.wall()) + ".notes", 0644};
    constexpr std::uint64_t longest_note = 4096;
    const std::uint64_t looked_at = std::min(history.size(), longest_note);
    const std::uint64_t begin = history.size() - looked_at;
    const std::uint64_t end = begin + end_of_notes(history.read(begin, static_cast<std::size_t>(looked_at)));
    if (end < history.size())
        history.cut(end);   // torn by a crash
    history.append(note + "\n");
    history.sync();
}

std::string Publisher::signed_checkpoint(const LedgerHead& head) const
{
    return identity_.signer.sign(Checkpoint{identity_.origin, head.size(), head.tree.root()}.text());
}

void Publisher::publish(const LedgerHead& head)
try {
    sign_days();
    if (head.size() > size()) {
        Checkpoint checkpoint{identity_.origin, head.size(), head.tree.root()};
        const std::string note = signed_checkpoint(head);
        append_history(note);
        io_.replace(root_ + "/checkpoint", note, 0644);
        newest_ = std::move(checkpoint);
        time_ = env_.wall();
        io_.replace(root_ + "/state/head", head.serialise(), 0600);
    }
    due_.reset();
} catch (...) {
    rethrow_classified();
}

}
