// Publishing.
#include "ledger/publisher.h"

#include <algorithm>

#include "ledger/refusal.h"
#include "ledger/shards.h"

namespace forge {

namespace {

// Some of the time is for signing and writing.
constexpr Millis publish_after = publish_within - Millis{200};

// Both notes' signatures, of each key the newer one; the newer note alone where the texts differ.
std::string merged(const std::string& older, const std::string& newer)
{
    if (older.empty())
        return newer;
    const Note before = Note::parse(older);
    const Note now = Note::parse(newer);
    std::string note = now.text + "\n";
    for (const NoteSignature& signature : now.signatures)
        note += signature.line();
    for (const NoteSignature& signature : before.signatures) {
        const auto is_same = [&](const NoteSignature& other) {
            return other.name == signature.name && other.key_id == signature.key_id;
        };
        if (before.text == now.text && std::ranges::none_of(now.signatures, is_same))
            note += signature.line();
    }
    return note;
}

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

Publisher::Publisher(Io& io, Env& env, std::string root, const Identity& identity, const LogSigners& signers,
                     std::optional<Checkpoint> newest)
    : io_(io), env_(env), root_(std::move(root)), identity_(identity), signers_(signers), newest_(std::move(newest))
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
        io_.replace(root_ + "/days/" + day.day + ".note", signers_.sign(day.text()), 0444);
        io_.set_mode(shard_path(root_, day.day), 0440);
        sealed_.erase(sealed_.begin());
    }
}

void Publisher::append_history(const std::string& note, const std::string& day)
{
    GrowingFile history{io_, root_ + "/checkpoints/" + day + ".notes", 0644};
    constexpr std::uint64_t longest_note = 4096;
    const std::uint64_t looked_at = std::min(history.size(), longest_note);
    const std::uint64_t begin = history.size() - looked_at;
    const std::string last = history.read(begin, static_cast<std::size_t>(looked_at));
    const std::size_t end_of_last = end_of_notes(last);
    const std::uint64_t end = begin + end_of_last;
    if (last.substr(0, end_of_last).ends_with("\n\n" + note + "\n") || last.substr(0, end_of_last) == note + "\n")
        return history.sync();   // a crash came before the checkpoint's turn
    if (end < history.size())
        history.cut(end);   // torn by a crash
    history.append(note + "\n");
    history.sync();
}

std::string Publisher::signed_checkpoint(const LedgerHead& head) const
{
    return signers_.sign(Checkpoint{identity_.origin, head.size(), head.tree.root()}.text());
}

void Publisher::add_cosignatures(std::string_view text, const std::string& lines)
try {
    const std::string note = signers_.sign(text) + lines;
    if (newest_ && newest_->text() == text)
        io_.replace(root_ + "/checkpoint", merged(read_whole(io_, root_ + "/checkpoint"), note), 0644);
    const std::string path = root_ + "/checkpoint.cosigned";
    const std::string before = io_.exists(path) ? read_whole(io_, path) : std::string{};
    const Checkpoint tree = Checkpoint::parse(text);
    if (before.empty() || Checkpoint::parse(Note::parse(before).text).size <= tree.size)
        io_.replace(path, merged(before, note), 0644);
} catch (...) {
    rethrow_classified();
}

void Publisher::publish(const LedgerHead& head)
try {
    sign_days();
    if (head.size() > size()) {
        Checkpoint checkpoint{identity_.origin, head.size(), head.tree.root()};
        const std::string note = signed_checkpoint(head);
        append_history(note, utc_day(head.ts));   // a day that never goes back, as clocks do
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
