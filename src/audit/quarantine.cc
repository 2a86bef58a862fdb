// Moves a damaged file of lines out of the way.
#include "audit/quarantine.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/clock.h"
#include "base/error.h"
#include "lib/json.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t block_size = 1U << 20;
constexpr std::size_t report_limit = 16U << 20;

// "20261123T101112Z"
std::string compact_now()
{
    std::string text = rfc3339(wall_now()).substr(0, 19);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text + "Z";
}

void copy(const std::string& from, const std::string& to, const std::string& root)
{
    const Fd source = open_file(from, O_RDONLY | O_NOFOLLOW);
    const Fd target = open_file(to, O_WRONLY | O_CREAT | O_EXCL, 0640);
    std::string buffer(block_size, '\0');
    for (ssize_t count = 0; (count = ::read(source.get(), buffer.data(), buffer.size())) != 0;) {
        if (count < 0)
            throw errno_error("read " + from);
        write_all(target.get(), std::string_view{buffer}.substr(0, static_cast<std::size_t>(count)), to);
    }
    settle_file(target.get(), root, to, 0440);
}

std::string new_folder(const std::string& root, const std::string& day)
{
    const std::string base = "quarantine/" + compact_now() + "-damaged-" + day;
    std::string folder = base;
    for (int i = 2; exists(root + "/" + folder); ++i)
        folder = base + "-" + std::to_string(i);
    make_folders(root + "/" + folder, 0750);
    const Fd fd = open_file(root + "/" + folder, O_RDONLY | O_DIRECTORY);
    settle_file(fd.get(), root, root + "/" + folder, 0750);
    return folder;
}

Json report_of(const DayDamage& damage, Original original)
{
    Json ranges = Json::array();
    for (const SeqRange& range : damage.bad)
        ranges.append(Json::array({range.begin, range.end - 1}));
    return Json::object({{"shard", shard_file(damage.day)},
                         {"file", damage.file},
                         {"kind", "damaged"},
                         {"reason", damage.reason},
                         {"ranges", ranges},
                         {"first", damage.range.begin},
                         {"last", damage.range.end - 1},
                         {"bytes", damage.bytes},
                         {"sha256", damage.sha256},
                         {"copied", original == Original::kept},
                         {"time", rfc3339(wall_now())}});
}

}

void settle_file(int fd, const std::string& root, const std::string& name, unsigned mode)
{
    struct stat owner {};
    if (::stat(root.c_str(), &owner) != 0)
        throw errno_error("look at " + root);
    if (::geteuid() == 0 && ::fchown(fd, owner.st_uid, owner.st_gid) != 0)
        throw errno_error("chown " + name);
    if (::fchmod(fd, mode) != 0)
        throw errno_error("chmod " + name);
    if (::fsync(fd) != 0)
        throw errno_error("fsync " + name);
}

Quarantined quarantine_day(const std::string& root, const DayDamage& damage, Original original)
{
    if (damage.file.empty())
        throw Error(shard_file(damage.day) + " is not there");
    const std::string folder = new_folder(root, damage.day);
    const std::string from = root + "/" + damage.file;
    const std::string to = root + "/" + folder + "/" + base_name(damage.file);
    write_file_durably(root + "/" + folder + "/report.json", dump(report_of(damage, original)) + "\n", 0440);
    if (original == Original::kept)
        copy(from, to, root);
    else if (::rename(from.c_str(), to.c_str()) != 0)
        throw errno_error("rename " + from + " to " + to);
    sync_folder(root + "/" + folder);
    sync_folder(root + "/quarantine");
    sync_folder(folder_of(from));
    return {folder, original};
}

std::vector<std::string> quarantined_files(const std::string& root, const std::string& day)
{
    std::vector<std::string> files;
    if (!exists(root + "/quarantine"))
        return files;
    for (const auto& name : names_in(root + "/quarantine"))
        for (const auto& file : {shard_file(day), base_name(archive_file(day))})
            if (exists(root + "/quarantine/" + name + "/" + file))
                files.push_back("quarantine/" + name + "/" + file);
    std::reverse(files.begin(), files.end());
    return files;
}

}
