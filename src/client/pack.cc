// Evidence on its way to the server.
#include "client/pack.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/error.h"
#include "lib/archive_writer.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t most_bytes = 64 << 20;      // as POST /v1/api/evidence takes
constexpr std::size_t most_members = 10'000;

class Packer {
public:
    explicit Packer(PackedEvidence& evidence) : evidence_(evidence) {}

    void add_folder(const std::string& folder, const std::string& prefix)
    {
        for (const std::string& name : names_in(folder))
            add(folder + "/" + name, prefix + name);
    }
    std::string finish() { return writer_.finish(); }

private:
    void add(const std::string& path, const std::string& member)
    {
        const auto type = std::filesystem::symlink_status(path).type();
        if (type == std::filesystem::file_type::directory && base_name(path) != ".git") {
            add_folder(path, member + "/");
        } else if (type == std::filesystem::file_type::regular) {
            writer_.add_file(member, read_file(path, 1 << 30));
            ++evidence_.files;
        } else if (type == std::filesystem::file_type::symlink) {
            writer_.add_symlink(member, std::filesystem::read_symlink(path));
        } else {
            ++evidence_.left_out;
        }
        if (evidence_.files > most_members)
            throw Error("evidence has more than " + std::to_string(most_members) + " files: send a smaller folder");
        if (writer_.packed_bytes() > most_bytes)
            throw Error("evidence is larger than 64 MiB even when packed: send a smaller folder");
    }

    PackedEvidence& evidence_;
    ArchiveWriter writer_;
};

}

PackedEvidence pack_evidence(const std::string& path)
{
    PackedEvidence evidence;
    const Fd file = open_file(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);   // a FIFO without a writer must not keep us
    struct stat status{};
    if (::fstat(file.get(), &status) != 0)
        throw errno_error(path);
    if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode))
        throw Error(path + " is neither a file nor a folder (a FIFO, a socket or a device): name a regular file or a folder");
    if (S_ISDIR(status.st_mode)) {
        Packer packer{evidence};
        packer.add_folder(path, "");
        evidence.bytes = packer.finish();
        evidence.content_type = "application/x-tar";
    } else {
        evidence.bytes = read_rest(file.get(), path, most_bytes);
        evidence.content_type = "application/octet-stream";
        evidence.files = 1;
    }
    return evidence;
}

}
