// The write-ahead log, for a verification.
#include "audit/log_check.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "audit/ledger_days.h"
#include "ledger/refusal.h"
#include "ledger/wal_reader.h"
#include "lib/json.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr int look_again_millis = 20;
constexpr std::size_t meta_limit = 1U << 16;
constexpr std::uint64_t longest_segment = 1ULL << 32;

struct Meta {
    std::string uuid;
    std::uint64_t segment;   // 0: the log was not made yet
};

Meta read_meta(const std::string& root)
try {
    const Json meta = parse_json(read_file(root + "/state/meta", meta_limit));
    const auto segment = meta["sizes"]["segment"].as_integer();
    if (static_cast<std::uint64_t>(segment) > longest_segment)
        throw Error("a segment of " + std::to_string(segment) + " bytes");
    return {std::string{meta["uuid"].as_text()}, static_cast<std::uint64_t>(segment)};
} catch (const SystemError&) {
    throw;
} catch (const Error& error) {
    throw WalDamaged(root + "/state/meta: " + error.what());
}

bool can_read_log(const std::string& root)
{
    const std::string meta = root + "/state/meta";
    if (::access((root + "/state").c_str(), R_OK | X_OK) != 0 || ::access(meta.c_str(), R_OK) != 0)
        return false;
    for (const std::uint64_t number : {0U, 1U})
        if (const auto path = wal_path(root, number); exists(path) && ::access(path.c_str(), R_OK) != 0)
            return false;
    return true;
}

// "ROOT/state/wal.0: byte 0: …": the file is the part before the colon.
Flaw flaw_of(const std::string& root, const std::string& text)
{
    const auto begin = text.starts_with(root + "/") ? root.size() + 1 : 0;
    const auto end = text.find(": ", begin);
    return {FlawKind::log, text.substr(begin, end - begin), 0, end == text.npos ? text : text.substr(end + 2)};
}

std::uint64_t lines_in(std::string_view bytes)
{
    return static_cast<std::uint64_t>(std::ranges::count(bytes, '\n'));
}

// One look at the log.
class LogLook {
public:
    LogLook(const std::string& root, std::uint64_t covered) : root_(root), covered_(covered) { report_.end = covered; }

    std::optional<LogReport> run(const std::string& uuid)
    try {
        const Meta meta = read_meta(root_);
        if (!uuid.empty() && uuid != meta.uuid)
            throw WalDamaged(root_ + "/state/meta: the uuid is not that of ledger.genesis");
        if (meta.segment == 0)
            return std::nullopt;
        RealIo io;
        const auto log = read_wal({io, root_, meta.uuid, meta.segment, covered_, OnLoss::halt, OpenFor::reading,
                                   [this](WalFrame& frame) { compare(frame); }});
        for (const WalGap& gap : log.gaps)
            found(gap.place.path.empty() ? wal_path(root_, log.newest().generation - 1) + ": " + gap.reason + said(gap)
                                         : gap.place.path + ": byte " + std::to_string(gap.place.offset) + ": " + gap.reason + said(gap));
        if (!log.frames.empty())
            report_.end = std::max(report_.end, log.frames.back().frame.end_seq());
        return std::move(report_);
    } catch (const WalDamaged& damage) {
        found(damage.what());
        return std::move(report_);
    }

private:
    static std::string said(const WalGap& gap)
    {
        return gap.from == gap.to ? "" : " (lines " + std::to_string(gap.from) + " to " + std::to_string(gap.to - 1) + ")";
    }
    void found(const std::string& text) { report_.flaws.push_back(flaw_of(root_, text)); }

    // Takes the frame's bytes: of all frames together they may be more than a verification has memory for.
    void compare(WalFrame& frame)
    {
        const std::string lines = std::move(frame.lines);
        frame.lines.clear();
        frame.sidecar = {};
        const std::string path = root_ + "/" + shard_file(frame.day);
        std::string have;
        if (RealIo io; io.exists(path))
            have = io.open(path, OpenFor::reading, 0)->read(frame.lines_offset, lines.size());
        const auto differs = static_cast<std::size_t>(std::ranges::mismatch(lines, have).in1 - lines.begin());
        const std::uint64_t same = lines_in(std::string_view{lines}.substr(0, differs));
        if (differs < have.size())
            report_.flaws.push_back({FlawKind::contradiction, shard_file(frame.day), line_at(path, frame.lines_offset) + same,
                                     "not what the write-ahead log has for seq " + std::to_string(frame.first_seq + same)
                                         + ": a start of forge-ledgerd writes it again from there"});
        else
            report_.unwritten += frame.end_seq() - std::max(covered_, frame.first_seq + same);
    }

    // The number, from 1, of the line that begins there.
    static std::uint64_t line_at(const std::string& path, std::uint64_t offset)
    {
        constexpr std::size_t piece = 1U << 20;
        RealIo io;
        const auto file = io.open(path, OpenFor::reading, 0);
        std::uint64_t line = 1;
        for (std::uint64_t at = 0; at < offset; at += piece)
            line += lines_in(file->read(at, static_cast<std::size_t>(std::min<std::uint64_t>(piece, offset - at))));
        return line;
    }

    const std::string& root_;
    const std::uint64_t covered_;
    LogReport report_;
};

}

std::optional<LogReport> check_log(const LogQuestion& question)
{
    if (!can_read_log(question.root))
        return std::nullopt;
    const SteadyTime until = steady_now() + question.patience;
    std::optional<std::uint64_t> first_end;
    for (;;) {
        auto report = LogLook{question.root, question.covered()}.run(question.uuid);
        if (!report)
            return report;
        if (report->flaws.empty() && report->end - report->unwritten >= first_end.value_or(report->end))
            report->unwritten = 0;   // a writer is at work: what was missing at the first look has come
        if ((report->flaws.empty() && report->unwritten == 0) || steady_now() >= until)
            return report;
        first_end = first_end.value_or(report->end);
        ::poll(nullptr, 0, look_again_millis);
    }
}

}
