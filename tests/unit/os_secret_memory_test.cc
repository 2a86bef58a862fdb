// Memory for secrets.
#include "os/secret_memory.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/unit/test.h"

using namespace forge;

namespace {

/// What the kernel says of the mapping at an address: "rd wr mr mw me ac dd ".
std::string flags_at(const char* address)
{
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    std::ifstream maps{"/proc/self/smaps"};
    bool is_here = false;
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t begin = 0;
        std::uintptr_t end = 0;
        char dash = 0;
        std::istringstream head{line};
        if (head >> std::hex >> begin >> dash >> end && dash == '-')
            is_here = begin <= wanted && wanted < end;
        if (is_here && line.starts_with("VmFlags:"))
            return line + " ";
    }
    return "";
}

}

TEST(memory_for_secrets_is_in_no_core_dump)
{
    SecretMemory memory{40};
    std::ranges::copy(std::string_view{"planted"}, memory.data());
    CHECK(flags_at(memory.data()).find(" dd ") != std::string::npos);
    CHECK_EQUAL(std::size_t{40}, memory.view().size());
}

TEST(memory_for_secrets_forgets_what_it_gives_up)
{
    SecretMemory memory{7};
    std::ranges::copy(std::string_view{"planted"}, memory.data());
    memory.shrink(3);
    CHECK_EQUAL("pla"s, std::string{memory.view()});
    CHECK_EQUAL('\0', memory.data()[3]);
    const SecretMemory moved = std::move(memory);
    CHECK_EQUAL("pla"s, std::string{moved.view()});
    CHECK(SecretMemory{}.view().empty());
}

TEST(a_wiped_text_is_zeros)
{
    std::string text = "a secret that is longer than a short string";
    const char* const bytes = text.data();
    wipe(text);
    CHECK(text.empty());
    CHECK_EQUAL('\0', bytes[5]);
}

TEST(a_process_that_may_leave_no_core_cannot_be_dumped)
{
    const pid_t child = ::fork();
    if (child == 0) {
        leave_no_core(false);
        rlimit core{1, 1};
        ::getrlimit(RLIMIT_CORE, &core);
        std::string filter;
        std::ifstream{"/proc/self/coredump_filter"} >> filter;
        ::_exit(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && core.rlim_cur == 0 && filter == "00000010" ? 0 : 1);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    CHECK_EQUAL(0, status);
}
