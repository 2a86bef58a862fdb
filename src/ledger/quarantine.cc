// What recovery takes out of a file.
#include "ledger/quarantine.h"

#include "base/text.h"
#include "lib/json.h"
#include "os/file.h"

namespace forge {

namespace {

// "20261123T181903Z"
std::string compact_time(WallTime time)
{
    return replace_all(replace_all(rfc3339(time).substr(0, 19), "-", ""), ":", "") + "Z";
}

}

std::string quarantine(Io& io, Env& env, const std::string& root, const Removed& removed, std::string_view bytes)
{
    const std::string base = "quarantine/" + compact_time(env.wall()) + "-" + removed.kind;
    std::string folder = base;
    for (int i = 2; io.exists(root + "/" + folder + "/report.json"); ++i)
        folder = base + "-" + std::to_string(i);
    io.make_folder(root + "/" + folder, 0750);
    io.replace(root + "/" + folder + "/" + base_name(removed.file) + ".tail", bytes, 0440);
    const Json report = Json::object({{"reason", removed.reason}, {"file", removed.file}, {"offset", removed.offset},
                                      {"bytes", bytes.size()}, {"time", rfc3339(env.wall())}});
    io.replace(root + "/" + folder + "/report.json", dump_pretty(report) + "\n", 0440);
    io.sync_folder(root + "/quarantine");
    return folder;
}

}
