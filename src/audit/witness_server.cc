// A small witness for the ledgers of other hosts.
#include "audit/witness_server.h"

#include "base/error.h"
#include "base/log.h"
#include "base/options.h"
#include "lib/fastcgi_server.h"
#include "lib/systemd.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/signals.h"
#include "os/socket.h"

#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>

namespace forge {

namespace {

constexpr std::size_t file_limit = 1U << 20;
constexpr std::size_t body_limit = 64U << 10;
constexpr std::size_t threads = 4;
constexpr int backlog = 256;
constexpr Millis farewell{3000};   // to nginx, for requests that are under way

SigningKey load_or_make_key(const std::string& path)
{
    if (!exists(path))
        write_file_durably(path, SigningKey::generate().to_pem(), 0600);
    return SigningKey::from_pem(read_file(path, file_limit));
}

// Answers requests; what the disk does not take ends the witness, and its next start reads what is there.
class Answering {
public:
    explicit Answering(WitnessBook& book) : book_(book) {}

    void answer(fastcgi::Exchange& exchange) noexcept
    try {
        const HttpAnswer reply = reply_to(exchange);
        exchange.write("Status: " + std::to_string(reply.status) + "\r\nContent-Type: " + reply.content_type
                       + (reply.status == 405 ? "\r\nAllow: POST" : "") + "\r\nCache-Control: no-store\r\nContent-Length: "
                       + std::to_string(reply.body.size()) + "\r\n\r\n" + reply.body);
    } catch (const std::exception& error) {
        log(Severity::error, std::string{"a request was not answered: "} + error.what());
    }
    bool has_failed() const { return has_failed_; }

private:
    HttpAnswer reply_to(fastcgi::Exchange& exchange)
    {
        if (!exchange.param("DOCUMENT_URI").ends_with("/add-checkpoint"))
            return {404, "there is nothing but add-checkpoint\n"};
        if (exchange.param("REQUEST_METHOD") != "POST")
            return {405, "add-checkpoint takes a POST\n"};
        const auto body = exchange.read_body(body_limit);
        if (!body)
            return {413, "longer than a request to a witness can be\n"};
        try {
            return has_failed_ ? unavailable() : book_.add_checkpoint(*body, wall_now());
        } catch (const std::exception& error) {
            fail(error);
            return unavailable();
        }
    }

    static HttpAnswer unavailable() { return {503, "the witness cannot keep what it would cosign\n"}; }

    void fail(const std::exception& error)
    {
        log(Severity::error, std::string{"witness failed: "} + error.what());
        if (!has_failed_.exchange(true))
            ::kill(::getpid(), SIGTERM);
    }

    WitnessBook& book_;
    std::atomic<bool> has_failed_ = false;
};

}

int serve_witness(const WitnessServing& serving)
{
    block_signals();
    const Policy policy = Policy::parse(read_file(serving.policy, file_limit));
    make_folders(serving.folder, 0700);
    const auto lock = FileLock::try_acquire(serving.folder + "/lock", 0600);
    if (!lock)
        throw Error(serving.folder + ": another witness uses it");
    WitnessBook book{policy, Cosigner{serving.name, load_or_make_key(serving.key)}, serving.folder};
    const Fd socket = serving.socket.empty() ? inherited_listener(SOCK_STREAM) : listen_local(serving.socket, SOCK_STREAM, backlog);
    if (!socket)
        throw UsageError("descriptor 0 is no listening socket; use --socket PATH");
    Answering answering{book};
    fastcgi::Server server{socket.get(), threads, [&](fastcgi::Exchange& exchange) { answering.answer(exchange); }};
    std::cout << book.key().text() << std::endl;
    log(Severity::info, "witness ready", {{"name", serving.name}, {"logs", std::to_string(policy.logs().size())}});
    systemd::ready();
    wait_for_signal({SIGTERM, SIGINT});
    systemd::stopping();
    server.drain(steady_now() + farewell);
    return answering.has_failed() ? EXIT_FAILURE : EXIT_SUCCESS;
}

}
