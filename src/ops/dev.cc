// "forge dev": what is started, with which sockets, and in which order it stops.
#include "ops/dev.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <iterator>

#include "config/config.h"
#include "os/file.h"
#include "os/process.h"
#include "os/signals.h"
#include "os/socket.h"
#include "ops/dev_probe.h"
#include "ops/dev_setup.h"
#include "ops/dev_supervisor.h"

namespace forge {

namespace {

constexpr Option options_table[] = {
    {"--dir", "DIR", "the folder for state, sockets and logs (default: ./dev)"},
    {"--port", "PORT", "the port on 127.0.0.1 (default: 3000; 0: any free one)"},
    {"--workers", "N", "how many workers to start (default: FORGE_WORKERS)"},
    {"--catalog", "DIR", "the folder of templates (default: VMESH_CATALOG_ROOT, else the shipped ones)"},
};

/// The programs that read settings.
struct Reader {
    std::string_view program;
    Program which;
};
constexpr Reader readers[] = {{"forge-worker", worker}, {"forge-ledgerd", ledgerd}, {"forge-catalog-index", indexer}};

/// Everything that lives as long as the system does, in the order in which it is made.
struct Dev {
    explicit Dev(const Arguments& arguments);

    ChildPlan service(const std::string& program, const std::string& name, const Fd* listener, StopStage stage) const;
    Variables variables_for(std::string_view program) const;
    ChildPlan nginx() const;
    std::vector<ChildPlan> children(long workers) const;
    Supervisor::Plan supervision(long workers);

    Installation installation;
    DevOptions options;
    Fd lock;
    Fd web;
    Fd worker;
    Fd ledger;
    std::vector<Setting> secrets;
    long drain_seconds = 0;
    long workers = 0;
    std::string ledger_socket;
    std::string nginx_program;
};

std::string absolute(const std::string& path)
{
    std::string text = std::filesystem::absolute(path).lexically_normal();
    while (text.size() > 1 && text.ends_with('/'))
        text.pop_back();
    return text;
}

DevOptions options_of(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    const std::string catalog = arguments.value("--catalog");
    return {.folder = absolute(arguments.value("--dir", "dev")),
            .port = static_cast<unsigned short>(arguments.number("--port", 3000, 0, 65535)),
            .catalog = catalog.empty() ? "" : absolute(catalog)};
}

void set_unless_given(const Variables& defaults)
{
    for (const auto& [name, value] : defaults)
        if (const char* const given = std::getenv(name.c_str()); given == nullptr || *given == '\0')
            ::setenv(name.c_str(), value.c_str(), 1);
}

/// What is neither in the environment nor in the settings file.  Whose tokens count is said where it may surprise.
void set_signer_defaults(const Config& given, unsigned short port)
{
    const Variables defaults = signer_defaults(port);
    for (const Setting& setting : given.settings())
        if (const auto standard = defaults.find(setting.name); standard != defaults.end() && setting.value.empty())
            ::setenv(setting.name.c_str(), standard->second.c_str(), 1);
    if (!given.issuer.empty() && given.jwks_url.empty() && !is_loopback_url(given.issuer))
        std::cerr << "forge dev: AUTH_DEV_SIGNER=1: the development signer's tokens are taken for those of " << given.issuer
                  << ", whose own are refused; set OIDC_JWKS_URL to its keys to have it the other way round" << std::endl;
}

std::string path_with(const std::string& folder)
{
    const char* const path = std::getenv("PATH");
    return folder + ":" + (path != nullptr ? path : "/usr/bin:/bin");
}

std::string find_nginx()
{
    const char* const given = std::getenv("FORGE_NGINX");
    const std::string name = given != nullptr ? given : "nginx";
    if (const auto path = find_program(name, path_with("/usr/sbin")))
        return *path;
    throw ConfigError(name + " is not installed: apt-get install nginx-light");
}

Dev::Dev(const Arguments& arguments)
    : installation(Installation::around(own_program())), options(options_of(arguments)),
      lock(prepare_folder(options.folder)), nginx_program(find_nginx())
{
    if (!options.catalog.empty())
        ::setenv("VMESH_CATALOG_ROOT", options.catalog.c_str(), 1);
    set_unless_given(dev_defaults(options, installation));
    ::setenv("PATH", path_with(installation.programs).c_str(), 1);   // the guardian's agent is looked for there
    web = listen_on_loopback(options.port);
    options.port = port_of(web);
    if (const Config given{system_settings()}; given.dev_signer)
        set_signer_defaults(given, options.port);

    const Config config{system_settings()};
    config.check();
    std::ranges::copy_if(config.settings(), std::back_inserter(secrets), &Setting::secret);
    drain_seconds = config.drain_seconds;
    workers = arguments.number("--workers", config.workers, 1, 256);
    ledger_socket = config.ledger_socket;

    const std::string worker_socket = options.folder + "/run/worker.sock";
    worker = listen_local(worker_socket, SOCK_STREAM, 4096, 0600);
    ledger = listen_local(ledger_socket, SOCK_SEQPACKET, 4096, 0600);
    replace_file(options.folder + "/run/forge-origins.conf",
                 nginx_origins(config.allowed_origins.empty() ? config.cors_origin : config.allowed_origins));
    replace_file(options.folder + "/run/nginx.conf",
                 nginx_configuration(read_file(installation.share + "/nginx/dev.conf"),
                                     {.folder = options.folder, .share = installation.share,
                                      .worker_socket = worker_socket, .port = options.port,
                                      .files = raise_file_limit(), .drain_seconds = drain_seconds + 1}));
}

// A process's environment can be read as long as it lives: nobody gets a secret that it does not use.
Variables Dev::variables_for(std::string_view program) const
{
    const auto row = std::ranges::find(readers, program, &Reader::program);
    const unsigned reader = row == std::end(readers) ? 0U : static_cast<unsigned>(row->which);
    Variables variables = own_variables();
    for (const Setting& setting : secrets)
        if ((setting.use.programs & reader) == 0)
            variables.erase(setting.name);
    return variables;
}

// The listener becomes descriptor 0, as with systemd's StandardInput=socket: connections queue while nobody accepts.
ChildPlan Dev::service(const std::string& program, const std::string& name, const Fd* listener, StopStage stage) const
{
    return {.name = name,
            .start = {.program = installation.program(program),
                      .arguments = {program, "--dir", options.folder},
                      .variables = variables_for(program),
                      .input = listener != nullptr ? listener->get() : -1},
            .stage = stage,
            .reloads = program != "forge-catalog-index"};
}

ChildPlan Dev::nginx() const
{
    const std::string log = options.folder + "/log/nginx.log";
    ChildPlan plan{.name = "nginx",
                   .start = {.program = nginx_program,
                             .arguments = {"nginx", "-p", options.folder, "-c", options.folder + "/run/nginx.conf", "-e", log},
                             .variables = variables_for("nginx"),
                             .input = web.get(),
                             .death_signal = SIGTERM},   // its master must stop its workers
                   .stage = StopStage::front,
                   .stop_signal = SIGQUIT,
                   .notifies = false};
    plan.start.variables["NGINX"] = "0;";   // the listening sockets that nginx inherits, as from its former self
    return plan;
}

std::vector<ChildPlan> Dev::children(long count) const
{
    std::vector<ChildPlan> all;
    all.push_back(service("forge-ledgerd", "forge-ledgerd", &ledger, StopStage::back));
    all.push_back(service("forge-catalog-index", "forge-catalog-index", nullptr, StopStage::middle));
    for (long i = 1; i <= count; ++i) {
        const std::string number = std::to_string(i);
        all.push_back(service("forge-worker", "forge-worker-" + number, &worker, StopStage::middle));
        for (const char* const word : {"--instance", number.c_str()})   // a worker that comes back counts on
            all.back().start.arguments.emplace_back(word);
    }
    all.push_back(nginx());
    return all;
}

Supervisor::Plan Dev::supervision(long count)
{
    const auto answers = [this] { return ledger_answers(ledger_socket) && http_answers(options.port, "/v1/health"); };
    return {.children = children(count),
            .log_folder = options.folder + "/log",
            .notify_socket = options.folder + "/run/notify.sock",
            .drain = Millis{(drain_seconds + 1) * 1000},
            .answers = answers,
            .when_ready = [this] { std::cout << "ready http://127.0.0.1:" << options.port << std::endl; },
            .before_stop = [this] { web = Fd{}; },
            .report = [](const std::string& line) { std::cerr << "forge dev: " << line << std::endl; }};
}

}

const std::span<const Option> dev_options = options_table;

int dev(const Arguments& arguments)
{
    block_signals();
    Dev system{arguments};
    Supervisor supervisor{system.supervision(system.workers)};
    supervisor.run();
    return 0;
}

}
