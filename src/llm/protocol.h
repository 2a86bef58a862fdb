// What differs from one provider's protocol to the next: one row of a table for each kind.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "llm/provider.h"
#include "llm/target.h"

namespace forge {

/// An answer as it is put together.
struct Reading {
    std::string text = {};
    std::string finish = {};           // a word, or empty
    std::string id = {};               // of the answer, where the protocol gives one; of id characters only
    std::optional<Usage> usage = {};
    long tokens = 0;                   // events of a stream that carried one, be it of the model's thoughts
    bool is_done = false;
    bool is_broken = false;            // it has not the form of the protocol
    bool has_declined = false;         // the model, or a filter, will not answer this
    int error_status = 0;              // an error that came as an answer, as if it were an HTTP status
    std::string error_word = {};       // and how the protocol calls it
};

/// How a stream is cut into JSON values.
enum class Framing { events, lines };

struct Protocol {
    ProviderKind kind;
    std::string_view name;             // in providers.yaml
    std::string_view standard_url;     // empty: must be given
    Framing framing;
    std::string_view id_header;        // of the answer: names the request to the provider's support
    const char* key_header;
    std::string_view key_scheme;       // before the key
    HttpRequest (*request)(const Target& target, const Prompt& prompt);   // without the key
    void (*take_answer)(Reading& reading, const Json& answer);   // of a whole one
    void (*take_event)(Reading& reading, const Json& event);     // of a stream: adds to the text what came with it
};

/// Nothing here throws for anything that a provider says.
const Protocol& protocol_of(ProviderKind kind);
/// By its name; null when there is none.
const Protocol* protocol_named(std::string_view name);
/// "openai, openrouter, …"
std::string protocol_names();

}
