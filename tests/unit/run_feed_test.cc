// What a run tells those who watch it: in order, to who comes late, and to who comes again.
#include "run/feed.h"

#include "base/text.h"
#include "tests/unit/test.h"

#include <sys/socket.h>

using namespace forge;

namespace {

const std::string run_id = "01a223ba-6c5a-7191-b9d1-f4870a9caf08";

struct Client {
    Client()
    {
        int ends[2];
        CHECK_EQUAL(0, ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
        near = Fd{ends[0]};
        far = Fd{ends[1]};
    }
    /// The texts of the whole FastCGI records that came since the last look.
    std::string received()
    {
        std::string piece(4 << 20, '\0');
        const ssize_t count = ::recv(far.get(), piece.data(), piece.size(), MSG_DONTWAIT);
        records.append(piece, 0, count > 0 ? static_cast<std::size_t>(count) : 0);
        std::string text;
        std::size_t at = 0;
        const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(records[at + i])); };
        while (records.size() >= at + 8 && records.size() >= at + 8 + (byte(4) << 8 | byte(5)) + byte(6)) {
            const std::size_t length = byte(4) << 8 | byte(5);
            if (records[at + 1] == 6)
                text.append(records, at + 8, length);
            at += 8 + length + byte(6);
        }
        records.erase(0, at);
        return text;
    }
    std::string records;
    Fd near, far;
};

/// Runs the loop until the client has so many bytes of text, or nothing comes any more.
Task<void> receive(Loop& loop, Client& client, std::size_t size, std::string& text)
{
    for (int i = 0; i < 500 && text.size() < size; ++i) {
        co_await sleep_until(loop, steady_now() + Millis{1});
        text += client.received();
    }
    loop.stop();
}

std::string received(Loop& loop, Client& client, std::size_t size)
{
    std::string text;
    loop.start(receive(loop, client, size, text));
    loop.run();
    return text;
}

std::string id(int number)
{
    return "id: " + run_id + ":" + std::to_string(number) + "\n";
}

}

TEST(who_joins_late_is_told_everything_with_tokens_as_one)
{
    Loop loop;
    RunFeed feed{loop, run_id};
    feed.log("asking one");
    feed.token("Hel");
    feed.token("lo");
    Client client;
    feed.join({std::move(client.near), 1, true}, "HEAD\r\n\r\n", 0, {});
    feed.token("!");
    CHECK_EQUAL("HEAD\r\n\r\nretry: 2000\n\n" + id(1) + "event: log\ndata: {\"line\":\"asking one\"}\n\n" + id(3)
                    + "event: token\ndata: {\"text\":\"Hello\"}\n\n" + id(4) + "event: token\ndata: {\"text\":\"!\"}\n\n",
                client.received());
}

TEST(who_joins_again_is_told_what_was_missed)
{
    Loop loop;
    RunFeed feed{loop, run_id};
    for (const char* const text : {"a", "b", "c"})
        feed.token(text);
    Client client;
    feed.join({std::move(client.near), 1, true}, "", 2, {});
    CHECK_EQUAL("retry: 2000\n\n" + id(3) + "event: token\ndata: {\"text\":\"c\"}\n\n", client.received());
}

TEST(a_large_last_event_reaches_a_slow_reader_whole)
{
    Loop loop;
    RunFeed feed{loop, run_id};
    Client client;
    feed.join({std::move(client.near), 1, true}, "", 0, {});
    const std::string data(3 << 20, 'x');
    feed.end("done", data);
    const std::string text = received(loop, client, data.size() + 8);
    CHECK(text.ends_with("data: " + data + "\n\n"));
    CHECK_EQUAL(std::size_t{0}, feed.listeners());
}

TEST(who_joins_after_the_end_is_told_the_end)
{
    Loop loop;
    RunFeed feed{loop, run_id};
    feed.token("a");
    feed.end("done", "{}");
    Client client;
    feed.join({std::move(client.near), 1, true}, "", 0, {});
    CHECK(received(loop, client, 80).ends_with(id(2) + "event: done\ndata: {}\n\n"));
}

TEST(the_oldest_of_much_text_is_forgotten)
{
    Loop loop;
    RunFeed feed{loop, run_id};
    const std::string text(300'000, 'a');
    for (int i = 0; i < 5; ++i)
        feed.token(text);
    Client client;
    feed.join({std::move(client.near), 1, true}, "", 0, {});
    const std::string told = received(loop, client, 3 * text.size());
    CHECK(told.find(id(5)) != std::string::npos);
    CHECK(told.size() < RunFeed::most_kept_bytes + 1000);
}

namespace {

Task<void> come_and_go(Loop& loop, RunFeed& feed, int& deserted)
{
    Client first, second, third;
    feed.join({std::move(first.near), 1, true}, "", 0, {});
    feed.join({std::move(second.near), 1, true}, "", 0, {});
    first.far = {};
    co_await sleep_until(loop, steady_now() + Millis{20});
    const int after_one = deserted;
    second.far = {};
    for (int i = 0; i < 500 && deserted == 0; ++i)
        co_await sleep_until(loop, steady_now() + Millis{1});
    feed.join({std::move(third.near), 1, true}, "", 0, {});
    feed.dismiss();
    co_await sleep_until(loop, steady_now() + Millis{20});
    const bool is_told = third.received().ends_with("event: bye\ndata: {}\n\n");
    loop.stop();
    CHECK_EQUAL(0, after_one);
    CHECK(is_told);
}

}

TEST(the_last_who_leaves_is_noticed_and_one_who_is_sent_away_is_not)
{
    Loop loop;
    RunFeed feed{loop, run_id};
    int deserted = 0;
    feed.observe({.dropped = [] {}, .deserted = [&] { ++deserted; }});
    Task<void> task = come_and_go(loop, feed, deserted);
    task.start();
    loop.run();
    task.result();
    CHECK_EQUAL(1, deserted);
}

TEST(a_last_event_id_names_a_run_and_a_number)
{
    const auto place = feed_place(run_id + ":12");
    CHECK(place);
    CHECK_EQUAL(run_id, place->run);
    CHECK_EQUAL(std::uint64_t{12}, place->seen);
    for (const char* const none : {"", "12", ":12", "01a223ba:12", "01a223ba-6c5a-7191-b9d1-f4870a9caf08:", "01a223ba-6c5a-7191-b9d1-f4870a9caf08:-1"})
        CHECK(!feed_place(none));
}
