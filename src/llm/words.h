// What a provider wrote, made fit for records: ids and words of the protocol, never its sentences.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "llm/protocol.h"

namespace forge {

/// An id such as "req_01-a": short and of letters, digits and -_.: only; else empty.
std::string id_of(std::string_view text);
/// A word of the protocol such as "length" or "invalid_api_key": no key has this form; else empty.
std::string word_of(std::string_view text);
/// A count: anything that is no whole number from 0 is 0, and nobody means more than a thousand million.
long count_of(const Json& json);

/// What a provider sent, as JSON; nothing where it is none.
std::optional<Json> parse_untrusted(std::string_view text);

/// Reads {"error": {"code" or "type", …}}, the form of all of them but Ollama's, which is {"error": "…"}; true when
/// there is one.
bool take_error(Reading& reading, const Json& json);

/// The request that all have in common: a POST of JSON.
HttpRequest post(std::string url, const Json& body);

}
