// A ledger of a thousand lines.
#include "tests/unit/thousand_lines.h"

#include "os/file.h"

#include <algorithm>
#include <filesystem>

namespace forge::test {

namespace fs = std::filesystem;

ThousandLines::ThousandLines()
{
    for (const auto* day : {"", "2026-11-21", "2026-11-22"}) {
        const std::uint64_t begin = sample.size();
        if (*day)
            sample.begin_day(day);
        while (sample.size() < std::min<std::uint64_t>(begin + 334, 1000)) {
            const std::string id = "at-" + std::to_string(sample.size());
            if (sample.size() % 16 == 0)
                sample.add_run(id, "demo.echo", "ok");
            else
                sample.add({id, "job.done", "{}"});
            if (sample.size() == 900)
                sample.publish();
        }
        if (*day)
            sample.publish();
    }
    replace_file(path("checkpoint.cosigned"), read_file(path("checkpoint")));
}

std::vector<std::string> ThousandLines::files() const
{
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path()))
        if (entry.is_regular_file()) {
            const std::string name = fs::relative(entry.path(), folder.path());
            if (!name.starts_with("index/") && (!name.starts_with("state/") || name == "state/kek"))
                names.push_back(name);
        }
    std::sort(names.begin(), names.end());
    return names;
}

std::string text_of(const VerifyReport& report)
{
    std::string text = "exit " + std::to_string(report.findings.exit_code()) + "\n";
    for (const auto& [kind, file, line, reason] : report.findings.list())
        text += file + ":" + std::to_string(line) + ": " + reason + "\n";
    return text;
}

void must_find(const VerifyReport& report, const std::string& place, const std::string& reason)
{
    const std::string what = "wanted: " + place + ": " + reason + "\n" + text_of(report);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(what, 2, report.findings.exit_code());
    CPPUNIT_ASSERT_MESSAGE(what, text_of(report).find("\n" + place + ": " + reason) != std::string::npos);
}

void must_pass(const VerifyReport& report)
{
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text_of(report), 0, report.findings.exit_code());
}

}
