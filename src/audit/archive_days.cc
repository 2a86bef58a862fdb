// Moves old days into compressed files.
#include "audit/archive_days.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

#include "audit/file_digest.h"
#include "audit/quarantine.h"
#include "audit/recorder.h"
#include "base/clock.h"
#include "base/error.h"
#include "lib/seekable_zstd.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t block_size = 1U << 20;

void pack(const std::string& from, const std::string& to, const std::string& root, unsigned threads)
{
    make_folders(folder_of(to), 0755);
    const std::string temporary = folder_of(to) + "/.tmp-" + base_name(to);
    ::unlink(temporary.c_str());
    const Fd source = open_file(from, O_RDONLY | O_NOFOLLOW);
    const Fd target = open_file(temporary, O_WRONLY | O_CREAT | O_EXCL, 0600);
    SeekableZstdWriter writer{target.get(), temporary, archive_level, threads};
    std::string buffer(block_size, '\0');
    for (ssize_t count = 0; (count = ::read(source.get(), buffer.data(), buffer.size())) != 0;) {
        if (count < 0)
            throw errno_error("read " + from);
        writer.add(std::string_view{buffer}.substr(0, static_cast<std::size_t>(count)));
    }
    writer.finish();
    settle_file(target.get(), root, temporary, 0440);
    if (::rename(temporary.c_str(), to.c_str()) != 0)
        throw errno_error("rename " + temporary + " to " + to);
    sync_folder(folder_of(to));
    sync_folder(folder_of(folder_of(to)));
    sync_folder(root);
}

}

ArchivedDay archive_day(const LedgerView& ledger, const std::string& day, const std::string& socket, const AskKnown& known,
                        unsigned threads)
{
    check_before_repair(ledger, known);
    const auto note = note_of_day(ledger, day);
    if (!note)
        throw Error(shard_file(day) + " is not sealed");
    const std::string plain = ledger.root + "/" + shard_file(day), packed = ledger.root + "/" + archive_file(day);
    if (file_digest(plain).sha256 != note->sha256)
        throw Error(shard_file(day) + " is not as it was sealed: see forge-ledger-quarantine(8)");
    if (!exists(packed) || expanded_digest(packed).sha256 != note->sha256)
        pack(plain, packed, ledger.root, threads);
    drop_from_cache(packed);
    if (expanded_digest(packed).sha256 != note->sha256)
        throw Error(archive_file(day) + " does not give back what was packed: " + shard_file(day) + " stays");
    const FileDigest digest = file_digest(packed);
    record_repair(ledger.root, socket, known, "ledger.archived",
                  Json::object({{"day", day}, {"first", note->first}, {"last", note->last}, {"bytes", note->bytes},
                                {"sha256", note->sha256}, {"archiveBytes", digest.bytes},
                                {"archiveSha256", digest.sha256}}));
    if (::unlink(plain.c_str()) != 0)
        throw errno_error("remove " + plain);
    sync_folder(ledger.root);
    return {day, note->bytes, digest.bytes, digest.sha256};
}

std::vector<std::string> days_to_archive(const LedgerView& ledger, long days)
{
    const std::string before = utc_day(wall_now() - std::chrono::days{days});
    std::vector<std::string> found;
    for (const LedgerDay& day : ledger_days(ledger.root).days)
        if (day.form == DayForm::plain && day.day < before && note_of_day(ledger, day.day))
            found.push_back(day.day);
    return found;
}

}
