// Chat completions in OpenAI's form, which OpenRouter, Ollama and most model servers speak too.
#pragma once

#include "llm/protocol.h"

namespace forge::openai {

/// POST URL/chat/completions; a schema goes as response_format.  For OpenRouter: only to models that honour it.
HttpRequest request(const Target& target, const Prompt& prompt);
void take_answer(Reading& reading, const Json& answer);
/// The usage comes in an event of its own, after the last text.
void take_event(Reading& reading, const Json& event);

}
