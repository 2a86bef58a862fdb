// How lines follow one another: dense numbers, the chain of hashes, times that do not go back, and the roots that were
// signed or sealed.  Says which line was changed, not merely that one was.
#pragma once

#include "audit/flaws.h"
#include "audit/verify_line.h"
#include "tlog/merkle.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace forge {

class LineOrder {
public:
    /// While the tree's root can be known: `on_node` is called with each node of a leaf that is added to it (as
    /// CompactRange::append does), and `on_leaf` after them.
    LineOrder(Flaws& findings, std::function<void(unsigned, const Hash&)> on_node, std::function<void()> on_leaf)
        : findings_(findings), on_node_(std::move(on_node)), on_leaf_(std::move(on_leaf)) {}

    /// Goes on behind the lines of a tree; `last` is the hash of its last line.
    void resume(CompactRange tree, const Hash& last);
    /// The lines that follow are of this file, which had so many lines before.
    void begin_shard(std::string file, std::uint64_t lines_before = 0);
    /// In place of a line that is not there: what its hash was.
    void add_known(const Hash& leaf);
    /// False when the line has a fault or is not in its place.
    bool add(const CheckedLine& line);
    /// No line follows.
    void finish();

    /// The tree of the lines as they were when they were written, as far as that is settled: one line behind at least,
    /// until finish().
    const CompactRange& tree() const noexcept { return tree_; }
    /// False once lines are missing or out of order, or too much is damaged: then no root can be compared.
    bool is_tree_known() const noexcept { return is_tree_known_; }
    /// The root of `size` must be this.  `from`: where it stands, as "checkpoint"; a difference is put at the last line
    /// below the size.
    void expect_root(std::uint64_t size, const Hash& root, const std::string& from,
                     FlawKind kind = FlawKind::contradiction);
    /// The largest size of which the root was compared.
    std::uint64_t compared_size() const noexcept { return compared_size_; }
    /// The seq that should come next.
    std::uint64_t next_seq() const noexcept { return expected_; }
    std::uint64_t lines() const noexcept { return lines_; }
    /// File and number of the last line.
    const std::string& file() const noexcept { return file_; }
    std::uint64_t line() const noexcept { return line_; }

private:
    struct Seen {
        std::string file;
        std::uint64_t line = 0;
        Hash leaf{};
        bool is_broken = false;
        bool is_settled = false;   // in the tree already
    };
    struct Expected {
        std::uint64_t size;
        Hash root;
        std::string from;
        FlawKind kind;
    };
    bool is_in_sequence(const CheckedLine& line);
    void check_time(const CheckedLine& line);
    void compare(const CheckedLine& line, bool follows);
    void mismatch(const Hash& claimed);
    void settle_suspect();
    void settle_previous();
    void feed(const Hash& leaf);
    void compare_root(const Expected& expected);
    void blame(const Seen& seen, std::string reason);

    Flaws& findings_;
    std::function<void(unsigned, const Hash&)> on_node_;
    std::function<void()> on_leaf_;
    std::string file_;
    std::uint64_t line_ = 0;
    std::uint64_t lines_ = 0;
    std::uint64_t time_ = 0;
    std::uint64_t expected_ = 0;
    std::uint64_t alternative_ = 0;              // the seq that would confirm, up to the given line, a gap
    std::uint64_t alternative_until_ = 0;
    bool is_resyncing_ = false;                  // after a line without a readable number any later one may come
    std::optional<Seen> previous_;               // not in the tree yet: the next line says what its hash was
    std::optional<Seen> suspect_;                // the one before it, when previous_ says that its hash was another
    Hash claimed_{};                             // what previous_ says
    bool is_suspect_blamed_ = false;
    CompactRange tree_;
    bool is_tree_known_ = true;
    std::uint64_t last_good_size_ = 0;           // a root of this size was the expected one
    std::uint64_t compared_size_ = 0;
    std::vector<Expected> expected_roots_;
};

}
