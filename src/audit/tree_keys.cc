// The log's keys as the ledger's own lines say.
#include "audit/tree_keys.h"

#include "base/error.h"
#include "tlog/note.h"

#include <algorithm>

namespace forge {

namespace {

bool is_key(const std::string& vkey)
try {
    VerifierKey::parse(vkey);
    return true;
} catch (const Error&) {
    return false;
}

}

void TreeKeys::resume(const std::vector<KeyInTree>& keys)
{
    keys_ = keys;
    known_ = keys.size();
}

void TreeKeys::add(const std::string& vkey, std::uint64_t seq)
{
    if (is_key(vkey))
        keys_.push_back({vkey, seq, {}});
}

void TreeKeys::retire(const std::string& vkey, std::uint64_t seq)
{
    for (KeyInTree& key : keys_)
        if (key.vkey == vkey && !key.retired)
            key.retired = seq;
}

bool TreeKeys::has(const std::string& vkey) const
{
    return std::ranges::find(keys_, vkey, &KeyInTree::vkey) != keys_.end();
}

// The line that ended the key's right to sign; a later line may have named it again.
std::optional<std::uint64_t> TreeKeys::retired_before(const std::string& vkey, std::uint64_t size) const
{
    std::optional<std::uint64_t> retired;
    for (const KeyInTree& key : keys_)
        if (key.vkey == vkey && key.seq < size)
            retired = key.retired && *key.retired < size ? key.retired : std::nullopt;
    return retired;
}

std::optional<std::string> TreeKeys::add_note(std::uint64_t size, const std::vector<std::string>& signers)
{
    std::optional<std::uint64_t> retired;
    bool is_right = signers.empty();
    for (const std::string& vkey : signers)
        if (const auto seq = retired_before(vkey, size)) {
            retired = seq;
        } else {
            is_right = true;
            std::uint64_t& largest = signed_[vkey];
            largest = std::max(largest, size);
        }
    if (is_right)
        return std::nullopt;
    return "signed for " + std::to_string(size) + " lines by no key but one that the line of seq " + std::to_string(*retired)
           + " retires";
}

bool TreeKeys::is_signed_for(const KeyInTree& next, const std::vector<std::string>& trusted) const
{
    return std::ranges::any_of(trusted, [&](const std::string& vkey) {
        const auto found = signed_.find(vkey);
        return found != signed_.end() && found->second > next.seq;
    });
}

std::optional<std::string> TreeKeys::why_not_signed_for(const std::string& pinned, std::uint64_t size,
                                                        const std::vector<std::string>& signers) const
{
    auto key = std::ranges::find(keys_, pinned, &KeyInTree::vkey);
    if (key == keys_.end())
        return "the ledger's own lines do not name the pinned key";
    std::string reason = "the checkpoint is signed neither by the pinned key nor by one that came after it";
    std::vector<std::string> trusted;
    for (; key != keys_.end(); ++key) {
        const bool is_known = static_cast<std::size_t>(key - keys_.begin()) < known_;
        if (!trusted.empty() && !is_known && !is_signed_for(*key, trusted)) {
            reason = "the line that names the key " + VerifierKey::parse(key->vkey).fingerprint()
                     + " was not signed by the one before it";
            continue;
        }
        trusted.push_back(key->vkey);
        if (std::ranges::find(signers, key->vkey) != signers.end() && !retired_before(key->vkey, size))
            return std::nullopt;
    }
    return reason;
}

}
