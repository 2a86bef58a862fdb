// Anthropic's messages.
#pragma once

#include "llm/protocol.h"

namespace forge::anthropic {

/// POST URL/v1/messages; max_tokens is 4096 where nobody says more.  A schema of an object becomes a tool that the
/// model must use, and what it gives the tool is the text; any other schema is left to the prompt.
HttpRequest request(const Target& target, const Prompt& prompt);
void take_answer(Reading& reading, const Json& answer);
void take_event(Reading& reading, const Json& event);

}
