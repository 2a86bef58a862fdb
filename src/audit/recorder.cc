// Entries of the ledger's own about what was mended.
#include "audit/recorder.h"

#include <sys/file.h>

#include <fcntl.h>

#include <cerrno>

#include "base/error.h"
#include "ledger/client.h"
#include "ledger/engine.h"
#include "os/file.h"
#include "tlog/jcs.h"

namespace forge {

namespace {

constexpr Millis patience{10'000};

void record_here(const std::string& root, const std::string& type, const std::string& event)
{
    RealIo io;
    RealEnv env;
    Engine engine{{.root = root}, io, env};
    engine.record(type, event);
    engine.publish();
}

}

bool is_being_written(const std::string& root)
{
    const std::string path = root + "/state/LOCK";
    if (!exists(path))
        return false;
    const Fd file = open_file(path, O_RDWR);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0)
        return false;
    if (errno == EWOULDBLOCK)
        return true;
    throw errno_error("lock " + path);
}

void record_repair(const std::string& root, const std::string& socket, const std::string& type, const Json& event)
{
    const std::string text = canonical_json(event);
    if (!is_being_written(root))
        return record_here(root, type, text);
    LedgerClient client{socket, patience};
    const LedgerReply reply = client.call(encode_repair({type, text}));
    if (!reply.ok)
        throw Error("forge-ledgerd does not record " + type + ": " + reply.error + " " + reply.detail);
}

}
