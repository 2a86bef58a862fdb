// Reads a catalog: what changed since the last index is parsed, the rest is taken from it.
#pragma once

#include "catalog/index.h"
#include "catalog/schema_files.h"
#include "catalog/walk.h"

#include <string>

namespace forge {

struct LoadCounts {
    std::size_t files = 0;
    std::size_t parsed = 0;
};

struct Loaded {
    std::string bytes;        // of the index file; empty: `previous` is still right
    Walk walk;
    LoadCounts counts;
};

/// Never throws for what stands in the catalog.  `threads` parse at once.
Loaded load_catalog(const std::string& root, const CatalogIndex& previous, unsigned threads = 2);

/// One file, opened below the root; problems of reading it are in the result.
ParsedFile parse_file(const Fd& root, const Walk::File& file, SchemaFiles& schemas);

}
