// What lint keeps between two calls, so that what did not change is not read again.
#pragma once

#include "catalog/index.h"
#include "lib/json.h"

#include <string>

namespace forge {

/// Files in a folder, one for each catalog and each ledger.  A cache: what is missing, damaged or cannot be written is
/// made anew, and only takes longer.  No member throws.
class LintCache {
public:
    /// Empty: nothing is kept.
    explicit LintCache(std::string folder);

    /// The index of the last time; an empty one when there is none.
    CatalogIndex catalog(const std::string& root) const noexcept;
    void keep_catalog(const std::string& root, std::string_view bytes) const noexcept;
    /// What a RecordedVersions gave the last time, or absent.
    Json ledger(const std::string& root) const noexcept;
    void keep_ledger(const std::string& root, const Json& versions) const noexcept;

    /// $FORGE_CACHE_DIR where this user may write it, else $XDG_CACHE_HOME/vaultmesh-forge or ~/.cache/vaultmesh-forge;
    /// empty when there is none of these.
    static std::string folder_of_user();

private:
    std::string path(const char* kind, const std::string& root) const;
    void keep(const std::string& path, std::string_view bytes) const noexcept;

    const std::string folder_;
};

}
