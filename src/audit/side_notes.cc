// What is signed beside the newest checkpoint.
#include "audit/side_notes.h"

#include "base/error.h"
#include "os/file.h"

#include <algorithm>
#include <set>

namespace forge {

namespace {

constexpr const char* cosigned_file = "checkpoint.cosigned";
constexpr const char* frozen_file = "FROZEN";
constexpr const char* list_file = "keys/log.vkeys";
constexpr std::size_t note_limit = 1U << 20;

// As it is written when the line of this seq is the last that speaks of keys.
std::string list_at(const std::vector<KeyInTree>& keys, std::uint64_t seq)
{
    std::string text;
    for (const KeyInTree& key : keys)
        if (key.seq <= seq)
            text += key.vkey + " " + std::to_string(key.seq == 0 ? 0 : key.seq + 1) + " "
                    + (key.retired && *key.retired <= seq ? std::to_string(*key.retired + 1) : "-") + "\n";
    return text;
}

}

SideNotes::SideNotes(std::string root, const LogKeys& keys, Flaws& findings)
    : root_(std::move(root)), findings_(findings), cosigned_(read_note(cosigned_file, keys)),
      last_(read_note(frozen_file, keys)), key_list_(read_key_list())
{
}

std::optional<Checkpoint> SideNotes::read_note(const std::string& file, const LogKeys& keys)
try {
    if (kind_of(root_ + "/" + file) == FileKind::none)
        return std::nullopt;
    return keys.open_checkpoint(read_regular(root_ + "/" + file, note_limit));
} catch (const SystemError&) {
    throw;
} catch (const Error& error) {
    found(file, std::string{"does not hold: "} + error.what());
    return std::nullopt;
}

// One that cannot be read is found where the keys are read.
std::string SideNotes::read_key_list() const
try {
    return read_regular(root_ + "/" + list_file, note_limit);
} catch (const Error&) {
    return {};
}

// Where lines are damaged or missing, what they would say is not known.
void SideNotes::finish(const std::optional<Checkpoint>& newest, bool is_frozen, const std::vector<KeyInTree>& keys)
{
    if (newest && cosigned_ && cosigned_->size > newest->size)
        found(cosigned_file,
              "of " + std::to_string(cosigned_->size) + " lines, the checkpoint covers " + std::to_string(newest->size));
    if (findings_.exit_code() != 0)
        return;
    if (last_ && !is_frozen)
        found(frozen_file, "no line of the ledger says so");
    else if (last_ && newest && last_ != newest)
        found(frozen_file, "not the last checkpoint");
    check_key_list(keys);
}

// It follows the lines: a crash, or a look in between, finds it one line behind.
void SideNotes::check_key_list(const std::vector<KeyInTree>& keys)
{
    if (kind_of(root_ + "/" + list_file) == FileKind::none)
        return found(list_file, "missing");
    std::set<std::uint64_t> changes;
    for (const KeyInTree& key : keys) {
        changes.insert(key.seq);
        if (key.retired)
            changes.insert(*key.retired);
    }
    const auto is_list_of = [&](const std::string& text, std::size_t behind) {
        std::size_t at = 0;
        return std::any_of(changes.rbegin(), changes.rend(),
                           [&](std::uint64_t seq) { return at++ <= behind && text == list_at(keys, seq); });
    };
    const std::string now = read_key_list();
    if (!is_list_of(key_list_, changes.size()) || (now == key_list_ && !is_list_of(now, 1)))
        found(list_file, "not what the ledger's lines say: the sizes from and to which each key signs");
}

}
