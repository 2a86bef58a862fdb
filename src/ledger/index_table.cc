// A file of items of one size behind a header.
#include "ledger/index_table.h"

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

namespace forge {

namespace {

constexpr std::string_view magic{"VMFINDX2", 8};
constexpr std::size_t first_step = 64U << 10;
constexpr std::size_t largest_step = 16U << 20;

std::string boot_id()
{
    return std::string{trim(read_file("/proc/sys/kernel/random/boot_id"))}.substr(0, sizeof(IndexHeader::boot) - 1);
}

}

bool is_index_table(const Mapping& mapping, std::size_t item_size)
{
    if (mapping.size() < item_size)
        return false;
    const auto& header = *reinterpret_cast<const IndexHeader*>(mapping.data());
    return std::string_view{header.magic, sizeof header.magic} == magic && header.item_size == item_size
           && loaded(header.count) <= mapping.size() / item_size - 1;
}

bool IndexTable::open()
{
    if (!exists(path_))
        return false;
    mapping_ = map_shared(path_, std::filesystem::file_size(path_));
    return is_index_table(mapping_, item_size_) && (header().clean == 1 || boot_id() == header().boot);
}

void IndexTable::create(std::uint64_t generation)
{
    IndexHeader header{};
    std::copy(magic.begin(), magic.end(), header.magic);
    header.generation = generation;
    header.item_size = static_cast<std::uint32_t>(item_size_);
    std::string bytes(item_size_, '\0');
    std::memcpy(bytes.data(), &header, sizeof header);
    write_file_durably(path_, bytes, 0640);
    mapping_ = map_shared(path_, bytes.size());
}

bool IndexTable::reserve(std::uint64_t count)
try {
    const std::size_t needed = static_cast<std::size_t>(count + 1) * item_size_;
    if (needed <= mapping_.size())
        return true;
    // Blocks are taken here: a page of a hole that cannot be written would end the process.
    const std::size_t step = std::clamp(mapping_.size() / 8, first_step, largest_step);
    const std::size_t size = std::max(needed, mapping_.size() + step);
    const Fd file = open_file(path_, O_RDWR);
    if (::posix_fallocate(file.get(), 0, static_cast<off_t>(size)) != 0)
        return false;
    mapping_ = map_shared(path_, size);
    return true;
} catch (const SystemError&) {
    return false;
}

void IndexTable::publish(std::uint64_t count)
{
    store(header().count, count);
}

void IndexTable::mark_clean(bool clean)
{
    const auto sync = [this](std::size_t size) {
        if (::msync(mapping_.data(), size, MS_SYNC) != 0)
            throw errno_error("msync " + path_);
    };
    if (clean)
        sync(mapping_.size());
    const std::string boot = boot_id();
    std::copy_n(boot.c_str(), boot.size() + 1, header().boot);
    header().clean = clean ? 1 : 0;
    sync(sizeof(IndexHeader));
}

}
