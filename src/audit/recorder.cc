// Entries of the ledger's own about what was mended.
#include "audit/recorder.h"

#include <sys/file.h>

#include <fcntl.h>

#include <cerrno>

#include "base/error.h"
#include "ledger/client.h"
#include "ledger/engine.h"
#include "ledger/public_log.h"
#include "ledger/refusal.h"
#include "os/file.h"
#include "tlog/jcs.h"

namespace forge {

namespace {

constexpr Millis patience{10'000};

void record_here(const std::string& root, const AskKnown& known, const std::string& type, const std::string& event)
{
    RealIo io;
    RealEnv env;
    EngineOptions options{.root = root};
    if (known)
        options.known = known();
    Engine engine{std::move(options), io, env};
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

void check_before_repair(const LedgerView& ledger, const AskKnown& known)
try {
    if (!known || is_being_written(ledger.root))
        return;
    const Checkpoint& newest = ledger.checkpoint;
    compare_with_known(known(), newest.origin, newest.size, [&](std::uint64_t size) {
        return size == newest.size ? newest.root : PublicLog{ledger.root}.root_of(size, newest);
    });
} catch (const SystemError&) {
    throw;
} catch (const ConfigError&) {
    throw;
} catch (const LedgerRolledBack&) {
    throw;
} catch (const Error&) {
    // Tiles that are damaged too: the engine compares again, with the lines.
}

void record_repair(const std::string& root, const std::string& socket, const AskKnown& known, const std::string& type,
                   const Json& event)
{
    const std::string text = canonical_json(event);
    if (!is_being_written(root))
        return record_here(root, known, type, text);
    LedgerClient client{socket, patience};
    const LedgerReply reply = client.call(encode_repair({type, text}));
    if (!reply.ok)
        throw Error("forge-ledgerd does not record " + type + ": " + reply.error + " " + reply.detail);
}

}
