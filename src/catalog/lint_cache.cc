// What lint keeps between two calls.
#include "catalog/lint_cache.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "base/error.h"
#include "lib/crypto.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::string_view prefix = "lint-";
constexpr std::size_t kept_files = 16;
constexpr std::size_t ledger_bytes = 256 << 20;
constexpr mode_t own_folder = 0700;
constexpr mode_t own_file = 0600;

std::string real_path(const std::string& path)
{
    std::error_code failed;
    const auto real = std::filesystem::canonical(path, failed);
    return failed ? path : real.string();
}

struct Kept {
    std::string path;
    timespec used;
};

// Of folders that are linted once, as those of build jobs, nothing piles up.
void remove_oldest(const std::string& folder)
{
    std::vector<Kept> files;
    for (const auto& name : names_in(folder)) {
        struct stat info{};
        if (name.starts_with(prefix) && ::stat((folder + "/" + name).c_str(), &info) == 0)
            files.push_back({folder + "/" + name, info.st_mtim});
    }
    std::ranges::sort(files, [](const Kept& a, const Kept& b) {
        return std::pair{a.used.tv_sec, a.used.tv_nsec} > std::pair{b.used.tv_sec, b.used.tv_nsec};
    });
    for (std::size_t i = kept_files; i < files.size(); ++i)
        ::unlink(files[i].path.c_str());
}

bool is_absolute(const char* path)
{
    return path != nullptr && path[0] == '/';
}

}

LintCache::LintCache(std::string folder) : folder_(std::move(folder)) {}

std::string LintCache::path(const char* kind, const std::string& root) const
{
    constexpr std::size_t digits = 32;
    return folder_ + "/" + std::string{prefix} + hex(sha256(real_path(root))).substr(0, digits) + kind;
}

CatalogIndex LintCache::catalog(const std::string& root) const noexcept
try {
    return folder_.empty() ? CatalogIndex{} : CatalogIndex::map(path(".index", root));
} catch (const std::exception&) {
    return {};
}

void LintCache::keep_catalog(const std::string& root, std::string_view bytes) const noexcept
{
    if (!bytes.empty())
        keep(path(".index", root), bytes);
}

Json LintCache::ledger(const std::string& root) const noexcept
try {
    return folder_.empty() ? Json{} : parse_json(read_file(path(".ledger", root), ledger_bytes));
} catch (const std::exception&) {
    return {};
}

void LintCache::keep_ledger(const std::string& root, const Json& versions) const noexcept
{
    keep(path(".ledger", root), dump(versions));
}

void LintCache::keep(const std::string& path, std::string_view bytes) const noexcept
try {
    if (folder_.empty())
        return;
    make_folders(folder_, own_folder);
    replace_file(path, bytes, own_file);
    remove_oldest(folder_);
} catch (const std::exception&) {
    return;   // the next time takes as long as this one
}

std::string LintCache::folder_of_user()
{
    if (const char* const given = std::getenv("FORGE_CACHE_DIR"); is_absolute(given) && ::access(given, W_OK) == 0)
        return given;
    if (const char* const cache = std::getenv("XDG_CACHE_HOME"); is_absolute(cache))
        return std::string{cache} + "/vaultmesh-forge";
    if (const char* const home = std::getenv("HOME"); is_absolute(home))
        return std::string{home} + "/.cache/vaultmesh-forge";
    return {};
}

}
