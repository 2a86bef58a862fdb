// Reads a ledger's lines in order.
#include "audit/verification.h"

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "tlog/slices.h"

#include <algorithm>

namespace forge {

namespace {

constexpr std::uint64_t no_limit = ~std::uint64_t{0};

// Of the first line of a file; nothing when it does not say.
std::optional<std::uint64_t> first_seq_of(const std::string& path)
try {
    ShardReader reader{path};
    const std::string block = reader.next();
    const auto line = std::string_view{block}.substr(0, block.find('\n'));
    return parse_unsigned(member_of(line, "seq"));
} catch (const SystemError&) {
    throw;
} catch (const Error&) {
    return std::nullopt;
}

}

Verification::Verification(const VerifyOptions& options, LogKeys keys, VerifyReport& report)
    : options_(options), keys_(std::move(keys)), report_(report), history_(options.root, keys_, report.findings),
      tiles_(options.root, report.findings,
             [this] {
                 const auto newest = read_checkpoint();
                 return newest ? newest->size : 0;
             }),
      order_(report.findings, [this](unsigned level, const Hash& node) { tiles_.add(level, node); }, [this] { compare_history(); }),
      private_(options.root, options.thoroughness == Thoroughness::full && !options.start, report.findings),
      blocks_(options.jobs, options.thoroughness)
{
}

void Verification::run()
{
    resume();
    if (options_.pin)
        order_.expect_root(options_.pin->size, options_.pin->root, options_.pin->from, FlawKind::outside);
    if (!options_.start)
        beside_.emplace(options_.root, keys_, report_.findings);
    const auto before = read_checkpoint();
    if (before)
        order_.expect_root(before->size, before->root, "checkpoint");
    if (beside_ && beside_->cosigned())
        order_.expect_root(beside_->cosigned()->size, beside_->cosigned()->root, "checkpoint.cosigned");
    if (!options_.start)
        folder_.emplace(options_.root, before ? before->size : 0, report_.findings);
    read_what_is_there();
    const auto newest = covering_checkpoint();
    compare_newest(newest);
    order_.finish();
    if (newest && order_.is_tree_known() && order_.compared_size() < newest->size && order_.next_seq() >= newest->size)
        found(FlawKind::incomplete, order_.line(), "the checkpoint changed meanwhile and was not compared");
    if (newest && order_.is_tree_known())
        tiles_.finish(newest->size);
    private_.finish(is_frozen_);
    check_tombstones();
    if (newest) {
        take_note("checkpoint", newest->size, newest_signers_);
        check_days(newest->size);
        if (!options_.start)
            check_history(*newest);
    }
    if (folder_)
        folder_->finish(seals_, std::max(order_.next_seq(), report_.size));
    check_keys();
    if (beside_)
        beside_->finish(newest, is_frozen_, keys_in_tree_.list());
    check_signers();
    if (is_full() && !options_.start)
        find_repeated_ids();
    fill_report();
}

void Verification::resume()
{
    if (!options_.start)
        return;
    const VerifyStart& start = *options_.start;
    order_.resume(start.tree, start.last);
    tiles_.resume(start.tree.size(), start.edges);
    keys_in_tree_.resume(start.keys);
}

std::vector<LedgerDay> Verification::days_after(const std::string& day)
{
    auto [days, wrong_names] = ledger_days(options_.root);
    for (const auto& name : wrong_names)
        report_.findings.add(FlawKind::contradiction, name, 0, "not the name of a shard");
    std::erase_if(days, [&](const LedgerDay& found) { return found.day <= day; });
    return days;
}

// All shards to their ends, the newest one as far as it reaches now.
void Verification::read_what_is_there()
{
    auto days = days_after("");
    if (options_.start)
        std::erase_if(days, [&](const LedgerDay& day) { return day.day < options_.start->day; });
    for (const auto& day : days)
        if (day.form == DayForm::plain && kind_of(options_.root + "/" + file_of(day)) == FileKind::regular)
            bytes_total_ += ShardReader{options_.root + "/" + file_of(day)}.file_size();
    for (std::size_t at = 0; at < days.size(); ++at) {
        if (days[at].form == DayForm::quarantined)
            pass_quarantined(days, at);
        else
            read_shard_or_pass(days, at);
    }
}

// An archive can break off, and in the place of a shard may be something else: then the tiles know the hashes of the lines
// that it does not give.
void Verification::read_shard_or_pass(const std::vector<LedgerDay>& days, std::size_t at)
try {
    read_shard(days[at], at + 1 < days.size());
} catch (const SystemError&) {
    throw;
} catch (const Error& error) {
    while (!blocks_.is_empty())
        drain(no_limit);
    report_.findings.add(FlawKind::contradiction, file_of(days[at]), 0, error.what());
    if (order_.file() != shard_file(days[at].day)) {
        order_.begin_shard(shard_file(days[at].day));
        private_.begin_day(days[at].day);
        first_seq_ = order_.next_seq();
    }
    reader_.reset();
    add_known_lines(end_of_quarantined(days, at));
    sealed_ = ShardFacts{.day = days[at].day, .file = shard_file(days[at].day), .first = first_seq_, .is_whole = false};
}

void Verification::read_shard(const LedgerDay& day, bool is_sealed)
{
    begin_shard(day, is_sealed);
    const std::uint64_t size = reader_->file_size();
    while (reader_->bytes() < size) {
        auto block = reader_->next();
        if (block.empty())
            break;
        blocks_.give(std::move(block), day.day);
        while (blocks_.is_full())
            drain(no_limit);
    }
    while (!blocks_.is_empty())
        drain(no_limit);
    if (is_sealed)
        end_shard();
}

// The seq behind the last line of a shard that is not there: where the next one begins, or the checkpoint ends.
std::uint64_t Verification::end_of_quarantined(const std::vector<LedgerDay>& days, std::size_t at)
{
    if (at + 1 < days.size() && days[at + 1].form == DayForm::quarantined)
        return order_.next_seq();   // where one ends and the other begins nobody can tell: all are the last one's
    if (at + 1 < days.size())
        return first_seq_of(options_.root + "/" + file_of(days[at + 1])).value_or(order_.next_seq());
    const auto newest = read_checkpoint();
    return newest ? newest->size : order_.next_seq();
}

// The tiles know the hashes of its lines, and the root says whether they do.
void Verification::pass_quarantined(const std::vector<LedgerDay>& days, std::size_t at)
{
    const LedgerDay& day = days[at];
    day_ = day.day;
    order_.begin_shard(shard_file(day.day));
    private_.begin_day(day.day);
    first_seq_ = order_.next_seq();
    const std::uint64_t end = end_of_quarantined(days, at);
    add_known_lines(end);
    report_.findings.add(FlawKind::incomplete, shard_file(day.day), 0,
                         "in quarantine: "
                             + (end > first_seq_ ? "seq " + std::to_string(first_seq_) + " to " + std::to_string(end - 1)
                                                 : std::string{"its lines cannot be told"}));
    sealed_ = ShardFacts{.day = day.day, .file = shard_file(day.day), .first = first_seq_, .is_whole = false};
}

void Verification::add_known_lines(std::uint64_t end)
{
    const TileFolder folder{options_.root + "/tile"};
    for (std::uint64_t seq = order_.next_seq(); seq < end;) {
        const Tile tile{TileKind::hashes, 0, seq / tile_width,
                        static_cast<unsigned>(std::min<std::uint64_t>(tile_width, end - seq / tile_width * tile_width))};
        const auto hashes = folder.read(tile);
        if (!hashes) {
            report_.findings.add(FlawKind::contradiction, TileFolder::file_of(tile), 0, "missing");
            return;
        }
        for (; seq < end && seq / tile_width == tile.index; ++seq)
            order_.add_known((*hashes)[seq % tile_width]);
    }
}

// Until there are `size` lines, following the writer into a new day.
void Verification::read_on(std::uint64_t size)
{
    while (reader_ && order_.next_seq() < size) {
        std::string block = reader_->next();
        if (block.empty()) {
            const auto later = days_after(day_);
            block = reader_->next();   // what came before the new day did
            if (block.empty() && (later.empty() || kind_of(options_.root + "/" + file_of(later.front())) != FileKind::regular))
                return;
            if (block.empty()) {
                end_shard();
                begin_shard(later.front(), false);
                continue;
            }
        }
        blocks_.give(std::move(block), day_);
        drain(size);
    }
}

// `is_sealed`: a seal follows, and its digest is needed.
void Verification::begin_shard(const LedgerDay& day, bool is_sealed)
{
    const bool goes_on = options_.start && options_.start->day == day.day && !reader_ && report_.shards == 0;
    day_ = day.day;
    reader_.emplace(options_.root + "/" + file_of(day), is_sealed && is_full() && !goes_on);
    day_bytes_ = goes_on ? options_.start->offset : 0;
    if (goes_on) {
        reader_->skip_to(options_.start->offset);
        first_seq_ = options_.start->first;
    }
    order_.begin_shard(shard_file(day.day), goes_on ? options_.start->tree.size() - options_.start->first : 0);
    private_.begin_day(day.day);
    is_shard_whole_ = true;
    ++report_.shards;
}

void Verification::end_shard()
{
    if (!reader_->tail().empty())
        found(FlawKind::contradiction, order_.line() + 1, "the last line does not end");
    if (order_.line() == 0)
        found(FlawKind::contradiction, 0, "a shard without lines, before the newest");
    sealed_ = ShardFacts{day_, shard_file(day_), first_seq_, reader_->bytes(), is_full() ? reader_->digest() : "",
                         is_shard_whole_};
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
        day_bytes_ += line.length + 1;
    }
    if (options_.on_progress)
        options_.on_progress({report_.bytes + reader_->bytes(), bytes_total_});
}

void Verification::look_at(const CheckedLine& line)
{
    const bool is_first = order_.line() == 0;
    if (line.fault.empty() && !line.is_tombstone && (line.is_own() || is_first))
        look_at_own(line);
    if (is_first)
        first_seq_ = line.seq;
    if (line.is_tombstone) {
        tombstones_.push_back({line.seq, order_.file(), order_.line() + 1});
        is_shard_whole_ = false;
    } else if (is_full() && line.fault.empty()) {
        ids_.add(line.id_hash);
    }
    if (order_.add(line) && !line.priv.empty() && !options_.start)
        private_.add(line.seq, line.priv, line.leaf, order_.file(), order_.line());
}

void Verification::look_at_own(const CheckedLine& line)
{
    const bool is_first = order_.line() == 0;
    const std::uint64_t number = order_.line() + 1;
    const std::string_view due = !is_first ? "" : order_.lines() == 0 ? "ledger.genesis" : "ledger.day_sealed";
    if (!due.empty() && line.type != due)
        found(FlawKind::contradiction, number, "the first line here must be of type " + std::string{due});
    else if (line.type == "ledger.day_sealed" && is_first)
        look_at_seal(line);
    else if (due.empty() && (line.type == "ledger.day_sealed" || line.type == "ledger.genesis"))
        found(FlawKind::contradiction, number, std::string{line.type} + " can only be a shard's first line");
    else if (line.type == "ledger.genesis" || line.type == "ledger.key")
        look_at_key(line, number);
    else if (line.type == "ledger.frozen")
        is_frozen_ = true;
    else if (line.type == "ledger.redaction")
        try {
            private_.add_redaction(line.event);
        } catch (const Error& error) {
            found(FlawKind::contradiction, number, error.what());
        }
}

void Verification::look_at_key(const CheckedLine& line, std::uint64_t number)
{
    const Json event = parse_json(line.event);
    if (event["uuid"])
        uuid_ = event["uuid"].as_text();
    keys_in_tree_.add(std::string{event["vkey"].as_text()}, line.seq);
    keys_in_tree_.retire(std::string{event["retire"].as_text()}, line.seq);
    if (event["origin"] && event["origin"].as_text() != keys_.origin())
        found(FlawKind::contradiction, number, "the origin is not the name of the log's key, " + keys_.origin());
}

void Verification::look_at_seal(const CheckedLine& line)
{
    const auto seal = parse_seal(line.event, keys_.origin());
    if (!seal || !sealed_) {
        found(FlawKind::contradiction, order_.line() + 1, "not the seal of a day");
        return;
    }
    check_seal(*seal, line.seq, *sealed_, order_.file(), report_.findings);
    order_.expect_root(seal->size, seal->root, "the seal of " + seal->day);
    seals_.push_back(*seal);
}

// The tree has got a new size.
void Verification::compare_history()
{
    if (options_.start)
        return;
    while (history_.current() && history_.current()->checkpoint.size <= order_.tree().size()) {
        const auto& [checkpoint, file, signers] = *history_.current();
        take_note(file, checkpoint.size, signers);
        if (checkpoint.size == order_.tree().size())
            order_.expect_root(checkpoint.size, checkpoint.root, file);
        last_in_history_ = checkpoint;
        history_.advance();
    }
}

}
