// A small HTTP/1.1 server on a loopback port that answers by a script: pieces, pauses, and cuts.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"
#include "os/fd.h"

namespace forge::test {

struct Received {
    std::string method;
    std::string path;
    std::map<std::string, std::string> headers;   // names in lower case
    std::string body;
    int connection = 0;   // which one, from 1
};

/// What is sent, one after the other; the pause comes before the bytes.
struct Step {
    Millis pause{0};
    std::string bytes;
};

struct Script {
    std::vector<Step> steps;
    bool keep = true;   // else the connection is closed afterwards
};

/// A whole answer with Content-Length.
Script answer(int status, const std::string& body, const std::string& more_headers = "");

class ScriptedServer {
public:
    using Handler = std::function<Script(const Received&)>;

    /// `gone` is called when a client closes in a pause of its answer; on the thread of its connection.
    explicit ScriptedServer(Handler handler, std::function<void()> gone = [] {});
    ~ScriptedServer();

    std::string url(const std::string& path = "/") const;
    std::vector<Received> received() { return *received_.access(); }

private:
    void accept_all(const std::stop_token& stop);
    void serve(const std::stop_token& stop, Fd connection, int number);
    bool play(const std::stop_token& stop, int fd, const Script& script) const;

    const Handler handler_;
    const std::function<void()> gone_;
    Fd listener_;
    int port_ = 0;
    Guarded<std::vector<Received>> received_;
    std::vector<std::jthread> connections_;   // the accepting thread's until it ended
    std::jthread acceptor_;
};

}
