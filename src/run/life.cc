// Whether a worker lives.
#include "run/life.h"

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/random.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace forge {

namespace {

constexpr std::string_view lock_end = ".lock";
constexpr std::string_view no_lock = "it has no lock";

// A name comes from the ledger's lines, and those may be of another machine: nothing that is a path.
bool is_name(std::string_view name)
{
    constexpr std::string_view characters = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
    return !name.empty() && name.size() <= 64 && name.front() != '.' && name.find_first_not_of(characters) == name.npos;
}

FileLock acquired(const std::string& path)
{
    auto lock = FileLock::try_acquire(path);
    if (!lock)
        throw Error(path + " is held by another process");
    return std::move(*lock);
}

std::string made_folder(std::string folder)
{
    make_folders(folder, 0770);
    return folder;
}

}

WorkerLife::WorkerLife(const std::string& runtime_dir, const std::string& instance)
    : folder_(made_folder(runtime_dir + "/workers")), name_(instance + "." + hex(random_bytes(4))), lock_(acquired(lock(name_)))
{
}

WorkerLife::~WorkerLife()
{
    ::unlink(socket(name_).c_str());
    ::unlink(lock(name_).c_str());
}

std::string WorkerLife::lock(const std::string& name) const
{
    return folder_ + "/" + name + std::string{lock_end};
}

std::string WorkerLife::socket(const std::string& name) const
{
    return folder_ + "/" + name + ".sock";
}

std::string_view WorkerLife::gone(const std::string& name) const
{
    if (!is_name(name) || !exists(lock(name)))
        return no_lock;
    return FileLock::is_held(lock(name)) ? "" : "its lock is free";
}

void WorkerLife::sweep() const
{
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
        const std::string file = entry.path().filename();
        if (!file.ends_with(lock_end))
            continue;
        const std::string name = file.substr(0, file.size() - lock_end.size());
        if (gone(name).empty())
            continue;
        ::unlink(socket(name).c_str());
        ::unlink(lock(name).c_str());
    }
}

}
