// Reads a ledger's lines in order.
#include "audit/verification.h"

#include "base/error.h"
#include "os/file.h"

#include <algorithm>

namespace forge {

namespace {

constexpr std::string_view shard_start = "events-";
constexpr std::string_view shard_end = ".jsonl";
constexpr std::uint64_t no_limit = ~std::uint64_t{0};

bool is_day(std::string_view text)
{
    const auto midnight = parse_rfc3339(text);
    return text.size() == 10 && midnight && utc_day(*midnight) == text;
}

}

std::string shard_file(const std::string& day)
{
    return std::string{shard_start} + day + std::string{shard_end};
}

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
        found(FlawKind::incomplete, order_.line(), "the checkpoint changed meanwhile and was not compared");
    private_.finish();
    check_keys();
    if (newest) {
        check_days(newest->size);
        check_history(*newest);
    }
    if (is_full())
        find_repeated_ids();
    fill_report();
}

std::vector<std::string> Verification::days_after(const std::string& day)
{
    std::vector<std::string> days;
    for (const auto& name : names_in(options_.root)) {
        if (!name.starts_with(shard_start))
            continue;
        const std::string of = name.substr(shard_start.size(),
                                           name.size() - std::min(name.size(), shard_start.size() + shard_end.size()));
        if (!name.ends_with(shard_end) || !is_day(of))
            report_.findings.add(FlawKind::contradiction, name, 0, "not the name of a shard");
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
        begin_shard(day, day != days.back());
        const std::uint64_t size = reader_->file_size();
        while (reader_->bytes() < size) {
            auto block = reader_->next();
            if (block.empty())
                break;
            blocks_.give(std::move(block), day);
            while (blocks_.is_full())
                drain(no_limit);
        }
        while (!blocks_.is_empty())
            drain(no_limit);
        if (day != days.back())
            end_shard();
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
            if (block.empty() && later.empty())
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
void Verification::begin_shard(const std::string& day, bool is_sealed)
{
    day_ = day;
    reader_.emplace(options_.root + "/" + shard_file(day), is_sealed && is_full());
    order_.begin_shard(shard_file(day));
    private_.begin_day(day);
    ++report_.shards;
}

void Verification::end_shard()
{
    if (!reader_->tail().empty())
        found(FlawKind::contradiction, order_.line() + 1, "the last line does not end");
    if (order_.line() == 0)
        found(FlawKind::contradiction, 0, "a shard without lines, before the newest");
    sealed_ = ShardFacts{day_, shard_file(day_), first_seq_, reader_->bytes(), is_full() ? reader_->digest() : ""};
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
    if (is_full() && line.fault.empty())
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
        found(FlawKind::contradiction, number, "the first line here must be of type " + std::string{due});
    else if (line.type == "ledger.day_sealed" && is_first)
        look_at_seal(line);
    else if (due.empty() && (line.type == "ledger.day_sealed" || line.type == "ledger.genesis"))
        found(FlawKind::contradiction, number, std::string{line.type} + " can only be a shard's first line");
    else if (line.type == "ledger.genesis" || line.type == "ledger.key")
        look_at_key(parse_json(line.event), number);
    else if (line.type == "ledger.redaction")
        try {
            private_.add_redaction(line.event);
        } catch (const Error& error) {
            found(FlawKind::contradiction, number, error.what());
        }
}

void Verification::look_at_key(const Json& event, std::uint64_t number)
{
    keys_in_tree_.emplace_back(event["vkey"].as_text());
    if (event["origin"] && event["origin"].as_text() != key_.name())
        found(FlawKind::contradiction, number, "the origin is not the name of the log's key, " + key_.name());
}

void Verification::look_at_seal(const CheckedLine& line)
{
    const auto seal = parse_seal(line.event, key_.name());
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
    while (history_.current() && history_.current()->checkpoint.size <= order_.tree().size()) {
        const auto& [checkpoint, file] = *history_.current();
        if (checkpoint.size == order_.tree().size())
            order_.expect_root(checkpoint.size, checkpoint.root, file);
        last_in_history_ = checkpoint;
        history_.advance();
    }
}

}
