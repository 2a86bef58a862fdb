// The commit point, on the day's shard itself.
#include "ledger/commit_log.h"

#include <algorithm>

#include "base/text.h"
#include "ledger/refusal.h"
#include "lib/json.h"

namespace forge {

namespace {

// The position behind the last LF of a file; 0 where it has none.
std::uint64_t end_of_lines(GrowingFile& file)
{
    constexpr std::uint64_t block = 65'536;
    for (std::uint64_t end = file.size(); end > 0;) {
        const std::uint64_t begin = end - std::min(block, end);
        const std::string bytes = file.read(begin, static_cast<std::size_t>(end - begin));
        if (const auto at = bytes.rfind('\n'); at != std::string::npos)
            return begin + at + 1;
        end = begin;
    }
    return 0;
}

// "20261123T181903Z"
std::string compact_time(WallTime time)
{
    const std::string full = rfc3339(time);
    return replace_all(replace_all(full.substr(0, 19), "-", ""), ":", "") + "Z";
}

}

ShardLog::ShardLog(Io& io, Env& env, Shards& shards, std::string root)
    : io_(io), env_(env), shards_(shards), root_(std::move(root))
{
}

void ShardLog::recover()
{
    const auto days = shards_.days();
    if (days.empty())
        return;
    const std::string& day = days.back();
    GrowingFile& file = shards_.lines(day);
    const std::uint64_t end = end_of_lines(file);
    if (end < file.size()) {
        quarantine(day, end, file.read(end, static_cast<std::size_t>(file.size() - end)));
        file.cut(end);
    }
    // Lines that were written but not synced before a crash count as committed from here on.
    file.sync();
    if (end == 0)
        shards_.remove_empty(day);
}

void ShardLog::quarantine(const std::string& day, std::uint64_t offset, const std::string& tail)
{
    const std::string folder = root_ + "/quarantine/" + compact_time(env_.wall()) + "-torn-tail";
    const std::string name = "events-" + day + ".jsonl";
    io_.make_folder(folder, 0750);
    io_.replace(folder + "/" + name + ".tail", tail, 0440);
    const Json report = Json::object({{"reason", "torn tail: never acknowledged"}, {"file", name}, {"offset", offset},
                                      {"bytes", tail.size()}, {"time", rfc3339(env_.wall())}});
    io_.replace(folder + "/report.json", dump_pretty(report) + "\n", 0440);
}

void ShardLog::append(const Batch& batch)
{
    GrowingFile& lines = shards_.lines(batch.day);
    if (batch.sidecar.empty()) {
        lines.append(batch.lines);
    } else {
        GrowingFile& sidecar = shards_.sidecar(batch.day);
        const std::uint64_t before = sidecar.size();
        sidecar.append(batch.sidecar);
        sidecar.sync();
        try {
            lines.append(batch.lines);
        } catch (const Refused&) {
            sidecar.cut(before);
            throw;
        }
    }
    lines.sync();
}

}
