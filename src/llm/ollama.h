// Ollama's own chat: lines of JSON, and a JSON Schema as `format`.
#pragma once

#include "llm/protocol.h"

namespace forge::ollama {

/// POST URL/api/chat.
HttpRequest request(const Target& target, const Prompt& prompt);
void take_answer(Reading& reading, const Json& answer);
void take_event(Reading& reading, const Json& event);

}
