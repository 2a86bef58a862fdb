// forge-ledgerd's socket and its clients, over real sockets.
#include "ledger/server.h"

#include <sys/socket.h>

#include <atomic>
#include <thread>

#include "ledger/client.h"
#include "ledger_running.h"
#include "ledger_sim.h"
#include "test.h"
#include "tlog/proof.h"

using namespace forge;
using namespace forge::test;
using namespace std::chrono_literals;

namespace {

LedgerEvent event(const std::string& id, const std::string& content = "1")
{
    return {id, "job.test", R"({"content":)" + content + "}"};
}

}

TEST(an_event_goes_over_the_socket_into_the_ledger)
{
    const test::ScratchFolder folder;
    const Running running{folder.path()};
    LedgerClient client{running.path, 10s};
    const LedgerReply reply = client.append(event("a"));
    CHECK(reply.ok && !reply.dup);
    CHECK_EQUAL(std::uint64_t{1}, reply.seq);
    CHECK(client.append(event("a")).dup);
    CHECK_EQUAL("E_CONFLICT"s, client.append(event("a", "2")).error);
    CHECK_EQUAL(std::int64_t{2}, client.call(encode_head()).body["size"].as_integer());
}

TEST(a_receipt_comes_with_the_acknowledgement)
{
    const test::ScratchFolder folder;
    const Running running{folder.path()};
    LedgerClient client{running.path, 10s};
    CHECK(client.append(event("a")).receipt.empty());
    const TlogProof proof = TlogProof::parse(client.append(event("b"), Want::receipt).receipt);
    CHECK(proof.proves(leaf_hash(proof.extra.value())));
    std::vector<LedgerEvent> many;
    for (int i = 0; i < 1200; ++i)
        many.push_back(event("m-" + std::to_string(i)));
    const auto acks = decode_acks(client.call(encode_appendv(many, Want::receipt)));
    CHECK_EQUAL(many.size(), acks.size());
    for (const LedgerAck& ack : acks)
        CHECK_EQUAL(ack.leaf, hex(leaf_hash(TlogProof::parse(ack.receipt).extra.value())));
}

TEST(a_large_private_value_goes_there_and_back)
{
    const test::ScratchFolder folder;
    const Running running{folder.path()};
    LedgerClient client{running.path, 10s};
    const std::string large = '"' + std::string(1'000'000, 'x') + '"';
    LedgerEvent sent = event("a");
    sent.priv.push_back({"output", large});
    sent.subject = Subject{"", "eve"};
    CHECK(client.append(sent).ok);
    const auto values = decode_revealed(client.call(encode_reveal({{"", "eve"}, {1}})));
    CHECK(values.at(0).value == large);
    CHECK_EQUAL("E_DENIED"s, client.call(encode_reveal({{"", "bob"}, {1}})).error);
}

TEST(replies_come_in_the_order_of_the_requests)
{
    const test::ScratchFolder folder;
    const Running running{folder.path()};
    const Fd socket = connect_local(running.path, SOCK_SEQPACKET);
    send_packet(socket.get(), encode_append(event("a")));
    send_packet(socket.get(), encode_wait_published(2));
    send_packet(socket.get(), {"garbage", {}});
    send_packet(socket.get(), encode_head());
    CHECK_EQUAL(std::uint64_t{1}, decode_reply(received(socket)).seq);
    CHECK(decode_reply(received(socket)).size >= 2);
    CHECK_EQUAL("E_INVALID"s, decode_reply(received(socket)).error);
    CHECK_EQUAL(std::uint64_t{2}, decode_reply(received(socket)).size);
}

TEST(what_is_too_large_for_a_packet_is_refused_and_the_connection_stays)
{
    const test::ScratchFolder folder;
    const Running running{folder.path()};
    const Fd socket = connect_local(running.path, SOCK_SEQPACKET);
    const std::string longer(packet_limit + 1, 'x');
    CHECK_EQUAL(static_cast<ssize_t>(longer.size()), ::send(socket.get(), longer.data(), longer.size(), 0));
    CHECK_EQUAL("E_TOO_BIG"s, decode_reply(received(socket)).error);
    send_packet(socket.get(), encode_head());
    CHECK(decode_reply(received(socket)).ok);
}

TEST(who_has_no_right_is_denied)
{
    const test::ScratchFolder folder;
    const Running running{folder.path(), Rights::development("nobody-here")};
    LedgerClient client{running.path, 10s};
    CHECK_EQUAL("E_DENIED"s, client.append(event("a")).error);
    CHECK_EQUAL("E_DENIED"s, client.call(encode_head()).error);
}

TEST(a_packet_with_an_event_that_is_denied_is_told_which)
{
    const test::ScratchFolder folder;
    const Running running{folder.path()};
    LedgerClient client{running.path, 10s};
    LedgerEvent forbidden = event("b");
    forbidden.type = "ledger.x";
    const LedgerReply reply = client.call(encode_appendv(std::vector{event("a"), forbidden}));
    CHECK_EQUAL("E_DENIED"s, reply.error);
    CHECK(reply.detail.starts_with("events[1].type: ") && reply.detail.ends_with(" may not appendv ledger.x"));
    CHECK_EQUAL(std::int64_t{1}, client.call(encode_head()).body["size"].as_integer());
    CHECK(client.call(encode_append(forbidden)).detail.ends_with(" may not append ledger.x"));
}

TEST(many_writers_get_all_their_lines_once)
{
    const test::ScratchFolder folder;
    const Running running{folder.path()};
    std::vector<std::jthread> writers;
    std::atomic<int> acknowledged = 0;
    for (int writer = 0; writer < 8; ++writer)
        writers.emplace_back([&, writer] {
            LedgerClient client{running.path, 20s};
            for (int i = 0; i < 20; ++i)
                acknowledged += client.append(event(std::to_string(writer) + "-" + std::to_string(i))).ok;
        });
    writers.clear();
    CHECK_EQUAL(160, acknowledged.load());
    LedgerClient client{running.path, 10s};
    CHECK_EQUAL(std::int64_t{161}, client.call(encode_head()).body["size"].as_integer());
}

TEST(a_client_says_why_the_ledger_cannot_be_reached)
{
    const test::ScratchFolder folder;
    LedgerClient nobody{folder / "socket", 100ms};
    try {
        nobody.append(event("a"));
        CHECK(false);
    } catch (const LedgerUnavailable& error) {
        CHECK_EQUAL("not reachable"s, error.reason);
    }
    // A listener that never accepts: the connection queues, no answer comes.
    const Fd silent = listen_local(folder / "silent", SOCK_SEQPACKET, 4);
    LedgerClient waiting{folder / "silent", 100ms};
    const SteadyTime begin = steady_now();
    CHECK_THROWS(LedgerUnavailable, waiting.call(encode_head()));
    CHECK(steady_now() - begin < 5s);
}

TEST(a_client_goes_on_after_a_restart)
{
    const test::ScratchFolder folder;
    auto running = std::make_unique<Running>(folder.path());
    LedgerClient client{running->path, 20s};
    CHECK(client.append(event("a")).ok);
    running.reset();
    running = std::make_unique<Running>(folder.path());
    const LedgerReply again = client.append(event("a"));
    CHECK(again.ok && again.dup);
    CHECK_EQUAL(std::uint64_t{1}, again.seq);
}

TEST(a_ledger_whose_disk_takes_nothing_says_so)
{
    const test::ScratchFolder folder;
    test::SimIo io;
    RealEnv env;
    Engine engine{{.root = "root", .origin = "example.com/log", .rights = "dev", .space = SpaceRules::small()}, io, env};
    Loop loop;
    LedgerServer server{loop, listen_local(folder / "socket", SOCK_SEQPACKET, 4), engine, Running::mine()};
    io.fail_all("fallocate", EROFS);   // what was reserved before takes some of them
    std::jthread thread{[&] { loop.run(); }};
    LedgerClient client{folder / "socket", 20s};
    const auto state = [&] { return std::string{client.call(encode_stats()).body["state"].as_text()}; };
    const auto why_not = [&](int id) -> std::string {
        try {
            client.call(encode_append(event(std::to_string(id), '"' + std::string(60'000, 'x') + '"')));
            return "";
        } catch (const LedgerUnavailable& error) {
            return error.reason;
        }
    };
    CHECK_EQUAL("ok"s, state());
    std::string reason;
    for (int id = 0; reason.empty() && id < 1000; ++id)
        reason = why_not(id);
    const std::string now = state();
    loop.stop();
    CHECK_EQUAL("read only"s, reason);
    CHECK_EQUAL("read only"s, now);
}

TEST(two_engines_do_not_open_one_ledger)
{
    const test::ScratchFolder folder;
    const Running running{folder.path()};
    RealIo io;
    RealEnv env;
    CHECK_THROWS(Error, (Engine{{.root = folder / "ledger", .rights = "dev"}, io, env}));
}
