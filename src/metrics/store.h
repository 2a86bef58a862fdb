// The file in which one process keeps its metrics: mapped, appended to, never shrunk, so that they outlive the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "os/lock.h"
#include "os/shared_memory.h"

namespace forge {

/// How the values of several processes become one.
enum class MetricKind : std::uint8_t {
    counter = 1,   // sum, dead processes too
    histogram,     // the same, bucket by bucket
    sum,           // gauge: sum over living processes
    most,          // gauge: the largest of the living
    latest,        // gauge: the one written last by a living process
    state,         // one of a family's series is 1: the one set last by a living process
};

/// What a series is, beside its values.
struct SeriesShape {
    MetricKind kind = MetricKind::counter;
    std::uint8_t decimals = 0;            // a stored value is value * 10^decimals
    std::vector<std::int64_t> bounds = {};   // of a histogram's buckets, ascending, in the stored unit
};

/// One series as it stands in a file.
struct Series {
    std::string key;                      // name{label="value",…}
    SeriesShape shape;
    std::vector<std::uint64_t> cells;     // counter: value; gauge: value, stamp; histogram: buckets, +Inf, sum
    bool alive = false;                   // its process lives
};

/// FOLDER/NAME.INSTANCE.  A restarted process with the same name goes on where the dead one stopped; gauges start at 0.
/// When a living process has that file, it is NAME.INSTANCE-2 and so on.
class MetricFile {
public:
    MetricFile(const std::string& folder, const std::string& name);

    /// The cells of a series, found or appended.  Any thread.  They are changed by atomic operations only.
    /// When the file is full, cells that nobody reads.
    std::span<std::uint64_t> cells(const std::string& key, const SeriesShape& shape);

    const std::string& folder() const { return folder_; }

private:
    std::span<std::uint64_t> append(const std::string& key, const SeriesShape& shape);

    const std::string folder_;
    std::string path_;
    const FileLock lock_;   // after path_, which it finds
    Mapping mapping_;
    std::mutex mutex_;       // held while records are looked for and appended
    bool is_full_ = false;   // and said so
};

/// Every series of every file in the folder.  Safe while processes write and die; a file that is none is passed over.
std::vector<Series> read_metric_files(const std::string& folder);

}
