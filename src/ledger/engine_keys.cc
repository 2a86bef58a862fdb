// The ledger's engine: its keys change, witnesses cosign.
#include <algorithm>

#include "base/log.h"
#include "ledger/engine.h"
#include "os/file.h"
#include "tlog/jcs.h"

namespace forge {

namespace {

constexpr std::size_t policy_limit = 1U << 20;

Policy read_policy(const std::string& path)
try {
    if (path.empty())
        throw Error("none is set");
    return Policy::parse(read_file(path, policy_limit));
} catch (const Error& error) {
    throw Refused(Fault::invalid, std::string{"FORGE_LEDGER_POLICY: "} + error.what());
}

std::size_t active_keys(const std::vector<LogKey>& keys)
{
    return static_cast<std::size_t>(std::ranges::count_if(keys, [](const LogKey& key) { return !key.to; }));
}

}

void Engine::record_key(const std::function<Json(std::uint64_t)>& event_at_size)
{
    BatchDraft draft = begin();
    const std::string event = canonical_json(event_at_size(draft.tree().size() + 1));
    draft.add_own({"ledger.key." + hex(env_.random(16)), "ledger.key", event});
    write(draft);
    signers_.follow(head_.keys);
    publish();
}

void Engine::rotate_key()
{
    if (active_keys(head_.keys) > 1)
        throw Refused(Fault::invalid, "a rotation is under way: retire the older key first");
    const std::string vkey = signers_.prepare().text();
    record_key([&](std::uint64_t size) { return Json::object({{"not_before", size}, {"vkey", vkey}}); });
}

void Engine::retire_key(const std::string& vkey, bool is_forced)
{
    const auto key = std::ranges::find(head_.keys, vkey, &LogKey::vkey);
    if (key == head_.keys.end() || key->to)
        throw Refused(Fault::invalid, "retire: no key of the log that signs now");
    if (active_keys(head_.keys) < 2)
        throw Refused(Fault::invalid, "retire: the only key; rotate first");
    const bool is_older = std::any_of(key + 1, head_.keys.end(), [](const LogKey& later) { return !later.to; });
    if (is_older && !is_forced && env_.wall() < head_.keys.back().since + sign_with_both)
        throw Refused(Fault::invalid, "retire: both keys sign for 30 days, so that everybody learns of the new one");
    record_key([&](std::uint64_t) { return Json::object({{"retire", vkey}}); });
}

void Engine::cosign(const std::string& bytes)
{
    const Policy policy = read_policy(options_.policy);
    try {
        const Note note = Note::parse(bytes);
        const Checkpoint tree = Checkpoint::parse(note.text);
        if (tree.origin != identity_.origin || tree.size == 0 || tree.size > publisher_.size() || !signers_.signed_by_us(note))
            throw Error("not a checkpoint that this ledger has published");
        if (tiles_.tree().root(tree.size) != tree.root)
            throw Error("not the root of the first " + std::to_string(tree.size) + " lines");
        std::string lines;
        for (const NoteSignature& signature : note.signatures)
            for (const Policy::Witness& witness : policy.witnesses())
                if (witness.cosigner && witness.cosigner->verify(note.text, signature))
                    lines += signature.line();
        if (lines.empty())
            throw Error("no right cosignature of a witness of the policy");
        publisher_.add_cosignatures(note.text, lines);
        is_witnessed_ = true;
    } catch (const Refused&) {
        throw;
    } catch (const LedgerFailed&) {
        throw;
    } catch (const Error& error) {
        throw Refused(Fault::invalid, std::string{"note: "} + error.what());
    }
}

}
