// Fuzz target: a line with the query of an upload, then its bytes: they are taken within bounds under names that stay in their folder,
// or refused.  (Forms are not taken: nothing parses multipart.)
#include "analyze/unpack.h"
#include "http/message.h"
#include "lib/crypto.h"
#include "os/file.h"
#include "os/process.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <map>

namespace {

using namespace forge;

const EvidenceLimits limits{.packed_bytes = 64 << 10, .members = 100, .expanded_bytes = 1 << 20, .ratio_free_bytes = 256 << 10};

void check(bool holds)
{
    if (!holds)
        std::abort();
}

Fd memory_with(std::string_view bytes)
{
    Fd file{::memfd_create("fuzz", MFD_CLOEXEC)};
    write_all(file.get(), bytes, "fuzz");
    return file;
}

std::string content_of(const Fd& file)
{
    struct stat status {};
    check(::fstat(file.get(), &status) == 0);
    std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
    check(::pread(file.get(), bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    return bytes;
}

void check_files(const Unpacked& unpacked, const std::string& content)
{
    std::uint64_t end = 0, total = 0;
    const std::string* before = nullptr;
    for (const PackedFile& file : unpacked.files) {
        check(!path_fault(file.path) && normal_path(file.path) == file.path);
        check(!before || *before < file.path);
        before = &file.path;
        check(file.offset <= content.size() && file.size <= content.size() - file.offset);
        check(hex(sha256(std::string_view{content}.substr(file.offset, file.size))) == file.sha256);
        end = std::max(end, file.offset + file.size);
        total += file.size;
    }
    check(!unpacked.files.empty() && unpacked.files.size() <= limits.members);
    check(total == content.size() && end == content.size() && total <= limits.expanded_bytes + (64 << 10));
    static_cast<void>(parse_json(dump(unpacked.skips.json())));   // whatever the names of what was left out
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto line = text.find('\n');
    Request request;
    request.query = text.substr(0, line);
    const std::string_view bytes = line == text.npos ? std::string_view{} : text.substr(line + 1);
    const Fd upload = memory_with(bytes), out = memory_with({});
    try {
        const Unpacked unpacked = unpack(upload.get(), request.query_value("name").value_or(""), out.get(), limits);
        check(bytes.size() <= limits.packed_bytes);
        check_files(unpacked, content_of(out));
    } catch (const EvidenceRefused& refused) {
        check(*refused.what() != '\0');
    }
    return 0;
}
