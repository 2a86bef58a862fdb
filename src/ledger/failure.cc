// After a failed sync.
#include "base/log.h"
#include "ledger/recovery.h"

namespace forge {

namespace {

std::string marker(const std::string& root)
{
    return root + "/state/FAILED";
}

void renew_all(Io& io, const std::string& folder, mode_t mode, std::string_view prefix, bool only_newest)
{
    if (!io.exists(folder))
        return;
    std::vector<std::string> names;
    for (const std::string& name : io.names(folder))
        if (name.starts_with(prefix) && !name.starts_with("."))
            names.push_back(name);
    for (const std::string& name : names)
        if (name == names.back() || !only_newest)
            renew_file(io, folder + "/" + name, mode);
}

}

void note_failure(Io& io, const std::string& root, const std::string& what) noexcept
try {
    io.replace(marker(root), what + "\n", 0600);
} catch (const std::exception& error) {
    log(Severity::error, "the failure could not be noted", {{"error", error.what()}});
}

// What was sealed is synced and was not written since: the newest file of each kind is concerned.
void mend_failure(Io& io, const std::string& root)
{
    if (!io.exists(marker(root)))
        return;
    log(Severity::warning, "after a failed sync: files are read from the disk and written anew",
        {{"failure", read_whole(io, marker(root))}});
    for (const char* const name : {"/index/off.u64", "/index/ids.u64", "/index/private.u64", "/state/head"})
        if (io.exists(root + name))
            io.remove(root + name);
    renew_all(io, root + "/state", 0600, "wal.", false);
    renew_all(io, root, 0640, "events-", true);
    renew_all(io, root + "/private", 0600, "2", true);
    renew_all(io, root + "/private/keys", 0600, "2", true);
    renew_all(io, root + "/checkpoints", 0644, "2", true);
    io.sync_folder(root + "/index");
    io.remove(marker(root));
    io.sync_folder(root + "/state");
}

}
