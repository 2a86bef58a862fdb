// The catalog as a worker sees it: always the newest good index.
#include "catalog/catalog.h"

#include <sys/stat.h>

#include "base/error.h"
#include "base/log.h"
#include "os/lock.h"

namespace forge {

namespace {

constexpr auto look_interval = std::chrono::milliseconds{200};
constexpr std::size_t kept_templates = 256;

}

std::string index_path(const std::string& cache_dir)
{
    return cache_dir + "/catalog.index";
}

std::string index_lock_path(const std::string& cache_dir)
{
    return cache_dir + "/catalog.lock";
}

Catalog::Catalog(std::string cache_dir)
    : index_path_(index_path(cache_dir)), lock_path_(index_lock_path(cache_dir)),
      index_(std::make_shared<const CatalogIndex>())
{
    look();
}

std::shared_ptr<const CatalogIndex> Catalog::current()
{
    if (is_time_to_look())
        look();
    return *index_.access();
}

// True for one caller in each interval; the others go on with what is there.  Nobody goes on with what may be no
// index at all: a worker that is up before the index must not answer with an empty list after it.
bool Catalog::is_time_to_look()
{
    if (stale_)
        return true;
    const auto now = steady_now();
    auto next = next_look_.load(std::memory_order_relaxed);
    return now.time_since_epoch().count() >= next &&
           next_look_.compare_exchange_strong(next, (now + look_interval).time_since_epoch().count());
}

void Catalog::look()
{
    const Stamp now = stamp();
    stale_ = now.size < 0 || !FileLock::is_held(lock_path_);   // also while its keeper still makes the first one
    {
        auto seen = seen_.access();
        if (*seen == now || now.size < 0)
            return;
        *seen = now;
    }
    try {
        std::shared_ptr<const CatalogIndex> fresh = std::make_shared<CatalogIndex>(CatalogIndex::map(index_path_));
        std::swap(*index_.access(), fresh);
    } catch (const Error& error) {
        log(Severity::error, "catalog index refused", {{"reason", error.what()}});
    }
}

Catalog::Stamp Catalog::stamp() const
{
    struct stat info{};
    if (::stat(index_path_.c_str(), &info) != 0)
        return {};
    return {info.st_mtim.tv_sec * 1'000'000'000LL + info.st_mtim.tv_nsec, info.st_ino, info.st_size};
}

std::string_view Catalog::problem(const CatalogIndex& index) const
{
    if (stale_ || index.bytes().empty())
        return "index_stale";
    return index.state() == CatalogState::ok ? std::string_view{} : word_of(index.state());
}

std::shared_ptr<const CatalogTemplate> Catalog::load(const FileRecord& entry)
{
    {
        auto cache = cache_.access();
        if (const auto found = cache->templates.find(entry.key); found != cache->templates.end())
            return found->second;
    }
    auto loaded = std::make_shared<const CatalogTemplate>(template_from_json(parse_json(entry.text, {.depth = 512})));
    auto cache = cache_.access();
    if (cache->templates.emplace(entry.key, loaded).second)
        cache->order.push_back(entry.key);
    if (cache->order.size() > kept_templates) {
        cache->templates.erase(cache->order.front());
        cache->order.pop_front();
    }
    return loaded;
}

std::string shown(const CatalogIndex& index, const FileRecord& entry)
{
    Json versions = Json::array();
    for (const auto version : index.versions(entry.id))
        versions.append(version);
    return std::string{entry.text.substr(0, entry.text.size() - 1)} + ",\"versions\":" + dump(versions) + "}";
}

}
