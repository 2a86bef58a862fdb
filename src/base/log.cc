// The log of a program: one JSON object a line on standard error, or what takes its place.
#include "base/log.h"

#include "base/clock.h"
#include "base/text.h"

#include <array>
#include <cstdio>

namespace forge {

namespace {

std::string& program_name()
{
    static std::string name = "forge";
    return name;
}

LogSink& log_sink()
{
    static LogSink sink = nullptr;
    return sink;
}

std::string_view severity_name(Severity severity)
{
    constexpr std::array<std::string_view, 8> names{"", "", "", "error", "warning", "notice", "info", "debug"};
    return names[static_cast<std::size_t>(severity)];
}

}

std::string json_quoted(std::string_view text)
{
    std::string out = "\"";
    while (!text.empty()) {
        const std::size_t bad = utf8_error(text);
        for (const char c : text.substr(0, bad)) {
            if (c == '"' || c == '\\') {
                out += '\\';
                out += c;
            } else if (static_cast<unsigned char>(c) < 0x20) {
                out += "\\u00" + hex(std::string_view{&c, 1});
            } else {
                out += c;
            }
        }
        if (bad == std::string_view::npos)
            break;
        out += "\xEF\xBF\xBD";
        text.remove_prefix(bad + 1);
    }
    return out + '"';
}

void name_log(std::string program)
{
    program_name() = std::move(program);
}

void send_log_to(LogSink sink)
{
    log_sink() = sink;
}

void log(Severity severity, std::string_view message, std::initializer_list<LogField> fields)
{
    if (const LogSink sink = log_sink(); sink && sink(severity, program_name(), message, {fields.begin(), fields.size()}))
        return;
    std::string line = R"({"ts":")" + rfc3339(wall_now()) + R"(","level":")" + std::string{severity_name(severity)}
                       + R"(","program":)" + json_quoted(program_name()) + R"(,"message":)" + json_quoted(message);
    for (const auto& [name, value] : fields)
        line += "," + json_quoted(name) + ":" + json_quoted(value);
    line += "}\n";
    std::fwrite(line.data(), 1, line.size(), stderr);   // stderr is unbuffered: one write
}

}
