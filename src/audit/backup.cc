// A copy of a ledger that verifies by itself.
#include "audit/backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <set>

#include "audit/file_digest.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "tlog/slices.h"

namespace forge {

namespace {

namespace fs = std::filesystem;
constexpr std::size_t block_size = 1U << 20;
constexpr std::size_t note_limit = 1U << 20;

class Backup {
public:
    Backup(const LedgerView& ledger, std::string to, const std::function<void(const std::string&)>& on_file)
        : ledger_(ledger), to_(std::move(to)), on_file_(on_file),
          checkpoint_(read_file(ledger.root + "/checkpoint", note_limit))
    {
    }

    BackupReport run(const NoteSigner& signer)
    {
        if (ledger_.keys.open_checkpoint(checkpoint_).size < ledger_.checkpoint.size)
            throw Error("the checkpoint went back meanwhile");
        tree_ = ledger_.keys.open_checkpoint(checkpoint_);
        copy_folder("keys", [](const std::string& name) { return name.find(".vkey") != name.npos; }, Change::may);
        copy_folder("tile", {}, Change::never);
        copy_folder("days", {}, Change::never);
        copy_folder("archive", {}, Change::never);
        copy_shards();
        copy_folder("private", [](const std::string& name) { return name.ends_with(".jsonl"); }, Change::may, Depth::flat);
        copy_history();
        put("checkpoint", checkpoint_);
        write_manifest(signer);
        return report_;
    }

private:
    enum class Change { never, may };
    enum class Depth { flat, all };
    using Filter = std::function<bool(const std::string& name)>;

    void copy_folder(const std::string& folder, const Filter& filter, Change change, Depth depth = Depth::all)
    {
        const std::string path = ledger_.root + "/" + folder;
        if (!exists(path) || ::access(path.c_str(), R_OK | X_OK) != 0)
            return;
        for (const auto& name : names_in(path)) {
            const std::string file = folder + "/" + name;
            if (name.starts_with(".tmp-"))
                continue;
            if (fs::is_directory(fs::symlink_status(ledger_.root + "/" + file))) {
                if (depth == Depth::all)
                    copy_folder(file, filter, change, depth);
            } else if (!filter || filter(name)) {
                copy_file(file, change);
            }
        }
    }

    // A partial tile may give way to the full one meanwhile.
    void copy_file(const std::string& file, Change change)
    try {
        if (change == Change::never && is_there(file))
            return note(file);
        const Fd source = open_file(ledger_.root + "/" + file, O_RDONLY | O_NOFOLLOW);
        copy_bytes(source.get(), file, ~std::uint64_t{0});
    } catch (const SystemError& error) {
        if (error.code != ENOENT || !file.starts_with("tile/"))
            throw;
    }

    bool is_there(const std::string& file) const
    {
        struct stat source {}, copy {};
        return ::stat((to_ + "/" + file).c_str(), &copy) == 0 && ::stat((ledger_.root + "/" + file).c_str(), &source) == 0
               && source.st_size == copy.st_size;
    }

    // Tiles are no secret, and are served from where they are.
    static mode_t mode_of(const std::string& file) { return file.starts_with("tile/") ? 0444 : 0440; }

    void copy_bytes(int source, const std::string& file, std::uint64_t limit)
    {
        const std::string path = to_ + "/" + file, temporary = folder_of(path) + "/.tmp-" + base_name(path);
        make_folders(folder_of(path), 0750);
        ::unlink(temporary.c_str());
        const Fd target = open_file(temporary, O_WRONLY | O_CREAT | O_EXCL, mode_of(file));
        std::string buffer(block_size, '\0');
        std::uint64_t copied = 0;
        while (copied < limit) {
            const ssize_t count = ::read(source, buffer.data(), std::min<std::uint64_t>(buffer.size(), limit - copied));
            if (count < 0)
                throw errno_error("read " + file);
            if (count == 0)
                break;
            write_all(target.get(), std::string_view{buffer}.substr(0, static_cast<std::size_t>(count)), temporary);
            copied += static_cast<std::uint64_t>(count);
        }
        if (::fsync(target.get()) != 0)
            throw errno_error("fsync " + temporary);
        if (::rename(temporary.c_str(), path.c_str()) != 0)
            throw errno_error("rename " + temporary + " to " + path);
        folders_.insert(folder_of(path));
        ++report_.copied;
        report_.bytes += copied;
        note(file);
    }

    void note(const std::string& file)
    {
        if (on_file_)
            on_file_(file);
        files_.insert(file);
    }

    void put(const std::string& file, const std::string& content)
    {
        make_folders(folder_of(to_ + "/" + file), 0750);
        write_file_durably(to_ + "/" + file, content, 0440);
        ++report_.copied;
        report_.bytes += content.size();
        note(file);
    }

    void copy_shards()
    {
        for (const LedgerDay& day : ledger_days(ledger_.root).days) {
            if (day.form != DayForm::plain)
                continue;
            const auto sealed = note_of_day(ledger_, day.day);
            if (sealed && sealed->size <= tree_.size)
                copy_file(shard_file(day.day), Change::never);
            else
                copy_open_shard(day.day);
        }
    }

    // As far as the checkpoint covers it.
    void copy_open_shard(const std::string& day)
    {
        const std::string path = ledger_.root + "/" + shard_file(day);
        std::uint64_t end = 0;
        {
            const Fd file = open_file(path, O_RDONLY | O_NOFOLLOW);
            end = covered_bytes(file.get(), path);
        }
        if (end == 0)
            return;
        const Fd file = open_file(path, O_RDONLY | O_NOFOLLOW);
        copy_bytes(file.get(), shard_file(day), end);
    }

    std::uint64_t covered_bytes(int fd, const std::string& path) const
    {
        std::string rest, buffer(block_size, '\0');
        std::uint64_t end = 0;
        for (;;) {
            const ssize_t count = ::read(fd, buffer.data(), buffer.size());
            if (count < 0)
                throw errno_error("read " + path);
            if (count == 0)
                return end;
            rest.append(buffer, 0, static_cast<std::size_t>(count));
            std::size_t at = 0;
            for (std::size_t lf = 0; (lf = rest.find('\n', at)) != rest.npos; at = lf + 1) {
                const auto seq = parse_unsigned(member_of(std::string_view{rest}.substr(at, lf - at), "seq"));
                if (seq && *seq >= tree_.size)
                    return end;
                end += lf + 1 - at;
            }
            rest.erase(0, at);
        }
    }

    // Up to the note of the checkpoint that this is a backup of.
    void copy_history()
    {
        const std::string folder = ledger_.root + "/checkpoints";
        if (!exists(folder))
            return;
        for (const auto& name : names_in(folder)) {
            const std::string file = "checkpoints/" + name;
            const std::string text = read_file(ledger_.root + "/" + file);
            const auto at = text.find(own_part(checkpoint_));
            if (at == text.npos) {
                put(file, text);
                continue;
            }
            const auto end = text.find("\n\n", text.find("\u2014 ", at));
            put(file, text.substr(0, end == text.npos ? end : end + 2));
            return;
        }
    }

    // Text and signature of the log; cosignatures may have been added since.
    static std::string own_part(const std::string& note)
    {
        const auto signature = note.find("\u2014 ");
        return note.substr(0, note.find('\n', signature) + 1);
    }

    void write_manifest(const NoteSigner& signer)
    {
        std::string list;
        for (const auto& file : files_)
            list += file_digest(to_ + "/" + file).sha256 + "  " + file + "\n";
        for (const auto& folder : folders_)
            sync_folder(folder);
        write_file_durably(to_ + "/manifest.sha256", list, 0440);
        const std::string text = ledger_.keys.origin() + "/backup\n" + rfc3339(wall_now()) + "\n"
                                 + std::to_string(tree_.size) + " " + base64(tree_.root) + "\n"
                                 + std::to_string(files_.size()) + " " + hex(sha256(list)) + "\n";
        write_file_durably(to_ + "/manifest.note", signer.sign(text), 0440);
        write_file_durably(to_ + "/manifest.vkey", signer.verifier_key().text() + "\n", 0444);
        report_.files = files_.size();
        report_.manifest = to_ + "/manifest.note";
    }

    const LedgerView& ledger_;
    const std::string to_;
    const std::function<void(const std::string&)>& on_file_;
    const std::string checkpoint_;   // first: all that it covers is there from now on
    Checkpoint tree_;
    std::set<std::string> files_;
    std::set<std::string> folders_;
    BackupReport report_;
};

}

BackupReport backup_ledger(const LedgerView& ledger, const std::string& to, const NoteSigner& signer,
                           const std::function<void(const std::string&)>& on_file)
{
    make_folders(to, 0750);
    return Backup{ledger, to, on_file}.run(signer);
}

}
