// Puts back the lines of damaged or missing days.
#include "audit/restore.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>

#include "audit/day_lines.h"
#include "audit/line_source.h"
#include "audit/quarantine.h"
#include "audit/recorder.h"
#include "audit/web_mirror.h"
#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "tlog/jcs.h"
#include "tlog/slices.h"

namespace forge {

namespace {

constexpr std::size_t ranges_in_entry = 500;
constexpr std::size_t tail_limit = 1U << 20;   // lines behind the checkpoint

struct Written {
    std::string sha256;
    std::uint64_t bytes = 0;
};

// In a folder that nobody else may enter; whoever restores next may be another user.
std::string note_of_mended(const std::string& root, const std::string& day)
{
    return root + "/state/restored-" + day;
}

// What a restore mended that could not record it is recorded by the next one.
void record_mended(const RestoreOptions& options, const std::string& day)
{
    const std::string note = note_of_mended(options.root, day);
    if (!exists(note))
        return;
    record_repair(options.root, options.socket, options.known, "ledger.restored", parse_json(read_file(note)));
    if (::unlink(note.c_str()) != 0)
        throw errno_error("unlink " + note);
}

// The servers among the sources; one is asked when a line is missing that those before it have not.
class Mirrors {
public:
    explicit Mirrors(std::string origin) : origin_(std::move(origin)) {}

    WebMirror& at(const std::string& url)
    {
        auto& mirror = by_url_[url];
        if (!mirror)
            mirror = std::make_unique<WebMirror>(url, origin_, token_of_environment());
        return *mirror;
    }

private:
    std::string origin_;
    std::map<std::string, std::unique_ptr<WebMirror>> by_url_;
};

class DayRestore {
public:
    DayRestore(const RestoreOptions& options, const LedgerView& ledger, AuthenticLeaves& leaves, Mirrors& mirrors,
               RestoredDay& day)
        : options_(options), ledger_(ledger), mirrors_(mirrors), day_(day), damage_(day.damage),
          lines_(day.damage.range, leaves, options.root)
    {
    }

    void run()
    {
        read_sources();
        lines_.settle();
        day_.sources = lines_.sources();
        day_.missing = lines_.missing();
        if (!day_.missing.empty()) {
            day_.outcome = RestoredDay::Outcome::incomplete;
            return;
        }
        day_.outcome = RestoredDay::Outcome::restorable;
        if (options_.is_dry)
            return;
        const bool is_in_use = is_being_written(options_.root);
        if (!damage_.is_sealed && is_in_use && !damage_.file.empty())
            patch();
        else
            rewrite(is_in_use);
        record_mended(options_, damage_.day);
        day_.outcome = RestoredDay::Outcome::restored;
    }

private:
    void read_sources()
    {
        std::vector<std::string> own = quarantined_files(options_.root, damage_.day);
        if (!damage_.file.empty())
            own.insert(own.begin(), damage_.file);
        for (const auto& file : own) {
            lines_.begin_source(file);
            quietly([&] { read_lines_of_file(options_.root + "/" + file, [&](auto line) { take_own(line); }); });
        }
        for (const auto& source : options_.from) {
            if (lines_.is_complete())
                return;
            lines_.begin_source(source);
            const auto take = [&](std::string_view line) { lines_.add(line); };
            if (is_web_address(source))
                read_mirror(mirrors_.at(source), take);
            else
                quietly([&] { read_lines_of_source(source, damage_.day, damage_.range, take); });
        }
    }

    void read_mirror(WebMirror& mirror, const OnLine& take)
    try {
        mirror.read(lines_.missing(), take);
    } catch (const SystemError&) {
        throw;
    } catch (const Error& error) {
        day_.troubles.emplace_back(error.what());
    }

    // A source that breaks off is worth what it gave; one that is not there is an error of the call.
    template <class Read>
    static void quietly(Read read)
    try {
        read();
    } catch (const SystemError&) {
        throw;
    } catch (const Error&) {   // what it has not given shows as missing
    }

    void take_own(std::string_view line)
    {
        lines_.add(line);
        const auto seq = parse_unsigned(member_of(line, "seq"));
        if (!damage_.is_sealed && seq && *seq >= damage_.range.end && tail_.size() < tail_limit)
            tail_.emplace(*seq, line);
    }

    // The day's file anew, and behind the signed lines those that were committed after the checkpoint.
    void rewrite(bool is_in_use)
    {
        if (!damage_.is_sealed && is_in_use)
            throw Error(shard_file(damage_.day) + " is not there, and forge-ledgerd is writing it: stop forge-ledgerd, then restore");
        const std::string path = options_.root + "/" + shard_file(damage_.day);
        const std::string temporary = options_.root + "/.tmp-restore-" + damage_.day;
        ::unlink(temporary.c_str());
        const Fd file = open_file(temporary, O_WRONLY | O_CREAT | O_EXCL, 0600);
        const Written written = write_lines(file.get(), temporary);
        if (const auto note = note_of_day(ledger_, damage_.day);
            note && (note->sha256 != written.sha256 || note->bytes != written.bytes))
            throw Error("the lines of " + shard_file(damage_.day) + " do not make the file that was sealed");
        settle_file(file.get(), options_.root, temporary, damage_.is_sealed ? 0440 : 0640);
        if (!damage_.file.empty())
            day_.folder = quarantine_day(options_.root, damage_, Original::moved).folder;
        note_mended(written);
        if (::rename(temporary.c_str(), path.c_str()) != 0)
            throw errno_error("rename " + temporary + " to " + path);
        sync_folder(options_.root);
    }

    Written write_lines(int fd, const std::string& name)
    {
        Sha256 hash;
        Written written;
        std::string block;
        const auto flush = [&] {
            hash.update(block);
            write_all(fd, block, name);
            written.bytes += block.size();
            block.clear();
        };
        const auto put = [&](const std::string& line) {
            block.append(line).append("\n");
            if (block.size() >= 1U << 20)
                flush();
        };
        Hash last{};
        for (std::uint64_t seq = damage_.range.begin; seq < damage_.range.end; ++seq) {
            const std::string line = lines_.line(seq);
            last = leaf_hash(line);
            put(line);
        }
        for (const auto& [seq, line] : tail_) {
            if (plain_text(member_of(line, "prev")).value_or("") != hex(last))
                break;
            last = leaf_hash(line);
            put(line);
        }
        flush();
        written.sha256 = hex(hash.finish());
        return written;
    }

    // Its writer goes on in the same file: the bad lines alone are written over, each with the bytes that belong there.
    void patch()
    {
        const std::string path = options_.root + "/" + damage_.file;
        const Fd file = open_file(path, O_RDWR | O_NOFOLLOW);
        Sha256 hash;
        std::uint64_t size = 0;
        for (std::uint64_t seq = damage_.range.begin; seq < damage_.range.end; ++seq) {
            hash.update(lines_.line(seq) + "\n");
            size += lines_.size_of(seq) + 1;
        }
        if (damage_.bytes < size)
            throw Error(damage_.file + " has lost bytes while forge-ledgerd writes it: stop forge-ledgerd, then restore");
        day_.folder = quarantine_day(options_.root, damage_, Original::kept).folder;
        note_mended({.sha256 = hex(hash.finish()), .bytes = size});
        std::uint64_t offset = 0;
        for (std::uint64_t seq = damage_.range.begin; seq < damage_.range.end; ++seq) {
            const std::string line = lines_.line(seq) + "\n";
            std::string there(line.size(), '\0');
            if (::pread(file.get(), there.data(), there.size(), static_cast<off_t>(offset)) < 0)
                throw errno_error("read " + path);
            if (there != line
                && ::pwrite(file.get(), line.data(), line.size(), static_cast<off_t>(offset))
                       != static_cast<ssize_t>(line.size()))
                throw errno_error("write " + path);
            offset += line.size();
        }
        if (::fsync(file.get()) != 0)
            throw errno_error("fsync " + path);
    }

    // Before the day is whole again: whatever happens then, the next restore finds what is still to be recorded.
    void note_mended(const Written& written)
    {
        Json ranges = Json::array();
        std::size_t count = 0;
        for (const SeqRange& range : damage_.bad)
            if (++count <= ranges_in_entry)
                ranges.append(Json::array({range.begin, range.end - 1}));
        Json sources = Json::array();
        for (const auto& [name, taken] : day_.sources)
            sources.append(is_web_address(name) ? name : base_name(name));
        Json event = Json::object({{"shard", shard_file(damage_.day)}, {"ranges", ranges}, {"sources", sources}});
        if (count > ranges_in_entry)
            event.set("rangesTotal", count);
        if (!damage_.sha256.empty())
            event.set("oldSha256", damage_.sha256);
        event.set("newSha256", written.sha256).set("newBytes", written.bytes);
        write_file_durably(note_of_mended(options_.root, damage_.day), canonical_json(event));
    }

    const RestoreOptions& options_;
    const LedgerView& ledger_;
    Mirrors& mirrors_;
    RestoredDay& day_;
    const DayDamage& damage_;
    DayLines lines_;
    std::map<std::uint64_t, std::string> tail_;   // by seq
};

}

std::vector<RestoredDay> restore_ledger(const RestoreOptions& options)
{
    const LedgerView ledger = open_ledger(options.root, options.vkey);
    AuthenticLeaves leaves{ledger};
    Mirrors mirrors{ledger.keys.origin()};
    std::vector<RestoredDay> days;
    for (const auto& day : options.days.empty() ? all_days(options.root) : options.days) {
        RestoredDay& restored = days.emplace_back();
        restored.damage = examine_day(ledger, leaves, day);
        if (restored.damage.is_whole()) {
            if (!options.is_dry)
                record_mended(options, day);
            continue;
        }
        if (!options.is_dry)
            check_before_repair(ledger, options.known);
        DayRestore{options, ledger, leaves, mirrors, restored}.run();
    }
    return days;
}

}
