// What "forge dev" is told, what it finds, and what it makes before it starts anything.
#pragma once

#include <string>
#include <vector>

#include "os/fd.h"
#include "os/process.h"

namespace forge {

struct DevOptions {
    std::string folder;           // absolute
    unsigned short port = 3000;   // 0: any free one
    std::string catalog;          // empty: the one that is shipped
};

/// Where the programs and their files are: a build tree, or an installation.
struct Installation {
    std::string programs;   // the folder of the program "forge"
    std::string share;      // holds nginx/ and catalog/

    /// As found from the path of the program that runs.  Throws ConfigError.
    static Installation around(const std::string& own_program);
    /// The path of one of our programs.  Throws ConfigError with a hint when it is missing.
    std::string program(const std::string& name) const;
};

/// The variables that "forge dev" sets where the environment does not have them.
Variables dev_defaults(const DevOptions& options, const Installation& installation);

/// With AUTH_DEV_SIGNER=1 also these: the workers' own keys, over nginx's port, are those of the issuer.
Variables signer_defaults(unsigned short port);

/// A listening socket on 127.0.0.1.  Throws ConfigError when the port is taken or not allowed.
Fd listen_on_loopback(unsigned short port);
/// The port of such a socket.
unsigned short port_of(const Fd& socket);

/// Makes the folder and those in it.  Gives the lock that no other "forge dev" may hold; throws ConfigError.
Fd prepare_folder(const std::string& folder);

/// Lets this process and its children open as many files as the system allows.  Gives the number.
unsigned long raise_file_limit();

struct NginxPlan {
    std::string folder;
    std::string share;
    std::string worker_socket;
    unsigned short port;
    unsigned long files;
    long drain_seconds;
};
/// nginx/dev.conf with its words filled in.  Throws ConfigError for a folder whose name nginx cannot read.
std::string nginx_configuration(const std::string& text, const NginxPlan& plan);

/// What forge-http.conf includes as forge-origins.conf: the origins that may read nginx's own answers, a line each.  One with
/// a character that no browser sends in an Origin is left out.
std::string nginx_origins(const std::vector<std::string>& origins);

}
