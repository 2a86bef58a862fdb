// The catalog as a worker sees it: always the newest good index.
#pragma once

#include "base/clock.h"
#include "base/guarded.h"
#include "catalog/index.h"
#include "catalog/template.h"

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace forge {

/// Where the index of a cache folder stands, and the file that its service holds locked while it lives.
std::string index_path(const std::string& cache_dir);
std::string index_lock_path(const std::string& cache_dir);

/// Any thread.  Snapshots stay valid for as long as somebody holds them.
class Catalog {
public:
    explicit Catalog(std::string cache_dir);

    /// The newest index that could be mapped; an empty one before the first.  Looks at the disk every 200 ms at most.
    std::shared_ptr<const CatalogIndex> current();

    /// For x-catalog-problem and readiness: "index_stale" (nobody keeps the index), "missing", "empty", "all_broken",
    /// or "" when all is well.  As of the last look at the disk.
    std::string_view problem(const CatalogIndex& index) const;
    bool is_stale() const noexcept { return stale_; }

    /// The parsed form of an entry; the last few hundred are kept.
    std::shared_ptr<const CatalogTemplate> load(const FileRecord& entry);

private:
    struct Stamp {
        long long modified_ns = 0;
        unsigned long long inode = 0;
        long long size = -1;
        friend bool operator==(const Stamp&, const Stamp&) = default;
    };
    struct Cache {
        std::map<Hash, std::shared_ptr<const CatalogTemplate>> templates;
        std::deque<Hash> order;   // oldest first
    };

    bool is_time_to_look();
    void look();
    Stamp stamp() const;

    const std::string index_path_;
    const std::string lock_path_;
    std::atomic<SteadyTime::rep> next_look_ = 0;
    std::atomic<bool> stale_ = true;
    Guarded<std::shared_ptr<const CatalogIndex>> index_;
    Guarded<Stamp> seen_;
    Guarded<Cache> cache_;
};

/// What `GET /v1/api/templates/{id}` answers: the template's JSON with "versions" in it.
std::string shown(const CatalogIndex& index, const FileRecord& entry);

}
