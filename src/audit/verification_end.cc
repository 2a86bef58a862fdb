// Compares a ledger's lines with all that was signed.
#include "audit/verification.h"

#include "audit/log_check.h"
#include "base/error.h"
#include "os/file.h"

#include <poll.h>

#include <algorithm>
#include <iterator>
#include <map>

namespace forge {

namespace {

constexpr std::size_t small_file_limit = 1U << 20;
constexpr int look_again_millis = 20;

}

std::optional<Checkpoint> Verification::read_checkpoint()
{
    const std::string path = options_.root + "/checkpoint";
    if (!exists(path))
        return std::nullopt;
    try {
        std::string note = read_regular(path, small_file_limit);
        if (!opened_ || note != note_) {   // a signature takes longer than a thousand short lines
            opened_ = keys_.open_checkpoint(note);
            note_ = std::move(note);
        }
        return opened_;
    } catch (const SystemError&) {
        throw;
    } catch (const Error& error) {
        if (!report_.findings.has("checkpoint", 0))
            report_.findings.add(FlawKind::contradiction, "checkpoint", 0,
                                 std::string{"does not hold: "} + error.what());
        return std::nullopt;
    }
}

// The checkpoint that covers all lines seen, or the newest one when none comes in time.
std::optional<Checkpoint> Verification::covering_checkpoint()
{
    const SteadyTime until = steady_now() + options_.patience;
    for (;;) {
        auto checkpoint = read_checkpoint();
        if ((checkpoint && checkpoint->size >= order_.next_seq()) || report_.findings.has("checkpoint", 0)
            || steady_now() >= until)
            return checkpoint;
        ::poll(nullptr, 0, look_again_millis);
    }
}

void Verification::compare_newest(const std::optional<Checkpoint>& newest)
{
    if (!newest) {
        if (!report_.findings.has("checkpoint", 0))
            report_.findings.add(FlawKind::contradiction, "checkpoint", 0, "missing");
        return;
    }
    newest_signers_ = keys_.signers(note_);
    order_.expect_root(newest->size, newest->root, "checkpoint");
    read_on(newest->size);
    report_.size = newest->size;
    report_.root = newest->root;
    if (options_.pin && options_.pin->size > newest->size)
        report_.findings.add(FlawKind::outside, "checkpoint", 0,
                             "rolled back: it covers " + std::to_string(newest->size) + " lines, "
                                 + options_.pin->from + " says " + std::to_string(options_.pin->size));
    // Where a line took the place of another, that is found already.
    if (std::max(order_.next_seq(), order_.lines()) < newest->size)
        found(FlawKind::contradiction, order_.line() + 1,
              "ends here: the checkpoint covers " + std::to_string(newest->size) + " lines, "
                  + std::to_string(newest->size - order_.next_seq()) + " are missing");
    check_uncovered(newest->size);
}

// What no checkpoint covers yet is what the write-ahead log has, where it may be read.
void Verification::check_uncovered(std::uint64_t size)
{
    const bool is_whole = is_line_whole();
    const bool is_covered = is_whole && order_.next_seq() <= size;
    if (is_covered && options_.start)
        return;   // the log is read as a whole: that is not what a look at a few new lines may take
    const auto covered = [this, size] {
        const auto now = read_checkpoint();
        return now ? now->size : size;
    };
    const auto checked = check_log({options_.root, uuid_, covered, options_.patience});
    if (!checked) {
        if (!is_covered)
            found_uncovered(size, "");
        return;
    }
    const LogReport& log = *checked;
    for (const Flaw& flaw : log.flaws)
        report_.findings.add(flaw.kind, flaw.file, flaw.line, flaw.reason);
    if (log.unwritten > 0)
        report_.warnings.push_back(std::to_string(log.unwritten) + " acknowledged lines stand in the write-ahead log alone: "
                                   "forge-ledgerd brings them to their shard when it starts");
    if (const auto more = order_.next_seq() - std::min(log.end, order_.next_seq()); more > 0 && log.flaws.empty())
        report_.findings.add(FlawKind::log, order_.file(), order_.line() - std::min(order_.line(), more) + 1,
                             "the line of seq " + std::to_string(log.end) + " is in a shard, but the write-ahead log does not have it");
    else if (!is_whole && log.unwritten == 0 && log.flaws.empty())
        found_uncovered(size, ", and the write-ahead log does not have them");
    report_.lines_in_log = std::min(log.end, order_.next_seq()) - std::min(size, order_.next_seq());
}

void Verification::found_uncovered(std::uint64_t size, const std::string& why)
{
    if (order_.next_seq() > size)
        found(FlawKind::incomplete, order_.line(), "no checkpoint covers the lines from seq " + std::to_string(size) + " on" + why);
    if (reader_ && !reader_->tail().empty())
        found(FlawKind::incomplete, order_.line() + 1, "bytes behind the last line that end no line" + why);
}

// A writer ends a line that it has begun.
bool Verification::is_line_whole()
{
    const SteadyTime until = steady_now() + options_.patience;
    while (reader_ && reader_->next().empty() && !reader_->tail().empty()) {
        if (steady_now() >= until)
            return false;
        ::poll(nullptr, 0, look_again_millis);
    }
    return true;
}

// The lines below the size have been looked at.
void Verification::take_note(const std::string& file, std::uint64_t size, const std::vector<std::string>& signers)
{
    if (auto reason = keys_in_tree_.add_note(size, signers))
        wrong_signers_.emplace(file, std::move(*reason));
}

void Verification::check_keys()
{
    // Where lines are damaged or missing, the one that names a key may be.
    if (report_.findings.exit_code() != 0)
        return;
    const auto add = [this](std::string reason) {
        report_.findings.add(FlawKind::outside, "keys/log.vkey", 0, std::move(reason));
    };
    for (const VerifierKey& key : keys_.all())
        if (!keys_in_tree_.has(key.text()))
            add("a key that the ledger's own lines do not name: " + key.fingerprint());
    if (!options_.vkey || report_.findings.exit_code() != 0)
        return;
    if (auto reason = keys_in_tree_.why_not_signed_for(*options_.vkey, report_.size, newest_signers_))
        add(std::move(*reason));
}

// After check_keys: what a pinned key says weighs more.
void Verification::check_signers()
{
    for (const auto& [file, reason] : wrong_signers_)
        report_.findings.add(FlawKind::contradiction, file, 0, reason);
}

// A line without its text, where a later line of the ledger says that it had to go.
void Verification::check_tombstones()
{
    for (const auto& [seq, file, line] : tombstones_) {
        if (private_.is_line_redacted(seq))
            report_.findings.add(FlawKind::incomplete, file, line, "its text was redacted: the hash alone is left");
        else
            report_.findings.add(FlawKind::contradiction, file, line, "a tombstone that no ledger.redaction covers");
    }
}

void Verification::check_days(std::uint64_t size)
{
    for (const DayNote& seal : seals_)   // where the line that seals is covered, its note came before
        if (seal.size < size || exists(options_.root + "/days/" + seal.day + ".note"))
            take_note("days/" + seal.day + ".note", seal.size, check_day_note(options_.root, seal, keys_, report_.findings));
}

// The newest checkpoint must be the newest of those published.  More may come while this looks.
void Verification::check_history(const Checkpoint& newest)
{
    const auto found_here = [this](std::string file, std::string reason) {
        report_.findings.add(FlawKind::contradiction, std::move(file), 0, std::move(reason));
    };
    if (!history_.current())
        history_.advance();
    for (; history_.current() && history_.current()->checkpoint.size <= newest.size; history_.advance()) {
        last_in_history_ = history_.current()->checkpoint;
        take_note(history_.current()->file, last_in_history_->size, history_.current()->signers);
    }
    const auto later = history_.current() ? history_.current()->checkpoint : last_in_history_;
    if (later && later->size > newest.size) {
        if (!comes_in_time(later->size))
            found_here("checkpoint",
                       "older than the one of " + std::to_string(later->size) + " lines in " + history_.file());
    } else if (later != newest) {
        found_here(history_.file().empty() ? "checkpoints" : history_.file(),
                   "the newest checkpoint is not among them");
    }
}

// The checkpoint follows its note in the history.
bool Verification::comes_in_time(std::uint64_t size)
{
    const SteadyTime until = steady_now() + options_.patience;
    for (auto now = read_checkpoint(); !now || now->size < size; now = read_checkpoint()) {
        if (steady_now() >= until)
            return false;
        ::poll(nullptr, 0, look_again_millis);
    }
    return true;
}

// Ids of which the hashes agree are looked up in the lines themselves.
void Verification::find_repeated_ids()
{
    const auto repeated = ids_.repeated();
    if (repeated.empty())
        return;
    std::map<std::string, std::string> places;
    for (const auto& [day, form] : days_after("")) {
        if (form == DayForm::quarantined || kind_of(options_.root + "/" + file_of({day, form})) != FileKind::regular)
            continue;
        ShardReader reader{options_.root + "/" + file_of({day, form})};
        std::uint64_t number = 0;
        for (auto block = reader.next(); !block.empty(); block = reader.next())
            for (const CheckedLine& line : check_lines(block, day, Thoroughness::full)) {
                ++number;
                if (!line.fault.empty() || line.is_tombstone || !repeated.contains(line.id_hash))
                    continue;
                const auto [place, is_new] = places.emplace(line.id, shard_file(day) + ":" + std::to_string(number));
                if (!is_new)
                    report_.findings.add(FlawKind::contradiction, shard_file(day), number,
                                         "its id stands already at " + place->second);
            }
    }
}

void Verification::fill_report()
{
    report_.lines = order_.lines() - (options_.start ? options_.start->tree.size() : 0);
    report_.bytes += reader_ ? day_bytes_ : 0;
    report_.seals = seals_.size();
    report_.keys = keys_in_tree_.list();
    report_.day = day_;
    report_.day_bytes = reader_ ? day_bytes_ : 0;
    report_.day_first = first_seq_;
    report_.checkpoints = history_.count();
    report_.tiles = tiles_.count();
    report_.private_values = private_.values();
    report_.private_erased = private_.erased();
    report_.private_not_looked_at = private_.not_looked_at();
    report_.private_unopened = private_.unopened();
    for (std::string& warning : private_.warnings())
        report_.warnings.push_back(std::move(warning));
    if (folder_)
        std::ranges::copy(folder_->warnings(), std::back_inserter(report_.warnings));
}

}
