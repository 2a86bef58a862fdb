// What the journal is told.
#include "tests/unit/test.h"

#include "lib/journal.h"
#include "os/file.h"

#include <fcntl.h>
#include <sys/stat.h>

using namespace forge;

TEST(the_journal_gets_a_field_for_each_of_the_log)
{
    const LogField fields[] = {{"request_id", "abc"}, {"subject", ""}, {"micros", "12"}};
    std::string all;
    for (const auto& text : systemd::journal_fields(Severity::notice, "forge-worker", "not_found: x\ny", fields))
        all += text + "|";
    CHECK_EQUAL("MESSAGE=not_found: x\ny|PRIORITY=5|SYSLOG_IDENTIFIER=forge-worker|FORGE_REQUEST_ID=abc|FORGE_MICROS=12|"s, all);
}

TEST(standard_error_is_the_journal_only_where_the_environment_names_that_very_file)
{
    const test::ScratchFolder folder;
    const Fd file = open_file(folder / "err", O_WRONLY | O_CREAT, 0600);
    struct stat info {};
    CHECK(::fstat(file.get(), &info) == 0);
    const std::string value = std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino);
    CHECK(systemd::is_journal_stream(file.get(), value.c_str()));
    CHECK(!systemd::is_journal_stream(file.get(), (value + "0").c_str()));
    CHECK(!systemd::is_journal_stream(file.get(), nullptr));
}
