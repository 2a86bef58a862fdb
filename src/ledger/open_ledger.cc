// The ledger for a command-line tool.
#include "ledger/open_ledger.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <grp.h>
#include <thread>

#include "base/text.h"
#include "ledger/server.h"
#include "os/file.h"
#include "os/socket.h"

namespace forge {

namespace {

// Throws LedgerUnavailable, or Error where there is no ledger.
std::string noted_socket(const std::string& root)
try {
    return std::string{trim(read_file(socket_note(root), 4096))};
} catch (const SystemError& error) {
    if (error.code == ENOENT && !exists(root + "/state"))
        throw Error(root + " holds no ledger");
    if (error.code == ENOENT)
        throw LedgerUnavailable("not reachable", "no forge-ledgerd has noted its socket in " + socket_note(root));
    throw LedgerUnavailable("not reachable", std::string{error.what()} + ": forge-ledgerd notes its socket there, for its own user and root to"
                                             + " read: run this as one of them, or give --socket PATH");
}

// What root wrote into the ledger's folder, forge-ledgerd could not append to.
void become_owner(const std::string& root)
{
    struct stat status {};
    if (::geteuid() != 0 || ::stat(root.c_str(), &status) != 0 || status.st_uid == 0)
        return;
    if (::setgroups(0, nullptr) != 0 || ::setgid(status.st_gid) != 0 || ::setuid(status.st_uid) != 0)
        throw errno_error("become the owner of " + root);
}

// A folder that goes with its socket.
class SocketFolder {
public:
    SocketFolder() : path_((std::filesystem::temp_directory_path() / "forge-ledger.XXXXXX").string())
    {
        if (!::mkdtemp(path_.data()))
            throw errno_error("mkdtemp " + path_);
    }
    ~SocketFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    SocketFolder(const SocketFolder&) = delete;
    SocketFolder& operator=(const SocketFolder&) = delete;
    std::string socket() const { return path_ + "/ledger.sock"; }

private:
    std::string path_;
};

Rights rights_of(const Engine& engine)
{
    return engine.head().rights == "dev" ? Rights::development(ledger_peer(::geteuid(), ::getegid()).user) : Rights{};
}

EngineOptions options_of(const std::string& root, std::vector<KnownTree> known)
{
    EngineOptions options{.root = root};
    options.known = std::move(known);
    // The index of events is made anew by forge-ledgerd, without them.
    options.on_erased = [root](const std::vector<SeqSpan>&) { ::unlink((root + "/index/events.idx").c_str()); };
    return options;
}

}

/// The engine and its socket on a thread of their own.
class LedgerAccess::Embedded {
public:
    Embedded(const std::string& root, std::vector<KnownTree> known)
        : engine_(options_of(root, std::move(known)), io_, env_),
          server_(loop_, listen_local(folder_.socket(), SOCK_SEQPACKET, 4), engine_, rights_of(engine_)), thread_([this] { loop_.run(); })
    {
    }
    ~Embedded()
    {
        loop_.stop();
        thread_.join();
        server_.finish();
    }
    Embedded(const Embedded&) = delete;
    Embedded& operator=(const Embedded&) = delete;
    std::string socket() const { return folder_.socket(); }

private:
    RealIo io_;
    RealEnv env_;
    Engine engine_;
    SocketFolder folder_;
    Loop loop_;
    LedgerServer server_;
    std::thread thread_;
};

LedgerAccess::LedgerAccess(const std::string& root, const std::string& socket, Millis patience, const AskKnown& known)
{
    try {
        client_ = std::make_unique<LedgerClient>(socket.empty() ? noted_socket(root) : socket, patience);
        client_->call(encode_head());
    } catch (const LedgerUnavailable& unavailable) {
        if (unavailable.reason != "not reachable" || !exists(root + "/state/meta"))
            throw;
        std::vector<KnownTree> trees = known();
        become_owner(root);
        try {
            embedded_ = std::make_unique<Embedded>(root, std::move(trees));
        } catch (const LedgerDamaged&) {
            throw;
        } catch (const Error& error) {
            throw LedgerUnavailable(unavailable.reason, unavailable.detail + "; nor by itself: " + error.what());
        }
        client_ = std::make_unique<LedgerClient>(embedded_->socket(), patience);
    }
}

LedgerAccess::~LedgerAccess()
{
    client_.reset();
}

Repaired repair_ledger(const std::string& root, std::vector<KnownTree> known, OnLoss on_loss, bool accept_rollback)
{
    if (!exists(root + "/state/meta"))
        throw Error(root + ": there is no ledger");
    become_owner(root);
    RealIo io;
    RealEnv env;
    EngineOptions options = options_of(root, std::move(known));
    options.on_loss = on_loss;
    options.accept_rollback = accept_rollback;
    Engine engine{std::move(options), io, env};
    engine.tick();   // throws where the incident could not be recorded
    engine.publish();
    return {engine.head().size(), engine.lost(), engine.given_up()};
}

std::string socket_note(const std::string& root)
{
    return root + "/state/socket";
}

}
