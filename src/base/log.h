// The log of a program: one JSON object a line on standard error, or what takes its place.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace forge {

enum class Severity { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };   // syslog's numbers

using LogField = std::pair<std::string_view, std::string>;

/// Writes one line, with one write(2), from any thread.  `message` contains the code an operator greps for;
/// neither it nor a field may hold a secret, a token, a query string or a prompt.
void log(Severity severity, std::string_view message, std::initializer_list<LogField> fields = {});

/// Takes a line instead of standard error; false: it could not.
using LogSink = bool (*)(Severity severity, std::string_view program, std::string_view message, std::span<const LogField> fields);
/// Set once, before threads start.
void send_log_to(LogSink sink);

/// The program's name as it stands in each line; set once, before threads start.
void name_log(std::string program);

/// A JSON string literal of `text`, quotes included; bytes that are not UTF-8 become U+FFFD.
std::string json_quoted(std::string_view text);

}
