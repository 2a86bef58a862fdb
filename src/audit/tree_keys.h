// The log's keys as the ledger's own lines say: which there are, since when, and when each was retired.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace forge {

struct KeyInTree {
    std::string vkey;
    std::uint64_t seq = 0;                      // of the line that names it
    std::optional<std::uint64_t> retired{};     // the seq of the line that says so; it signs no larger tree

    bool operator==(const KeyInTree&) const = default;
};

/// Lines and notes are given in their order: a note of a size after the lines below that.
class TreeKeys {
public:
    /// Goes on behind a verification that found these keys right.
    void resume(const std::vector<KeyInTree>& keys);
    /// What ledger.genesis or ledger.key says; a text that is no key is passed over.
    void add(const std::string& vkey, std::uint64_t seq);
    void retire(const std::string& vkey, std::uint64_t seq);

    /// In the order of their lines.
    const std::vector<KeyInTree>& list() const noexcept { return keys_; }
    bool has(const std::string& vkey) const;

    /// A note about a tree of `size` leaves holds, signed by these.  Nothing when one of them might, else what is wrong.
    std::optional<std::string> add_note(std::uint64_t size, const std::vector<std::string>& signers);
    /// Nothing when one of the signers of a tree is the pinned key, or is named by a line that such a key signed for, and
    /// was not retired: anybody else could name a key in lines of his own.
    std::optional<std::string> why_not_signed_for(const std::string& pinned, std::uint64_t size,
                                                  const std::vector<std::string>& signers) const;

private:
    std::optional<std::uint64_t> retired_before(const std::string& vkey, std::uint64_t size) const;
    bool is_signed_for(const KeyInTree& next, const std::vector<std::string>& trusted) const;

    std::vector<KeyInTree> keys_;
    std::size_t known_ = 0;                          // so many of them were found right before
    std::map<std::string, std::uint64_t> signed_;    // the largest size that a key signed before it was retired
};

}
