// The tick stream: hello, replay, dropped readers, bye.
#include "tests/unit/test.h"

#include "base/text.h"
#include "os/socket.h"
#include "run/ticks.h"

#include <sys/socket.h>

#include <memory>

using namespace forge;

namespace {

struct Ends {
    Fd near;
    Fd far;
};

Ends pair_of_sockets()
{
    int ends[2];
    CHECK_EQUAL(0, ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
    return {Fd{ends[0]}, Fd{ends[1]}};
}

std::string received(const Fd& fd)
{
    std::string text(65536, '\0');
    const ssize_t count = ::recv(fd.get(), text.data(), text.size(), MSG_DONTWAIT);
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return text;
}

std::size_t count_of(const std::string& text, const std::string& part)
{
    return (text.size() - replace_all(text, part, "").size()) / part.size();
}

Task<void> stop_after(Loop& loop, Millis time)
{
    co_await sleep_until(loop, steady_now() + time);
    loop.stop();
}

}

TEST(a_listener_gets_hello_and_at_most_sixty_missed_ticks)
{
    Loop loop;
    Ticks ticks{loop, "offline", [] {}};
    auto [near, far] = pair_of_sockets();
    ticks.join({std::move(near), 1, true}, "Status: 200 OK\r\n\r\n", std::to_string(unix_millis(wall_now()) / 1000 - 100), {});
    const std::string text = received(far);
    CHECK(text.find("retry: ") < text.find("event: hello"));
    CHECK(text.find(R"("service":"vaultmesh-forge","mode":"offline")") != std::string::npos);
    CHECK_EQUAL(std::size_t{60}, count_of(text, "event: tick"));
}

TEST(a_tick_comes_with_the_next_second_and_bye_ends_the_stream)
{
    Loop loop;
    Ticks ticks{loop, "offline", [] {}};
    auto [near, far] = pair_of_sockets();
    ticks.join({std::move(near), 1, true}, "\r\n", "", {});
    received(far);
    loop.start(stop_after(loop, Millis{1100}));
    loop.run();
    CHECK(count_of(received(far), "event: tick") >= 1);
    ticks.close();
    CHECK(received(far).find("event: bye") != std::string::npos);
    CHECK_EQUAL(std::size_t{0}, ticks.listeners());
}

TEST(a_listener_that_left_is_forgotten_and_its_place_given_back)
{
    Loop loop;
    Ticks ticks{loop, "offline", [] {}};
    bool given_back = false;
    struct Place {
        explicit Place(bool& flag_) : flag(&flag_) {}
        Place(Place&& other) noexcept : flag(std::exchange(other.flag, nullptr)) {}
        ~Place() { if (flag) *flag = true; }
        bool* flag;
    };
    {
        auto [near, far] = pair_of_sockets();
        ticks.join({std::move(near), 1, true}, "\r\n", "", [place = Place{given_back}] {});
        CHECK(!given_back && ticks.listeners() == 1);
    }
    loop.start(stop_after(loop, Millis{1}));
    loop.run();
    CHECK(given_back && ticks.listeners() == 0);
}
