// The log in the journal.
#include "lib/journal.h"

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace forge::systemd {

namespace {

std::string field_name(std::string_view name)
{
    std::string out = "FORGE_";
    std::ranges::transform(name, std::back_inserter(out), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return out;
}

bool send(Severity severity, std::string_view program, std::string_view message, std::span<const LogField> fields)
{
    std::vector<std::string> texts = journal_fields(severity, program, message, fields);
    std::vector<iovec> parts;
    parts.reserve(texts.size());
    for (std::string& text : texts)
        parts.push_back({text.data(), text.size()});
    return ::sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) == 0;
}

}

void log_to_journal()
{
    if (is_journal_stream(STDERR_FILENO, std::getenv("JOURNAL_STREAM")))
        send_log_to(send);
}

bool is_journal_stream(int fd, const char* value)
{
    struct stat file {};
    return value && ::fstat(fd, &file) == 0 && std::to_string(file.st_dev) + ":" + std::to_string(file.st_ino) == value;
}

std::vector<std::string> journal_fields(Severity severity, std::string_view program, std::string_view message,
                                        std::span<const LogField> fields)
{
    std::vector<std::string> texts{"MESSAGE=" + std::string{message},
                                   "PRIORITY=" + std::to_string(static_cast<int>(severity)),
                                   "SYSLOG_IDENTIFIER=" + std::string{program}};
    for (const auto& [name, value] : fields)
        if (!value.empty())
            texts.push_back(field_name(name) + "=" + value);
    return texts;
}

}
