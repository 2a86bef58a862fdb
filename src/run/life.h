// The name under which a worker starts runs, and whether the worker of such a name still lives.
#pragma once

#include "os/lock.h"

#include <string>
#include <string_view>

namespace forge {

/// One for each life of a worker: "worker.1.3f2a9c01" is never used again.  Kept in RUNTIME_DIR/workers.  Any thread.
class WorkerLife {
public:
    /// `instance` is "worker.1".  Throws SystemError.
    WorkerLife(const std::string& runtime_dir, const std::string& instance);
    ~WorkerLife();
    WorkerLife(const WorkerLife&) = delete;
    WorkerLife& operator=(const WorkerLife&) = delete;

    const std::string& name() const noexcept { return name_; }
    /// Why the worker of that name, as a run's record has it, provably lives no more: "its lock is free" (it died) or
    /// "it has no lock" (it ended, or the machine started anew).  Empty while it lives.
    std::string_view gone(const std::string& name) const;
    /// Where that worker is asked about its runs (relay.h).
    std::string socket(const std::string& name) const;
    /// Removes what dead workers left, when their runs are closed.
    void sweep() const;

private:
    std::string lock(const std::string& name) const;

    const std::string folder_;
    const std::string name_;
    const FileLock lock_;
};

}
