// What a witness of other logs remembers of each.
#include "audit/witness_book.h"

#include "base/error.h"
#include "os/file.h"

#include <unistd.h>

#include <algorithm>

namespace forge {

namespace {

constexpr std::size_t note_limit = 1U << 20;
constexpr std::string_view file_end = ".note";
constexpr std::string_view crash_leaves = ".tmp-";
constexpr std::string_view size_type = "text/x.tlog.size";

std::string file_name(const std::string& origin)
{
    return hex(sha256(origin)) + std::string{file_end};
}

HttpAnswer refusal(int status, const std::string& why)
{
    return {status, why + "\n"};
}

HttpAnswer conflict(std::uint64_t size)
{
    return {409, std::to_string(size) + "\n", std::string{size_type}};
}

// About an empty tree nothing can be proven, and nothing need be.
bool is_continued(std::uint64_t size, const Hash& root, const AddCheckpoint& request, const Checkpoint& tree)
{
    return size == 0 ? request.proof.empty() : verify_consistency(size, tree.size, root, tree.root, request.proof);
}

}

WitnessBook::WitnessBook(Policy policy, Cosigner cosigner, std::string folder)
    : policy_(std::move(policy)), cosigner_(std::move(cosigner)), folder_(std::move(folder))
{
    for (const std::string& name : names_in(folder_))
        if (name.starts_with(crash_leaves))
            ::unlink((folder_ + "/" + name).c_str());
        else if (name.ends_with(file_end))
            remember(name);
}

void WitnessBook::remember(const std::string& name)
try {
    const Note note = Note::parse(read_file(folder_ + "/" + name, note_limit));
    const Checkpoint tree = Checkpoint::parse(note.text);
    std::optional<std::uint64_t> seconds;
    for (const NoteSignature& signature : note.signatures)
        if (const auto when = cosigner_.verifier_key().verify(note.text, signature))
            seconds = when;
    if (file_name(tree.origin) != name)
        throw Error("the checkpoint of another log, " + tree.origin);
    if (!seconds)
        throw Error("not cosigned by this witness");
    newest_.access()->by_origin[tree.origin] = {tree.size, tree.root, *seconds};
} catch (const Error& error) {
    throw Error(folder_ + "/" + name + ": " + error.what());
}

bool WitnessBook::knows(const std::string& origin) const
{
    return std::ranges::any_of(policy_.logs(), [&](const Policy::Log& log) { return log.key.name == origin; });
}

// One line for each key of the log that is known here and that signed.
std::string WitnessBook::signatures_of_log(const Note& note, const std::string& origin) const
{
    std::string lines;
    for (const Policy::Log& log : policy_.logs()) {
        if (log.key.name != origin || log.key.type != static_cast<unsigned char>(KeyType::ed25519))
            continue;
        const VerifierKey key{origin, log.key.key};
        const auto is_its = [&](const NoteSignature& signature) { return signature.name == origin && signature.key_id == key.key_id(); };
        if (note.is_signed_by(key))
            lines += std::ranges::find_if(note.signatures, is_its)->line();
    }
    return lines;
}

HttpAnswer WitnessBook::add_checkpoint(std::string_view body, WallTime now)
{
    AddCheckpoint request;
    try {
        request = AddCheckpoint::parse(body);
    } catch (const Error& error) {
        return refusal(400, error.what());
    }
    const Note note = Note::parse(request.checkpoint);
    const Checkpoint tree = Checkpoint::parse(note.text);
    if (!knows(tree.origin))
        return refusal(404, "no log of this name is witnessed here");
    const std::string signatures = signatures_of_log(note, tree.origin);
    if (signatures.empty())
        return refusal(403, "no right signature by a key of the log that is known here");
    if (request.old_size > tree.size)
        return refusal(400, "the old size is larger than the checkpoint's");
    return advance(request, tree, note.text, signatures, now);
}

// The comparison and what follows from it are one step: of two requests the later one sees what the first one did.
HttpAnswer WitnessBook::advance(const AddCheckpoint& request, const Checkpoint& tree, const std::string& text,
                                const std::string& signatures, WallTime now)
{
    auto newest = newest_.access();
    if (newest->is_unknown)
        throw Error("a write to " + folder_ + " has failed");
    const auto found = newest->by_origin.find(tree.origin);
    const Seen seen = found == newest->by_origin.end() ? Seen{0, root_hash({})} : found->second;
    if (request.old_size != seen.size || (seen.size == tree.size && seen.root != tree.root))
        return conflict(seen.size);
    if (!is_continued(seen.size, seen.root, request, tree))
        return refusal(422, "the proof does not lead from the old tree to the new one");
    const auto clock = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    const std::uint64_t seconds = std::max(seen.seconds, static_cast<std::uint64_t>(std::max<std::int64_t>(0, clock)));
    const std::string line = cosigner_.cosign(text, seconds);
    newest->is_unknown = true;
    write_file_durably(folder_ + "/" + file_name(tree.origin), text + "\n" + signatures + line);
    newest->is_unknown = false;
    newest->by_origin[tree.origin] = {tree.size, tree.root, seconds};
    return {200, line};
}

}
