// Reads a catalog: what changed since the last index is parsed, the rest is taken from it.
#pragma once

#include "catalog/index.h"
#include "catalog/schema_files.h"
#include "catalog/walk.h"

#include <functional>
#include <string>

namespace forge {

struct LoadCounts {
    std::size_t files = 0;
    std::size_t read = 0;       // the rest has the stamp that it had before
    std::size_t parsed = 0;     // of those read; the others have the bytes that they had before
};

struct LoadOptions {
    unsigned threads = 2;       // parse at once
    /// Called on the calling thread, now and then, while files are read.
    std::function<void(std::size_t done, std::size_t total)> progress = {};
};

struct Loaded {
    std::string bytes;        // of the index file; empty: `previous` is still right
    Walk walk;
    LoadCounts counts;
};

/// Never throws for what stands in the catalog.
Loaded load_catalog(const std::string& root, const CatalogIndex& previous, const LoadOptions& options = {});

}
