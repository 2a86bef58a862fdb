// From a key that is kept outside to the one that signs now.
#include "audit/key_chain.h"

#include "audit/ledger_days.h"
#include "audit/log_keys.h"
#include "base/error.h"
#include "ledger/entry.h"
#include "ledger/shard_reader.h"
#include "lib/json.h"
#include "os/file.h"

#include <algorithm>
#include <map>

namespace forge {

namespace {

constexpr std::size_t history_limit = 256U << 20;   // of one day
constexpr std::string_view key_type = "ledger.key";
constexpr std::string_view key_member = R"("type":"ledger.key")";

// The leaf that the tree has there must be that line's.
void take_retired(std::string_view line, const PublicLog& log, const PublishedTree& tree,
                  std::map<std::string, std::uint64_t>& retired)
{
    const auto entry = parse_entry(line);
    if (!entry || entry->type != key_type || entry->seq >= tree.checkpoint.size)
        return;
    const Json event = parse_json(entry->event);
    const std::string vkey{event["retire"].as_text()};
    if (vkey.empty())
        return;
    if (log.leaf_proof(entry->seq, tree).leaf != leaf_hash(line))
        throw Error("the line of seq " + std::to_string(entry->seq) + " is not the one that was recorded");
    retired.emplace(vkey, entry->seq);
}

std::uint64_t first_seq_of(std::string_view block)
{
    const auto entry = parse_entry(block.substr(0, block.find('\n')));
    return entry ? entry->seq : 0;
}

}

// Whoever could leave lines out of the folder could leave them out of the history too.
std::map<std::string, std::uint64_t> retired_since(const std::string& root, const PublicLog& log, const PublishedTree& tree,
                                                   std::uint64_t size)
{
    std::map<std::string, std::uint64_t> retired;
    const auto days = ledger_days(root).days;
    bool is_before = false;
    for (auto day = days.rbegin(); day != days.rend() && !is_before; ++day) {
        if (day->form == DayForm::quarantined)
            continue;
        ShardReader reader{root + "/" + file_of(*day)};
        std::string block = reader.next();
        is_before = first_seq_of(block) <= size;
        for (; !block.empty(); block = reader.next())
            for (auto at = block.find(key_member); at != block.npos; at = block.find(key_member, block.find('\n', at))) {
                const auto begin = block.rfind('\n', at) + 1;   // npos + 1 is the block's begin
                take_retired(std::string_view{block}.substr(begin, block.find('\n', at) - begin), log, tree, retired);
            }
    }
    return retired;
}

namespace {

class KeyChain {
public:
    KeyChain(const PublicLog& log, const std::string& root, const PublishedTree& tree, std::uint64_t known_size)
        : log_(log), root_(root), tree_(tree), retired_(retired_since(root, log, tree, known_size))
    {
    }

    std::optional<std::string> walk(const VerifierKey& known)
    {
        if (known.name() != tree_.checkpoint.origin)
            return "the name of the key is not the checkpoint's origin";
        const Note note = Note::parse(tree_.note);
        const auto keys = folder_key_list(root_);
        std::string reason = "signed neither by it nor by a key that came after it";
        trusted_ = {{known, 0}};
        if (has_signed_now(note, known, reason))
            return std::nullopt;
        auto next = std::ranges::find(keys, known, &FolderKey::key);
        if (next == keys.end())
            return reason;
        if (next + 1 != keys.end() && !is_named(*next))
            return not_named(*next);
        for (trusted_.back().from = next->from; ++next != keys.end();)
            if (auto why = why_not_next(*next))
                reason = *why;
            else if (trusted_.push_back(*next); has_signed_now(note, next->key, reason))
                return std::nullopt;
        return reason;
    }

private:
    static std::string who(const FolderKey& key) { return "the key " + key.key.fingerprint(); }
    static std::string not_named(const FolderKey& key) { return "the ledger's lines do not name " + who(key); }

    bool has_signed_now(const Note& note, const VerifierKey& key, std::string& reason) const
    {
        if (!note.is_signed_by(key))
            return false;
        const auto retired = retired_.find(key.text());
        if (retired == retired_.end())
            return true;
        reason = "signed by a key that was retired by the line of seq " + std::to_string(retired->second);
        return false;
    }

    // The key that signed for the next one need not be the last of the list: that may have been given up before it was used.
    std::optional<std::string> why_not_next(const FolderKey& next)
    {
        if (!is_named(next))
            return not_named(next);
        if (next.from <= trusted_.back().from)
            return who(next) + " is older than the one before it";
        for (const FolderKey& key : trusted_)
            if (has_signed(key.key, next.from))
                return std::nullopt;
        return "the line that names " + who(next) + " was not signed by the one before it";
    }

    // The list is no evidence: the key is named by the line that its size says, of ledger.genesis or ledger.key.
    bool is_named(const FolderKey& key)
    {
        const bool is_first = key.from == 0;
        if (key.from > tree_.checkpoint.size || tree_.checkpoint.size == 0)
            return false;
        const TlogProof proof = log_.receipt(is_first ? 0 : key.from - 1, tree_);
        const auto entry = parse_entry(*proof.extra);
        if (!entry || entry->type != (is_first ? "ledger.genesis" : "ledger.key")
            || parse_json(entry->event)["vkey"].as_text() != key.key.text())
            return false;
        day_ = entry->ts.substr(0, 10);
        return true;
    }

    // Among the trees that were published since the day of the line looked at last: of at least so many leaves, before the
    // key was retired, and of this history.
    bool has_signed(const VerifierKey& key, std::uint64_t size)
    {
        const auto retired = retired_.find(key.text());
        const std::uint64_t end = retired == retired_.end() ? tree_.checkpoint.size : retired->second;
        const std::string folder = root_ + "/checkpoints";
        for (const std::string& name : exists(folder) ? names_in(folder) : std::vector<std::string>{}) {
            if (name < day_ || !name.ends_with(".notes"))
                continue;
            const std::string notes = read_file(folder + "/" + name, history_limit);
            for (const std::string_view text : whole_notes(notes)) {
                const Note note = Note::parse(text);
                const Checkpoint old = Checkpoint::parse(note.text);
                if (old.size >= size && old.size <= end && note.is_signed_by(key))
                    return log_.root_of(old.size, tree_.checkpoint) == old.root;
            }
        }
        return false;
    }

    // A note that the daemon is just writing is left for later.
    static std::vector<std::string_view> whole_notes(std::string_view file)
    {
        auto end = file.rfind("\n\n");
        while (end != file.npos && end > 0 && !file.substr(file.rfind('\n', end - 1) + 1).starts_with("\u2014 "))
            end = file.rfind("\n\n", end - 1);
        return notes_in(end == file.npos ? std::string_view{} : file.substr(0, end + 2));
    }

    const PublicLog& log_;
    const std::string& root_;
    const PublishedTree& tree_;
    const std::map<std::string, std::uint64_t> retired_;   // by vkey: the seq of the line that says so
    std::vector<FolderKey> trusted_;                       // in their order, each proven
    std::string day_;
};

}

std::optional<std::string> why_not_signed_for(const PublicLog& log, const std::string& root, const PublishedTree& tree,
                                              const VerifierKey& known, std::uint64_t known_size)
{
    return KeyChain{log, root, tree, known_size}.walk(known);
}

}
