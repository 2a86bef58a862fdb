// Verifies a ledger as a whole.
#include "ledger/verify.h"

#include "base/error.h"
#include "ledger/block_checker.h"
#include "ledger/checkpoint_history.h"
#include "ledger/shard_reader.h"
#include "ledger/unique_ids.h"
#include "ledger/verify_days.h"
#include "ledger/verify_order.h"
#include "ledger/verify_private.h"
#include "lib/json.h"
#include "os/file.h"

#include <poll.h>

#include <algorithm>
#include <map>

namespace forge {

namespace {

constexpr std::string_view shard_start = "events-";
constexpr std::string_view shard_end = ".jsonl";
constexpr std::size_t small_file_limit = 1U << 20;
constexpr int look_again_millis = 20;

std::string shard_file(const std::string& day)
{
    return std::string{shard_start} + day + std::string{shard_end};
}

bool is_day(std::string_view text)
{
    const auto midnight = parse_rfc3339(text);
    return text.size() == 10 && midnight && utc_day(*midnight) == text;
}

class Verification {
public:
    Verification(const VerifyOptions& options, VerifierKey key, VerifyReport& report);
    void run();

private:
    void read_what_is_there();
    void read_on(std::uint64_t size);
    void begin_shard(const std::string& day);
    void end_shard();
    std::vector<std::string> days_after(const std::string& day);
    void drain(std::uint64_t limit);
    void look_at(const CheckedLine& line);
    void look_at_own(const CheckedLine& line);
    void look_at_seal(const CheckedLine& line);
    void look_at_key(const Json& event, std::uint64_t number);
    void compare_history();

    std::optional<Checkpoint> read_checkpoint();
    std::optional<Checkpoint> covering_checkpoint();
    void compare_newest(const std::optional<Checkpoint>& newest);
    void wait_for_line_end();
    void check_keys();
    void check_days(std::uint64_t size);
    void check_history(const Checkpoint& newest);
    void find_repeated_ids();
    void fill_report();
    void found(FindingKind kind, std::uint64_t line, std::string reason)
    {
        report_.findings.add(kind, order_.file(), line, std::move(reason));
    }

    const VerifyOptions& options_;
    const VerifierKey key_;
    VerifyReport& report_;
    CheckpointHistory history_;
    LineOrder order_;
    PrivateCheck private_;
    UniqueIds ids_;
    BlockChecker blocks_;
    std::optional<ShardReader> reader_;
    std::string day_;
    std::uint64_t first_seq_ = 0;            // of the shard
    std::optional<ShardFacts> sealed_;       // the shard before
    std::vector<DayNote> seals_;
    std::vector<std::string> keys_in_tree_;
    std::uint64_t bytes_total_ = 0;
    std::optional<Checkpoint> last_in_history_;
};

Verification::Verification(const VerifyOptions& options, VerifierKey key, VerifyReport& report)
    : options_(options), key_(std::move(key)), report_(report), history_(options.root, key_, report.findings),
      order_(report.findings, [this](std::uint64_t) { compare_history(); }), private_(options.root, report.findings),
      blocks_(options.jobs, options.thoroughness)
{
}

void Verification::run()
{
    const auto before = read_checkpoint();
    if (before)
        order_.expect_root(before->size, before->root, "checkpoint");
    read_what_is_there();
    const auto newest = covering_checkpoint();
    compare_newest(newest);
    order_.finish();
    if (newest && order_.is_tree_known() && order_.compared_size() < newest->size && order_.next_seq() >= newest->size)
        found(FindingKind::incomplete, order_.line(), "the checkpoint changed meanwhile and was not compared");
    private_.finish();
    check_keys();
    if (newest) {
        check_days(newest->size);
        check_history(*newest);
    }
    if (options_.thoroughness == Thoroughness::full)
        find_repeated_ids();
    fill_report();
}

std::vector<std::string> Verification::days_after(const std::string& day)
{
    std::vector<std::string> days;
    for (const auto& name : names_in(options_.root)) {
        if (!name.starts_with(shard_start))
            continue;
        const std::string of = name.substr(shard_start.size(), name.size() - std::min(name.size(), shard_start.size() + shard_end.size()));
        if (!name.ends_with(shard_end) || !is_day(of))
            report_.findings.add(FindingKind::contradiction, name, 0, "not the name of a shard");
        else if (of > day)
            days.push_back(of);
    }
    return days;
}

// All shards to their ends, the newest one as far as it reaches now.
void Verification::read_what_is_there()
{
    const auto days = days_after("");
    for (const auto& day : days)
        bytes_total_ += ShardReader{options_.root + "/" + shard_file(day)}.file_size();
    for (const auto& day : days) {
        begin_shard(day);
        const std::uint64_t size = reader_->file_size();
        while (reader_->bytes() < size) {
            const auto block = reader_->next();
            if (block.empty())
                break;
            blocks_.give(block, day);
            while (blocks_.is_full())
                drain(~std::uint64_t{0});
        }
        while (!blocks_.is_empty())
            drain(~std::uint64_t{0});
        if (day != days.back())
            end_shard();
    }
}

// Until there are `size` lines, following the writer into a new day.
void Verification::read_on(std::uint64_t size)
{
    while (reader_ && order_.next_seq() < size) {
        std::string_view block = reader_->next();
        if (block.empty()) {
            const auto later = days_after(day_);
            block = reader_->next();   // what came before the new day did
            if (block.empty() && later.empty())
                return;
            if (block.empty()) {
                end_shard();
                begin_shard(later.front());
                continue;
            }
        }
        blocks_.give(block, day_);
        drain(size);
    }
}

void Verification::begin_shard(const std::string& day)
{
    day_ = day;
    reader_.emplace(options_.root + "/" + shard_file(day));
    order_.begin_shard(shard_file(day));
    private_.begin_day(day);
    ++report_.shards;
}

void Verification::end_shard()
{
    if (!reader_->tail().empty())
        found(FindingKind::contradiction, order_.line() + 1, "the last line does not end");
    if (order_.line() == 0)
        found(FindingKind::contradiction, 0, "a shard without lines, before the newest");
    sealed_ = ShardFacts{day_, shard_file(day_), first_seq_, reader_->bytes(), reader_->digest()};
    report_.bytes += reader_->bytes();
    reader_.reset();
}

// Takes one block, of its lines those up to the limit.
void Verification::drain(std::uint64_t limit)
{
    const auto block = blocks_.take();
    for (const CheckedLine& line : block->lines) {
        if (order_.next_seq() == limit)
            return;
        look_at(line);
    }
    if (options_.on_progress)
        options_.on_progress({report_.bytes + reader_->bytes(), bytes_total_});
}

void Verification::look_at(const CheckedLine& line)
{
    const bool is_first = order_.line() == 0;
    if (line.fault.empty() && (line.is_own() || is_first))
        look_at_own(line);
    if (is_first)
        first_seq_ = line.seq;
    if (options_.thoroughness == Thoroughness::full && line.fault.empty())
        ids_.add(line.id_hash);
    if (order_.add(line) && !line.priv.empty())
        private_.add(line.seq, line.priv, order_.file(), order_.line());
}

void Verification::look_at_own(const CheckedLine& line)
{
    const bool is_first = order_.line() == 0;
    const std::uint64_t number = order_.line() + 1;
    const std::string_view due = !is_first ? "" : order_.lines() == 0 ? "ledger.genesis" : "ledger.day_sealed";
    if (!due.empty() && line.type != due)
        found(FindingKind::contradiction, number, "the first line here must be of type " + std::string{due});
    else if (line.type == "ledger.day_sealed" && is_first)
        look_at_seal(line);
    else if (due.empty() && (line.type == "ledger.day_sealed" || line.type == "ledger.genesis"))
        found(FindingKind::contradiction, number, std::string{line.type} + " can only be a shard's first line");
    else if (line.type == "ledger.genesis" || line.type == "ledger.key")
        look_at_key(parse_json(line.event), number);
    else if (line.type == "ledger.redaction")
        try {
            private_.add_redaction(line.event);
        } catch (const Error& error) {
            found(FindingKind::contradiction, number, error.what());
        }
}

void Verification::look_at_key(const Json& event, std::uint64_t number)
{
    keys_in_tree_.emplace_back(event["vkey"].as_text());
    if (event["origin"] && event["origin"].as_text() != key_.name())
        found(FindingKind::contradiction, number, "the origin is not the name of the log's key, " + key_.name());
}

void Verification::look_at_seal(const CheckedLine& line)
{
    const auto seal = parse_seal(line.event, key_.name());
    if (!seal || !sealed_) {
        found(FindingKind::contradiction, order_.line() + 1, "not the seal of a day");
        return;
    }
    check_seal(*seal, line.seq, *sealed_, order_.file(), report_.findings);
    order_.expect_root(seal->size, seal->root, "the seal of " + seal->day);
    seals_.push_back(*seal);
}

// The tree has got a new size.
void Verification::compare_history()
{
    while (history_.current() && history_.current()->checkpoint.size <= order_.tree().size()) {
        const auto& [checkpoint, file] = *history_.current();
        if (checkpoint.size == order_.tree().size())
            order_.expect_root(checkpoint.size, checkpoint.root, file);
        last_in_history_ = checkpoint;
        history_.advance();
    }
}

std::optional<Checkpoint> Verification::read_checkpoint()
{
    const std::string path = options_.root + "/checkpoint";
    if (!exists(path))
        return std::nullopt;
    try {
        return Checkpoint::open(read_file(path, small_file_limit), key_);
    } catch (const SystemError&) {
        throw;
    } catch (const Error& error) {
        if (!report_.findings.has("checkpoint", 0))
            report_.findings.add(FindingKind::contradiction, "checkpoint", 0, std::string{"does not hold: "} + error.what());
        return std::nullopt;
    }
}

// The checkpoint that covers all lines seen, or the newest one when none comes in time.
std::optional<Checkpoint> Verification::covering_checkpoint()
{
    const SteadyTime until = steady_now() + options_.patience;
    for (;;) {
        auto checkpoint = read_checkpoint();
        if ((checkpoint && checkpoint->size >= order_.next_seq()) || report_.findings.has("checkpoint", 0) || steady_now() >= until)
            return checkpoint;
        ::poll(nullptr, 0, look_again_millis);
    }
}

void Verification::compare_newest(const std::optional<Checkpoint>& newest)
{
    if (!newest) {
        if (!report_.findings.has("checkpoint", 0))
            report_.findings.add(FindingKind::contradiction, "checkpoint", 0, "missing");
        return;
    }
    order_.expect_root(newest->size, newest->root, "checkpoint");
    read_on(newest->size);
    report_.size = newest->size;
    report_.root = newest->root;
    if (order_.next_seq() < newest->size)
        found(FindingKind::contradiction, order_.line() + 1,
              "ends here: the checkpoint covers " + std::to_string(newest->size) + " lines, "
                  + std::to_string(newest->size - order_.next_seq()) + " are missing");
    wait_for_line_end();
    if (order_.next_seq() > newest->size)
        found(FindingKind::incomplete, order_.line(),
              "no checkpoint covers the lines from seq " + std::to_string(newest->size) + " on");
}

// A writer ends a line that it has begun.
void Verification::wait_for_line_end()
{
    const SteadyTime until = steady_now() + options_.patience;
    while (reader_ && reader_->next().empty() && !reader_->tail().empty()) {
        if (steady_now() >= until) {
            found(FindingKind::incomplete, order_.line() + 1, "bytes behind the last line that end no line");
            return;
        }
        ::poll(nullptr, 0, look_again_millis);
    }
}

void Verification::check_keys()
{
    // Where lines are damaged, the one that names the key may be.
    if (report_.findings.total() == 0 && !keys_in_tree_.empty()
        && std::find(keys_in_tree_.begin(), keys_in_tree_.end(), key_.text()) == keys_in_tree_.end())
        report_.findings.add(FindingKind::outside, "keys/log.vkey", 0, "a key that the ledger's own lines do not name");
}

void Verification::check_days(std::uint64_t size)
{
    for (const DayNote& seal : seals_)
        if (seal.size < size)   // the line that seals is covered: its note came before
            check_day_note(options_.root, seal, key_, report_.findings);
}

// The newest checkpoint must be the newest of those published.  More may come while this looks.
void Verification::check_history(const Checkpoint& newest)
{
    const auto found_here = [this](std::string file, std::string reason) {
        report_.findings.add(FindingKind::contradiction, std::move(file), 0, std::move(reason));
    };
    if (!history_.current())
        history_.advance();
    for (; history_.current() && history_.current()->checkpoint.size <= newest.size; history_.advance())
        last_in_history_ = history_.current()->checkpoint;
    if (last_in_history_ != newest)
        found_here(history_.file().empty() ? "checkpoints" : history_.file(), "the newest checkpoint is not among them");
    if (!history_.current())
        return;
    const auto [later, file] = *history_.current();
    const SteadyTime until = steady_now() + options_.patience;
    auto now = read_checkpoint();
    for (; now && now->size < later.size && steady_now() < until; now = read_checkpoint())
        ::poll(nullptr, 0, look_again_millis);
    if (now && now->size < later.size)
        found_here("checkpoint", "older than the one of " + std::to_string(later.size) + " lines in " + file);
}

// Ids of which the hashes agree are looked up in the lines themselves.
void Verification::find_repeated_ids()
{
    const auto repeated = ids_.repeated();
    if (repeated.empty())
        return;
    std::map<std::string, std::string> places;
    for (const auto& day : days_after("")) {
        ShardReader reader{options_.root + "/" + shard_file(day)};
        std::uint64_t number = 0;
        for (auto block = reader.next(); !block.empty(); block = reader.next())
            for (const CheckedLine& line : check_lines(block, day, Thoroughness::full)) {
                ++number;
                if (!line.fault.empty() || !repeated.contains(line.id_hash))
                    continue;
                const auto [place, is_new] = places.emplace(line.id, shard_file(day) + ":" + std::to_string(number));
                if (!is_new)
                    report_.findings.add(FindingKind::contradiction, shard_file(day), number, "its id stands already at " + place->second);
            }
    }
}

void Verification::fill_report()
{
    report_.lines = order_.lines();
    report_.bytes += reader_ ? reader_->bytes() : 0;
    report_.seals = seals_.size();
    report_.checkpoints = history_.count();
    report_.private_values = private_.values();
    report_.private_erased = private_.erased();
    report_.private_not_looked_at = private_.not_looked_at();
    if (private_.not_looked_at() > 0)
        report_.warnings.push_back(std::to_string(private_.not_looked_at())
                                   + " private values not looked at: private/ cannot be read");
}

VerifierKey folder_key(const std::string& root)
{
    const std::string text = read_file(root + "/keys/log.vkey", small_file_limit);
    if (!text.ends_with('\n'))
        throw Error("not one line");
    return VerifierKey::parse(std::string_view{text}.substr(0, text.size() - 1));
}

}

VerifyReport verify_ledger(const VerifyOptions& options)
{
    VerifyReport report;
    if (!exists(options.root + "/keys") && !exists(options.root + "/checkpoint"))
        throw Error(options.root + " holds no ledger");
    std::optional<VerifierKey> pinned;
    if (options.vkey)
        pinned = VerifierKey::parse(*options.vkey);
    std::optional<VerifierKey> key;
    try {
        key = folder_key(options.root);
    } catch (const Error& error) {
        report.findings.add(FindingKind::contradiction, "keys/log.vkey", 0, error.what());
    }
    if (pinned && key && *pinned != *key)
        report.findings.add(FindingKind::outside, "keys/log.vkey", 0, "not the pinned key: " + key->fingerprint());
    if (!pinned && key)
        report.warnings.push_back("key not pinned " + key->fingerprint());
    if (!key)
        key = pinned;
    if (!key)
        return report;
    report.origin = key->name();
    Verification{options, *key, report}.run();
    return report;
}

}
