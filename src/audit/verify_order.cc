// How lines follow one another.
//
// Each line has the hash of the line before.  Where they differ, either was changed, and the next pair decides: a line
// that differs from both neighbours was changed itself (its `prev`), else the first of the pair was.  The line after a
// changed one tells the hash that it had, so the tree goes on with that, and a root that agrees proves the rest whole.
#include "audit/verify_order.h"

namespace forge {

void LineOrder::resume(CompactRange tree, const Hash& last)
{
    expected_ = tree.size();
    lines_ = tree.size();
    last_good_size_ = tree.size();
    compared_size_ = tree.size();
    tree_ = std::move(tree);
    previous_ = {{}, 0, last, false, true};
}

void LineOrder::begin_shard(std::string file, std::uint64_t lines_before)
{
    file_ = std::move(file);
    line_ = lines_before;
    time_ = 0;
}

void LineOrder::add_known(const Hash& leaf)
{
    settle_suspect();
    settle_previous();
    ++line_;
    ++lines_;
    ++expected_;
    previous_ = {file_, line_, leaf, false, false};
}

void LineOrder::settle_previous()
{
    if (previous_ && !previous_->is_settled)
        feed(previous_->leaf);
}

bool LineOrder::add(const CheckedLine& line)
{
    ++line_;
    ++lines_;
    if (!line.fault.empty())
        findings_.add(FlawKind::contradiction, file_, line_,
                      std::string{line.fault}
                          + (line.fault_at > 0 ? ", at byte " + std::to_string(line.fault_at + 1) : ""));
    const bool follows = is_in_sequence(line);
    check_time(line);
    if (!previous_ && line.is_parsed && !line.is_tombstone && line.prev != Hash{})
        findings_.add(FlawKind::contradiction, file_, line_, "prev of the ledger's first line is not zero");
    if (previous_)
        compare(line, follows);
    previous_ = {file_, line_, line.leaf, !line.is_parsed, false};
    return follows && line.fault.empty();
}

// True when the line has the number after the one before, or no number that could be read.
bool LineOrder::is_in_sequence(const CheckedLine& line)
{
    if (!line.is_parsed) {
        is_resyncing_ = true;
        ++expected_;
        return true;
    }
    const bool as_expected = line.seq == expected_;
    // The line before was not where it belongs: it stood behind a gap, or in the place of another.
    const bool confirms_gap = lines_ <= alternative_until_ && (line.seq == alternative_ || line.seq == expected_ + 1);
    if (as_expected || confirms_gap || (is_resyncing_ && line.seq + 1 >= expected_)) {
        is_tree_known_ = is_tree_known_ && as_expected;
        expected_ = line.seq + 1;
        is_resyncing_ = false;
        return as_expected;
    }
    is_tree_known_ = false;
    alternative_ = line.seq + 1;
    alternative_until_ = lines_ + 2;
    findings_.add(FlawKind::contradiction, file_, line_,
                  "seq " + std::to_string(line.seq) + " stands where " + std::to_string(expected_)
                      + " belongs: lines are missing, added or out of order");
    return false;
}

void LineOrder::check_time(const CheckedLine& line)
{
    if (!line.is_parsed || line.is_tombstone)
        return;
    if (line.time < time_)
        findings_.add(FlawKind::contradiction, file_, line_, "ts is before that of the line above");
    time_ = line.time;
}

// Compares the line before with what this line says about it.
void LineOrder::compare(const CheckedLine& line, bool follows)
{
    if (!follows || !line.is_parsed || line.is_tombstone) {
        settle_suspect();
        settle_previous();
    } else if (previous_->is_broken) {
        settle_suspect();
        feed(line.prev);
    } else if (line.prev == previous_->leaf) {
        settle_suspect();
        settle_previous();
    } else if (previous_->is_settled) {
        blame({file_, line_}, "prev is not the hash of the line above");
    } else {
        mismatch(line.prev);
    }
}

void LineOrder::mismatch(const Hash& claimed)
{
    if (suspect_) {
        // The line between differs from both neighbours.
        blame(*previous_, "prev is not the hash of the line above, and the line below has another hash of this line");
        if (is_suspect_blamed_)
            is_tree_known_ = false;
        feed(is_suspect_blamed_ ? claimed_ : suspect_->leaf);
    }
    is_suspect_blamed_ = suspect_.has_value();
    suspect_ = previous_;
    claimed_ = claimed;
}

void LineOrder::settle_suspect()
{
    if (!suspect_)
        return;
    if (!is_suspect_blamed_)
        blame(*suspect_, "changed: the line below has another hash of it");
    feed(claimed_);
    suspect_.reset();
}

void LineOrder::feed(const Hash& leaf)
{
    if (!is_tree_known_)
        return;
    tree_.append(leaf, on_node_);
    on_leaf_();
    std::erase_if(expected_roots_, [this](const Expected& expected) {
        if (expected.size != tree_.size())
            return false;
        compare_root(expected);
        return true;
    });
}

void LineOrder::expect_root(std::uint64_t size, const Hash& root, const std::string& from, FlawKind kind)
{
    if (!is_tree_known_)
        return;
    if (size == tree_.size())
        compare_root({size, root, from, kind});
    else
        expected_roots_.push_back({size, root, from, kind});
}

void LineOrder::compare_root(const Expected& expected)
{
    compared_size_ = tree_.size();
    if (tree_.root() == expected.root) {
        last_good_size_ = tree_.size();
        return;
    }
    const auto last = std::to_string(tree_.size() - 1);
    const std::string range = last_good_size_ + 1 == tree_.size()
                                  ? "this line was changed"
                                  : "this line was changed, or those from seq " + std::to_string(last_good_size_)
                                        + " to " + last + " were rewritten";
    const bool has_line = previous_.has_value();
    findings_.add(expected.kind, has_line ? previous_->file : file_, has_line ? previous_->line : 0,
                  "the root of " + std::to_string(tree_.size()) + " lines is not the one of " + expected.from + ": "
                      + range);
    last_good_size_ = tree_.size();
}

// The last line has no successor.  When it alone speaks against the one before, the root decides between the two.
void LineOrder::finish()
{
    if (!previous_)
        return;
    const Seen last = *previous_;
    if (suspect_ && !is_suspect_blamed_) {
        CompactRange tree = tree_;
        tree.append(claimed_);
        tree.append(last.leaf);
        bool agrees = expected_roots_.empty();
        for (const Expected& expected : expected_roots_)
            agrees = agrees || (expected.size == tree.size() && expected.root == tree.root());
        if (!agrees) {
            blame(last, "prev is not the hash of the line above");
            is_tree_known_ = false;
            return;
        }
    }
    settle_suspect();
    settle_previous();
}

void LineOrder::blame(const Seen& seen, std::string reason)
{
    findings_.add(FlawKind::contradiction, seen.file, seen.line, std::move(reason));
}

}
