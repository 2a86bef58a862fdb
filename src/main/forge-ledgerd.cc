// forge-ledgerd: the ledger's only writer, on its socket.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "audit/start_check.h"
#include "base/log.h"
#include "base/options.h"
#include "config/config.h"
#include "ledger/event_feed.h"
#include "ledger/open_ledger.h"
#include "ledger/server.h"
#include "lib/journal.h"
#include "lib/systemd.h"
#include "metrics/metrics.h"
#include "os/file.h"
#include "os/secret_memory.h"
#include "os/signals.h"
#include "os/socket.h"
#include "ops/settings_reload.h"

namespace forge {

namespace {

constexpr int exit_damaged = 2;
constexpr int exit_rolled_back = 4;
constexpr int exit_unwitnessed = 5;

constexpr Option options_table[] = {
    {"--socket", "PATH", "listen there instead of on descriptor 0"},
    {"--dir", "DIR", "started by forge dev for this folder: its user has every right"},
    {"--accept-clock", "", "start although the clock is a day or more ahead of the last line and no time server set it"},
};

void prepare_process(bool is_development)
{
    ::umask(022);
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
    leave_no_core(is_development);   // it would hold the keys
}

// The one that systemd or forge dev holds; nothing with --socket, whose socket is made later.
Fd inherited_socket(const Arguments& arguments)
{
    if (arguments.has("--socket"))
        return Fd{};
    Fd socket = inherited_listener(SOCK_SEQPACKET);
    if (!socket)
        throw UsageError("descriptor 0 is no listening socket; use --socket PATH");
    return socket;
}

EngineOptions engine_options(const Config& config, const Rights& rights, bool is_development)
{
    EngineOptions options{.root = config.ledger_root, .origin = config.ledger_origin, .rights = rights.digest()};
    if (!config.is_production() && options.origin.empty())
        options.origin = "forge.localhost/" + base_name(config.state_dir);
    options.policy = config.ledger_policy;
    options.known = known_from_outside({.root = options.root, .origin = options.origin, .pin = config.ledger_pin,
                                        .witnessed = config.ledger_witnessed});
    options.require_witness = config.require_witness;
    if (is_development)
        options.space = SpaceRules::small();
    return options;
}

// So that a tool which knows the ledger's folder finds it.
void note_socket(const Config& config, const Fd& socket)
{
    sockaddr_un address{};
    socklen_t size = sizeof address - 1;
    if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0 || address.sun_path[0] != '/')
        return;
    replace_file(socket_note(config.ledger_root), std::string{address.sun_path} + "\n", 0600);
}

// Tells the service manager that the loop still turns.
class Watchdog {
public:
    explicit Watchdog(Loop& loop) : interval_(systemd::watchdog_interval()), timer_(loop, [this] { ring(); }) { ring(); }

private:
    void ring()
    {
        if (!interval_)
            return;
        systemd::watchdog();
        timer_.arm(steady_now() + *interval_ / 2);
    }

    const std::optional<std::chrono::microseconds> interval_;
    Loop::Timer timer_;
};

int run(const Arguments& arguments)
{
    const auto settings = std::make_shared<const Config>(system_settings(), ledgerd);
    const Config& config = *settings;
    config.check();
    const bool is_development = arguments.has("--dir") || !config.is_production();
    prepare_process(is_development);
    Fd socket = inherited_socket(arguments);
    Rights rights = is_development ? Rights::development(ledger_peer(::geteuid(), ::getegid()).user) : Rights{};

    RealIo io;
    RealEnv env;
    Metrics metrics{config.runtime_dir, "ledgerd"};
    std::unique_ptr<EventFeed> feed;
    EngineOptions options = engine_options(config, rights, is_development);
    options.accept_clock = is_development || arguments.has("--accept-clock");
    options.on_line = [&](const CommittedLine& line) {
        ++metrics.ledger_events(line.entry.type);
        if (feed)
            feed->take(line);
    };
    options.on_erased = [&](const std::vector<SeqSpan>& seqs) {
        if (feed)
            feed->forget(seqs);
    };
    Engine engine{std::move(options), io, env};
    if (!socket)   // not before: a second forge-ledgerd must not take the socket of the first one
        socket = listen_local(arguments.value("--socket"), SOCK_SEQPACKET, 4096);
    note_socket(config, socket);
    feed = std::make_unique<EventFeed>(config.ledger_root + "/index");
    const auto look_after = [&] {
        feed->catch_up(engine);
        metrics.ledger_entries().set(static_cast<std::int64_t>(engine.head().size()));
    };
    look_after();

    Loop loop;
    LedgerServer server{loop, std::move(socket), engine, std::move(rights),
                        {.on_tick = look_after, .on_turned_away = [&] { ++metrics.ledger_turned_away(); }}};
    SettingsReload reloads{settings, ledgerd, "ledgerd", metrics};
    const Fd signals = signal_descriptor({SIGTERM, SIGINT, SIGHUP});
    const Loop::Watch stop{loop, signals.get(), EPOLLIN, [&](std::uint32_t) {
                               const int number = next_signal(signals);
                               if (number == SIGHUP)
                                   reloads.reload();
                               else if (number != 0)
                                   loop.stop();
                           }};
    const Watchdog watchdog{loop};
    systemd::ready();
    log(Severity::info, "ledger open", {{"root", config.ledger_root}, {"size", std::to_string(engine.head().size())},
                                         {"witness", engine.is_witnessed() ? "cosigned" : "unwitnessed"}});
    loop.run();
    systemd::stopping();
    server.finish();
    if (server.failure())
        throw LedgerFailed(*server.failure());
    return 0;
}

}

}

int main(int argc, char** argv)
try {
    forge::name_log("forge-ledgerd");
    forge::systemd::log_to_journal();
    forge::block_signals();
    const std::vector<std::string> words{argv + 1, argv + argc};
    return forge::run({forge::options_table, words});
} catch (const forge::UsageError& error) {
    std::cerr << "forge-ledgerd: " << error.what() << '\n';
    return forge::exit_usage;
} catch (const forge::ConfigError& error) {
    std::cerr << "forge-ledgerd: " << error.what() << '\n';
    return forge::exit_config;
} catch (const forge::LedgerRolledBack& error) {
    forge::log(forge::Severity::error, std::string{"ledger not opened: "} + error.what());
    return forge::exit_rolled_back;
} catch (const forge::LedgerUnwitnessed& error) {
    forge::log(forge::Severity::error, std::string{"ledger not opened: "} + error.what());
    return forge::exit_unwitnessed;
} catch (const forge::LedgerDamaged& error) {
    forge::log(forge::Severity::error, std::string{"ledger damaged: "} + error.what());
    return forge::exit_damaged;
} catch (const std::exception& error) {
    forge::log(forge::Severity::error, "ledger failed: " + forge::describe(error));
    return EXIT_FAILURE;
}
