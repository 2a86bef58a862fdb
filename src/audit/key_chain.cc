// From a key that is kept outside to the one that signs now.
#include "audit/key_chain.h"

#include "audit/log_keys.h"
#include "base/error.h"
#include "ledger/entry.h"
#include "lib/json.h"
#include "os/file.h"

#include <algorithm>

namespace forge {

namespace {

constexpr std::size_t history_limit = 256U << 20;   // of one day

class KeyChain {
public:
    KeyChain(const PublicLog& log, const std::string& root, const PublishedTree& tree) : log_(log), root_(root), tree_(tree) {}

    std::optional<std::string> walk(VerifierKey key)
    {
        const Note note = Note::parse(tree_.note);
        const auto keys = folder_key_list(root_);
        auto next = std::ranges::find(keys, key, &FolderKey::key);
        if (next != keys.end())
            ++next;
        for (; !note.is_signed_by(key); key = next++->key) {
            if (next == keys.end())
                return "signed neither by it nor by a key that came after it";
            if (auto reason = why_not_next(key, *next))
                return reason;
        }
        if (key.name() != tree_.checkpoint.origin)
            return "the name of the key is not the checkpoint's origin";
        return std::nullopt;
    }

private:
    std::optional<std::string> why_not_next(const VerifierKey& key, const FolderKey& next)
    {
        const std::string who = "the key " + next.key.fingerprint();
        const auto ts = next.from > 0 && next.from <= tree_.checkpoint.size ? time_named(next) : std::nullopt;
        if (!ts)
            return "the ledger's lines do not name " + who;
        if (!has_signed(key, next.from, ts->substr(0, 10)))
            return "the line that names " + who + " was not signed by the one before it";
        return std::nullopt;
    }

    // When the line said so that names the key; nothing when it names another.
    std::optional<std::string> time_named(const FolderKey& key)
    {
        const TlogProof proof = log_.receipt(key.from - 1, tree_);
        const auto entry = parse_entry(*proof.extra);
        if (!entry || entry->type != "ledger.key" || parse_json(entry->event)["vkey"].as_text() != key.key.text())
            return std::nullopt;
        return std::string{entry->ts};
    }

    // Among the trees that were published from that day on: of at least so many leaves, and of this history.
    bool has_signed(const VerifierKey& key, std::uint64_t size, const std::string& day)
    {
        const std::string folder = root_ + "/checkpoints";
        for (const std::string& name : exists(folder) ? names_in(folder) : std::vector<std::string>{}) {
            if (name < day || !name.ends_with(".notes"))
                continue;
            const std::string notes = read_file(folder + "/" + name, history_limit);
            for (const std::string_view text : whole_notes(notes)) {
                const Note note = Note::parse(text);
                const Checkpoint old = Checkpoint::parse(note.text);
                if (old.size >= size && old.size <= tree_.checkpoint.size && note.is_signed_by(key))
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
};

}

std::optional<std::string> why_not_signed_for(const PublicLog& log, const std::string& root, const PublishedTree& tree,
                                              const VerifierKey& known)
{
    return KeyChain{log, root, tree}.walk(known);
}

}
