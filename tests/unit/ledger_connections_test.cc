// The connections of forge-ledgerd's socket: shares, silent ones, and what the refused are told.
#include "ledger/connections.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

#include "ledger/link.h"
#include "ledger_running.h"
#include "run_on.h"
#include "test.h"

using namespace forge;
using namespace forge::test;
using namespace std::chrono_literals;

namespace {

constexpr uid_t nobody = 65534;

// This thread is another user while it lives: the kernel's credentials belong to a thread.
class AsNobody {
public:
    AsNobody()
    {
        if (::syscall(SYS_setresuid, -1, nobody, -1) != 0)
            throw Skipped{"only root can be two users"};
    }
    ~AsNobody() { ::syscall(SYS_setresuid, -1, 0, -1); }
    AsNobody(const AsNobody&) = delete;
    AsNobody& operator=(const AsNobody&) = delete;
};

std::vector<Fd> silent(const std::string& path, int count)
{
    std::vector<Fd> sockets;
    for (int i = 0; i < count; ++i)
        sockets.push_back(connect_local(path, SOCK_SEQPACKET));
    return sockets;
}

std::string why_not(LedgerClient& client)
{
    try {
        client.call(encode_head());
        return "";
    } catch (const LedgerUnavailable& error) {
        return error.what();
    }
}

Fd some_socket()
{
    return Fd{::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)};
}

bool contains(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

ConnectionLimits patient(std::size_t all)
{
    return {.all = all, .reserved = 2, .silence = 1h};
}

}

TEST(a_user_who_has_his_share_of_connections_is_told_so)
{
    const ScratchFolder folder;
    const Running running{folder.path(), Running::mine(), {.connections = patient(6)}};
    LedgerClient first{running.path, 10s}, second{running.path, 10s}, third{running.path, 10s};
    CHECK(first.call(encode_head()).ok && second.call(encode_head()).ok);
    const std::string why = why_not(third);
    CHECK(contains(why, "not reachable: ") && contains(why, " has 2 connections to the ledger, as many as one user may"));
    CHECK(contains(why, "end some of its programs"));
    CHECK(first.call(encode_head()).ok);
}

TEST(eleven_hundred_silent_connections_of_one_user_leave_room_for_the_others)
{
    const ScratchFolder folder;
    ::chmod(folder.path().c_str(), 0755);
    std::atomic<int> turned_away = 0;
    const Running running{folder.path(), Running::mine(), {}, {.on_turned_away = [&] { ++turned_away; }}};
    ::chmod(running.path.c_str(), 0666);
    std::vector<Fd> others;
    {
        const AsNobody other;
        others = silent(running.path, 1100);
    }
    LedgerClient client{running.path, 10s};
    const SteadyTime begin = steady_now();
    CHECK(client.append({"a", "job.test", "{}"}).ok);
    CHECK(steady_now() - begin < 1s);
    CHECK_EQUAL(1100 - static_cast<int>(ConnectionLimits{}.per_user()), turned_away.load());
    CHECK_EQUAL("E_BUSY"s, decode_reply(received(others.back())).error);
}

TEST(silent_connections_give_way_and_used_ones_stay)
{
    const ScratchFolder folder;
    const Running running{folder.path(), Running::mine(), {.connections = {.all = 8, .reserved = 2, .silence = 0ms}}};
    LedgerClient worker{running.path, 10s};
    CHECK(worker.call(encode_head()).ok);
    const std::vector<Fd> sockets = silent(running.path, 20);
    LedgerClient newcomer{running.path, 10s};
    CHECK(newcomer.append({"a", "job.test", "{}"}).ok);
    CHECK(contains(decode_reply(received(sockets.front())).detail, "asked for nothing"));
    CHECK(worker.call(encode_head()).ok);
}

TEST(what_was_refused_for_want_of_rights_is_no_use_of_a_connection)
{
    const ScratchFolder folder;
    const Running running{folder.path(), Rights::development("nobody-here"), {.connections = {.all = 4, .reserved = 2, .silence = 0ms}}};
    LedgerClient denied{running.path, 10s}, next{running.path, 10s};
    CHECK_EQUAL("E_DENIED"s, denied.call(encode_head()).error);
    CHECK_EQUAL("E_DENIED"s, next.call(encode_head()).error);
    CHECK(contains(why_not(denied), "asked for nothing"));
}

TEST(the_last_places_are_for_the_users_of_the_table)
{
    LedgerConnections table{{.all = 6, .reserved = 2, .silence = 1h}, {}};
    const auto may_come = [&](uid_t uid, const char* user) {
        return table.admit(some_socket(), uid, {user}, Rights{}.names(user)) != nullptr;
    };
    CHECK(may_come(1, "anna") && may_come(1, "anna") && !may_come(1, "anna"));
    CHECK(may_come(2, "bert") && may_come(2, "bert"));
    CHECK(!may_come(3, "carl"));
    CHECK(may_come(4, "forge") && may_come(0, "root"));
    CHECK(!may_come(0, "root"));
    table.close(*table.begin());
    table.reap();
    CHECK(!may_come(3, "carl") && may_come(0, "root"));
}

TEST(a_worker_whose_connection_is_refused_says_why_and_gets_in_when_there_is_room)
{
    const ScratchFolder folder;
    const Running running{folder.path(), Running::mine(), {.connections = patient(4)}};
    std::vector<Fd> only = silent(running.path, 1);
    const Packet packet = encode_head();
    const auto ask = [&](Millis patience) -> std::string {
        Loop loop;
        LedgerLink link{loop, running.path};
        try {
            return run_on(loop, link.ask(packet, steady_now() + patience)).ok ? "ok" : "refused";
        } catch (const LedgerUnavailable& error) {
            return error.what();
        }
    };
    CHECK(contains(ask(200ms), "as many as one user may"));
    only.clear();
    CHECK_EQUAL("ok"s, ask(10s));
}
