// Where a process that can be told to reload says so, and leaves its answers: two files in RUNTIME_DIR/reload.
// NAME.lock is locked for as long as the process lives.  NAME.json is its newest answer:
//   {"pid":812,"begin":91234,"wanted":"0196…","ok":true,"changed":{"MODEL":{"before":"sha256:…","after":null}},"restart":[],
//    "problems":[],"recorded":true,"micros":2100}
// "wanted" is the number of the forge reload that it answers (RUNTIME_DIR/reload/wanted); after the start only "pid" and
// "begin" (process_begin) are there.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "config/reload.h"
#include "lib/json.h"
#include "os/lock.h"

namespace forge {

struct ReloadAnswer {
    std::string wanted;                    // empty: nobody asked but a signal
    std::vector<Change> changed = {};
    std::vector<std::string> restart = {};
    std::vector<std::string> problems = {};   // if any, nothing was changed
    bool recorded = true;                  // in the ledger, where something was changed
    Micros took{0};

    /// "changed", "unchanged" or "refused": a label of forge_config_reloads_total.
    std::string_view result() const;
    void take(FreshConfig fresh);
    /// Notes each line of an error's message.
    void refuse(const std::exception& error);
};

/// {name: {before, after}, …}; a digest that is not there is null.
Json json_of(const std::vector<Change>& changed);

/// One thread at a time.
class ReloadDesk {
public:
    /// `name` is the process and its instance: "worker.1".  Throws Error when the files cannot be made.
    ReloadDesk(const std::string& runtime_dir, const std::string& name);
    ~ReloadDesk();
    ReloadDesk(const ReloadDesk&) = delete;
    ReloadDesk& operator=(const ReloadDesk&) = delete;

    /// The number of the forge reload that waits: to be read before the settings are.
    std::string wanted() const;
    void answer(const ReloadAnswer& answer);

private:
    const std::string folder_;
    std::string path_;       // without .lock and .json
    const FileLock lock_;    // after path_, which it finds
};

/// RUNTIME_DIR/reload.
std::string reload_folder(const std::string& runtime_dir);

}
