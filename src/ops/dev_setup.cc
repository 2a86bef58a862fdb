// What "forge dev" makes before it starts anything; each failure here is a ConfigError with one clear line.
#include "ops/dev_setup.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr const char* folders[] = {"log", "state", "run", "cache", "artifacts/ledger", "tmp", "tmp/body",
                                   "tmp/fastcgi", "tmp/proxy", "tmp/scgi", "tmp/uwsgi"};
constexpr unsigned long most_files = 65536;
constexpr unsigned long connections_per_process = 16384;   // of nginx; each takes some 400 bytes

sockaddr_in loopback(unsigned short port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

}

Installation Installation::around(const std::string& own_program)
{
    const std::string programs = folder_of(own_program);
    const std::string above = folder_of(programs);
    for (const std::string& share : {above, above + "/share/vaultmesh-forge"})
        if (exists(share + "/nginx/dev.conf"))
            return {programs, share};
    throw ConfigError("no nginx/dev.conf in " + above + " or " + above + "/share/vaultmesh-forge: is forge installed?");
}

std::string Installation::program(const std::string& name) const
{
    for (const std::string& folder : {programs, folder_of(programs) + "/sbin"})
        if (const std::string path = folder + "/" + name; ::access(path.c_str(), X_OK) == 0)
            return path;
    throw ConfigError(name + " is neither in " + programs + " nor in " + folder_of(programs) + "/sbin");
}

Variables dev_defaults(const DevOptions& options, const Installation& installation)
{
    const std::string& folder = options.folder;
    return {
        {"FORGE_CONFIG", "/dev/null"},   // not what is installed on this machine
        {"FORGE_ENV", "development"},
        {"FORGE_STATE_DIR", folder + "/state"},
        {"FORGE_RUNTIME_DIR", folder + "/run"},
        {"FORGE_CACHE_DIR", folder + "/cache"},
        {"VMESH_LEDGER_ROOT", folder + "/artifacts/ledger"},
        {"FORGE_LEDGER_SOCKET", folder + "/run/ledger.sock"},
        {"FORGE_LEDGER_ORIGIN", "forge.localhost/" + base_name(folder)},
        {"VMESH_CATALOG_ROOT", options.catalog.empty() ? installation.share + "/catalog" : options.catalog},
        {"VMESH_RBAC_PATH", installation.share + "/config/rbac.yaml"},
        {"FORGE_PROFILES_ROOT", installation.share + "/config/profiles"},
        {"SSE_ANONYMOUS_PERCENT", "100"},
        {"SSE_MAX_PER_ADDRESS", "0"},
        {"FORGE_DRAIN_SECONDS", "3"},
    };
}

Variables signer_defaults(unsigned short port)
{
    const std::string url = "http://127.0.0.1:" + std::to_string(port);
    return {{"OIDC_ISSUER", url + "/"}, {"OIDC_AUDIENCE", "vaultmesh-forge"}, {"OIDC_JWKS_URL", url + "/dev/jwks.json"}};
}

Fd listen_on_loopback(unsigned short port)
{
    // Nginx leaves the mode of an inherited socket as it is; in a blocking accept it would stand still.
    Fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    const int on = 1;
    if (!fd || ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
        throw errno_error("socket");
    const sockaddr_in address = loopback(port);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0
        || ::listen(fd.get(), 4096) != 0) {
        if (errno == EADDRINUSE)
            throw ConfigError("port " + std::to_string(port) + " of 127.0.0.1 is in use");
        throw ConfigError(errno_error("port " + std::to_string(port) + " of 127.0.0.1").what());
    }
    return fd;
}

unsigned short port_of(const Fd& socket)
{
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw errno_error("getsockname");
    return ntohs(address.sin_port);
}

Fd prepare_folder(const std::string& folder)
try {
    for (const char* const name : folders)
        make_folders(folder + "/" + name);
    Fd lock = open_file(folder + "/run/lock", O_RDWR | O_CREAT, 0600);
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
        throw ConfigError(folder + " is in use by another forge dev");
    return lock;
} catch (const SystemError& error) {
    throw ConfigError(error.what());
}

unsigned long raise_file_limit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        throw errno_error("getrlimit");
    const rlimit more{most_files, std::max<rlim_t>(limit.rlim_max, most_files)};   // works for root
    const rlimit possible{limit.rlim_max, limit.rlim_max};
    if (::setrlimit(RLIMIT_NOFILE, &more) != 0 && ::setrlimit(RLIMIT_NOFILE, &possible) != 0)
        throw errno_error("setrlimit");
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

std::string nginx_configuration(const std::string& text, const NginxPlan& plan)
{
    for (const std::string& path : {plan.folder, plan.share})
        if (path.find_first_of(" \t\n\"'\\;{}$#@") != path.npos)
            throw ConfigError("nginx cannot work in a folder named " + path + ": choose one without blanks and quotes");
    const unsigned processes = std::clamp(std::thread::hardware_concurrency(), 2U, 4U);
    const unsigned long connections = std::clamp(plan.files, 512UL, connections_per_process + 64) - 64;
    const std::pair<const char*, std::string> words[] = {
        {"@user_line@", ::geteuid() == 0 ? "user root;" : ""},
        {"@processes@", std::to_string(processes)},
        {"@files@", std::to_string(plan.files)},
        {"@connections@", std::to_string(connections)},
        {"@drain_seconds@", std::to_string(plan.drain_seconds)},
        {"@dir@", plan.folder},
        {"@share@", plan.share},
        {"@worker_socket@", plan.worker_socket},
        {"@port@", std::to_string(plan.port)},
    };
    std::string filled = text;
    for (const auto& [word, value] : words)
        filled = replace_all(std::move(filled), word, value);
    return filled;
}

std::string nginx_origins(const std::vector<std::string>& origins)
{
    std::string text;
    for (const std::string& origin : origins) {
        if (origin.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:/.-_[]") != origin.npos)
            continue;
        // Expressions and not words: those would be compared without case, and their length has a limit.
        std::string pattern = origin;
        for (const char* const special : {".", "[", "]"})
            pattern = replace_all(std::move(pattern), special, std::string{"\\"} + special);
        text += "\"~^" + pattern + "$\" $http_origin;\n";
    }
    return text;
}

}
