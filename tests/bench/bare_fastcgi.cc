// The baseline of "make bench": a FastCGI program that answers the same bytes to everything, on the textbook interface.
// usage: bare_fastcgi SOCKET BYTES
#include "lib/fastcgi_server.h"
#include "os/signals.h"
#include "os/socket.h"

#include <sys/socket.h>

#include <csignal>
#include <cstdlib>

int main(int argc, char** argv)
{
    using namespace forge;
    if (argc != 3)
        return 64;
    block_signals();
    const Fd listener = listen_local(argv[1], SOCK_STREAM, 4096);
    const std::string body(static_cast<std::size_t>(std::atoi(argv[2])), 'x');
    const std::string answer = "Status: 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    const fastcgi::Server server{listener.get(), 3, [&](fastcgi::Exchange& exchange) { exchange.write(answer); }};
    wait_for_signal({SIGTERM, SIGINT});
    return 0;
}
