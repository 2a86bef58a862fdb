// Requests and replies on the ledger's socket.
#include "ledger/wire.h"

#include <fcntl.h>
#include <sys/socket.h>

#include "base/error.h"
#include "test.h"

using namespace forge;

namespace {

std::pair<Fd, Fd> connected_pair()
{
    int ends[2];
    CHECK_EQUAL(0, ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends));
    return {Fd{ends[0]}, Fd{ends[1]}};
}

}

TEST(an_append_is_one_object_with_its_members_in_order)
{
    const LedgerEvent event{"a.started", "run.started", R"({"run":"a"})", {{"args", R"({"x":1})"}}, Subject{"", "eve"}};
    CHECK_EQUAL(R"({"op":"append","event":{"run":"a"},"id":"a.started","type":"run.started",)"
                R"("subject":{"iss":null,"sub":"eve"},"priv":{"args":{"x":1}}})"s,
                encode_append(event).text);
}

TEST(a_large_private_value_travels_as_a_sealed_file)
{
    const std::string large = '"' + std::string(100'000, 'x') + '"';
    const Packet packet = encode_append({"a", "run.started", "{}", {{"args", "1"}, {"prompt", large}}, Subject{"i", "s"}});
    CHECK(packet.text.find(R"("files":{"prompt":0},"priv":{"args":1})") != std::string::npos);
    CHECK_EQUAL(std::size_t{1}, packet.files.size());
    CHECK(read_sealed(packet.files[0].get(), private_value_limit) == large);
    CHECK(!read_sealed(packet.files[0].get(), 1000));
}

TEST(values_that_do_not_fit_together_go_into_files)
{
    const std::string half = '"' + std::string(60'000, 'x') + '"';
    const Packet packet = encode_append({"a", "run.started", "{}", {{"a", half}, {"b", half}, {"c", half}}, Subject{"i", "s"}});
    CHECK(packet.text.size() <= packet_limit);
    CHECK_EQUAL(std::size_t{1}, packet.files.size());
}

TEST(a_private_value_over_8_mib_is_refused)
{
    CHECK_THROWS(Error, encode_append({"a", "run.started", "{}", {{"a", std::string(private_value_limit + 1, 'x')}}, Subject{"i", "s"}}));
}

TEST(a_packet_arrives_whole_with_its_files)
{
    const auto [here, there] = connected_pair();
    Packet sent{"hello", {}};
    sent.files.push_back(sealed_file("secret"));
    CHECK(send_packet(here.get(), sent) == Sent::yes);
    Packet got;
    CHECK(receive_packet(there.get(), got) == Received::packet);
    CHECK_EQUAL("hello"s, got.text);
    CHECK_EQUAL(std::size_t{1}, got.files.size());
    CHECK(read_sealed(got.files[0].get(), 100) == "secret");
    CHECK(receive_packet(there.get(), got) == Received::nothing);
}

TEST(a_packet_over_the_limit_is_told_from_one_of_the_limit)
{
    const auto [here, there] = connected_pair();
    Packet got;
    CHECK(send_packet(here.get(), {std::string(packet_limit, 'x'), {}}) == Sent::yes);
    CHECK(receive_packet(there.get(), got) == Received::packet);
    const std::string longer(packet_limit + 1, 'x');
    CHECK_EQUAL(static_cast<ssize_t>(longer.size()), ::send(here.get(), longer.data(), longer.size(), 0));
    CHECK(receive_packet(there.get(), got) == Received::too_big);
}

TEST(a_closed_peer_is_told_from_silence)
{
    auto [here, there] = connected_pair();
    here = Fd{};
    Packet got;
    CHECK(receive_packet(there.get(), got) == Received::closed);
    CHECK(send_packet(there.get(), {"x", {}}) == Sent::closed);
}

TEST(a_file_that_can_still_change_is_not_taken)
{
    const test::ScratchFolder folder;
    const Fd file{::open((folder / "plain").c_str(), O_RDWR | O_CREAT, 0600)};
    CHECK(!read_sealed(file.get(), 100));
}

TEST(a_reply_is_read_into_its_fields)
{
    const LedgerReply reply = decode_reply(R"({"ok":true,"seq":7,"leaf":"ab","size":8,"ts":"t","dup":true})");
    CHECK(reply.ok && reply.dup);
    CHECK_EQUAL(std::uint64_t{7}, reply.seq);
    CHECK_EQUAL(std::uint64_t{8}, reply.size);
    const LedgerReply refusal = decode_reply(R"({"ok":false,"error":"E_NOSPC","detail":"disk full"})");
    CHECK(!refusal.ok);
    CHECK_EQUAL("E_NOSPC"s, refusal.error);
    CHECK_EQUAL("disk full"s, refusal.detail);
    CHECK_THROWS(Error, decode_reply("garbage"));
    CHECK_THROWS(Error, decode_reply("{}"));
}

TEST(revealed_values_come_from_the_reply_or_its_files)
{
    Packet packet{R"({"ok":true,"values":[{"seq":1,"name":"args","key":"00","value":{"b":1,"a":2}},{"seq":2,"name":"output","key":"11","file":0}]})", {}};
    packet.files.push_back(sealed_file("[1]"));
    const auto values = decode_revealed(decode_reply(std::move(packet)));
    CHECK_EQUAL(R"({"a":2,"b":1})"s, values.at(0).value);
    CHECK_EQUAL("[1]"s, values.at(1).value);
    CHECK_THROWS(Error, decode_revealed(decode_reply(R"({"ok":true,"values":[{"seq":2,"name":"output","key":"11","file":0}]})")));
}
