// Keeps the catalog's index up to date: what forge-catalog-index does.
#pragma once

#include "base/clock.h"
#include "catalog/index.h"
#include "catalog/load.h"
#include "os/folder_watch.h"
#include "os/lock.h"

#include <string>

namespace forge {

/// One thread.
class Indexer {
public:
    Indexer(std::string root, std::string cache_dir);

    /// Reads what changed and, where that makes a difference, puts a new index in place.  Throws SystemError when the
    /// index cannot be written.
    void update();

    /// As long as the process lives: updates soon after each change.  Throws Error when another service already keeps
    /// this index.
    [[noreturn]] void serve();

    const CatalogIndex& index() const noexcept { return index_; }

private:
    void watch_folders(const Walk& walk);
    bool try_update();
    void wait_for_change();
    bool root_was_replaced();
    void report(const LoadCounts& counts, Millis took) const;

    const std::string root_;
    const std::string cache_dir_;
    CatalogIndex index_;
    FolderWatch watch_;
    std::pair<unsigned long, unsigned long> root_identity_{};   // device and inode
};

}
