// A failed tool's result as JSON: with --json a program reads one object, whatever happened.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace forge {

/// Whether --json is among the words, which may be no right command line.
bool wants_json(std::span<const std::string> words);
/// {"ok":false,"exit":code,"error":"…"} on the output, beside the message for people.
void print_failure(int code, std::string_view error);

}
