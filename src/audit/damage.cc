// Which lines of a day's file are not those that were signed.
#include "audit/damage.h"

#include <fcntl.h>
#include <unistd.h>

#include <set>

#include "audit/day_lines.h"
#include "audit/line_source.h"
#include "base/error.h"
#include "base/text.h"
#include "lib/seekable_zstd.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t block_size = 1U << 20;

struct Digest {
    std::uint64_t bytes = 0;
    std::string sha256;
};

Digest digest_of(const std::string& path)
{
    const Fd file = open_file(path, O_RDONLY | O_NOFOLLOW);
    Sha256 hash;
    Digest digest;
    std::string buffer(block_size, '\0');
    for (;;) {
        const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
        if (count < 0)
            throw errno_error("read " + path);
        if (count == 0)
            break;
        hash.update(std::string_view{buffer}.substr(0, static_cast<std::size_t>(count)));
        digest.bytes += static_cast<std::uint64_t>(count);
    }
    digest.sha256 = hex(hash.finish());
    return digest;
}

// Of what an archive holds; a damaged one has none.
Digest expanded_digest(const std::string& path)
try {
    SeekableZstdReader reader{path};
    Sha256 hash;
    for (std::uint64_t at = 0; at < reader.size(); at += block_size)
        hash.update(reader.read(at, block_size));
    return {reader.size(), hex(hash.finish())};
} catch (const SystemError&) {
    throw;
} catch (const Error&) {
    return {};
}

bool has_all_lines(const std::string& path, SeqRange range, AuthenticLeaves& leaves)
try {
    std::uint64_t seq = range.begin;
    bool is_right = true;
    read_lines_of_file(path, [&](std::string_view line) {
        if (seq < range.end)
            is_right = is_right && leaves.at(seq) == leaf_hash(line);
        ++seq;
    });
    return is_right && seq >= range.end;
} catch (const SystemError&) {
    throw;
} catch (const Error&) {
    return false;   // an archive without its table
}

void find_bad_lines(DayDamage& damage, AuthenticLeaves& leaves, const std::string& root)
{
    DayLines lines{damage.range, leaves, root};
    lines.begin_source(damage.file);
    try {
        read_lines_of_file(root + "/" + damage.file, [&](std::string_view line) { lines.add(line); });
    } catch (const SystemError&) {
        throw;
    } catch (const Error&) {
        damage.reason = "no archive that can be read";
    }
    lines.settle();
    damage.bad = lines.missing();
}

}

DayDamage examine_day(const OpenLedger& ledger, AuthenticLeaves& leaves, const std::string& day)
{
    DayDamage damage{.day = day, .range = lines_of_day(ledger, day)};
    const auto note = note_of_day(ledger, day);
    damage.is_sealed = note.has_value();
    for (const auto& file : {shard_file(day), archive_file(day)})
        if (damage.file.empty() && exists(ledger.root + "/" + file))
            damage.file = file;
    if (damage.file.empty()) {
        damage.reason = "missing";
        damage.bad = {damage.range};
        return damage;
    }
    const std::string path = ledger.root + "/" + damage.file;
    const Digest digest = digest_of(path);
    const Digest content = damage.file.ends_with(".zst") ? expanded_digest(path) : digest;
    damage.bytes = digest.bytes;
    damage.sha256 = digest.sha256;
    const bool is_as_sealed = note && content.sha256 == note->sha256;
    if (is_as_sealed || (!note && has_all_lines(path, damage.range, leaves)))
        return damage;
    find_bad_lines(damage, leaves, ledger.root);
    if (!damage.bad.empty())
        damage.reason = "lines are missing or changed";
    else if (damage.reason.empty())
        damage.reason = "its bytes are not those that were sealed, its lines are";
    return damage;
}

std::vector<std::string> all_days(const std::string& root)
{
    std::set<std::string> days;
    for (const LedgerDay& day : ledger_days(root).days)
        days.insert(day.day);
    if (exists(root + "/days"))
        for (const auto& name : names_in(root + "/days"))
            if (name.ends_with(".note") && day_of_shard("events-" + name.substr(0, name.size() - 5) + ".jsonl"))
                days.insert(name.substr(0, name.size() - 5));
    return {days.begin(), days.end()};
}

std::string text_of(const std::vector<SeqRange>& ranges)
{
    std::string text;
    for (const SeqRange& range : ranges)
        text += (text.empty() ? "" : ",") + std::to_string(range.begin)
                + (range.size() > 1 ? "-" + std::to_string(range.end - 1) : "");
    return text;
}

}
