// Chat completions: the request, and its answer whole or as a stream.
#include "llm/openai.h"

#include "llm/words.h"

namespace forge::openai {

namespace {

Json messages_of(const Prompt& prompt)
{
    Json messages = Json::array();
    if (!prompt.system.empty())
        messages.append(Json::object({{"role", "system"}, {"content", prompt.system}}));
    return messages.append(Json::object({{"role", "user"}, {"content", prompt.user}}));
}

Json response_format(const Json& schema)
{
    const Json named = Json::object({{"name", "output"}, {"schema", schema}});
    return Json::object({{"type", "json_schema"}, {"json_schema", named}});
}

void take_usage(Reading& reading, const Json& usage)
{
    if (usage.is_object())
        reading.usage = Usage{count_of(usage["prompt_tokens"]), count_of(usage["completion_tokens"])};
}

void take_finish(Reading& reading, const Json& reason)
{
    if (!reason.is_string())
        return;
    reading.finish = word_of(reason.as_text());
    reading.is_done = true;   // some servers leave [DONE] out
    if (reading.finish == "content_filter")
        reading.has_declined = true;
    if (reading.finish == "error")   // OpenRouter, in mid-stream
        reading.is_broken = true;
}

// A refusal is a sentence, so it counts as soon as it has a word.
void take_refusal(Reading& reading, const Json& refusal)
{
    if (!refusal.as_text().empty())
        reading.has_declined = true;
}

}

HttpRequest request(const Target& target, const Prompt& prompt)
{
    Json body = Json::object({{"model", target.model}, {"messages", messages_of(prompt)}});
    if (prompt.temperature)
        body.set("temperature", *prompt.temperature);
    // OpenAI's newer models refuse the older name, other servers do not know the newer one.
    if (const auto most = prompt.most_tokens ? prompt.most_tokens : target.most_tokens)
        body.set(target.kind == ProviderKind::openai ? "max_completion_tokens" : "max_tokens", *most);
    if (prompt.schema)
        body.set("response_format", response_format(prompt.schema));
    if (prompt.schema && target.kind == ProviderKind::openrouter)
        body.set("provider", Json::object({{"require_parameters", true}}));
    if (prompt.on_token)
        body.set("stream", true).set("stream_options", Json::object({{"include_usage", true}}));
    return post(target.url + "/chat/completions", body);
}

void take_answer(Reading& reading, const Json& answer)
{
    if (take_error(reading, answer))
        return;
    const Json choice = answer["choices"].at(0);
    const Json message = choice["message"];
    reading.id = id_of(answer["id"].as_text());
    take_usage(reading, answer["usage"]);
    take_finish(reading, choice["finish_reason"]);
    take_refusal(reading, message["refusal"]);
    reading.text = message["content"].as_text();
    reading.is_done = true;
    if (!message["content"].is_string() && !reading.has_declined)
        reading.is_broken = true;
}

void take_event(Reading& reading, const Json& event)
{
    if (take_error(reading, event))
        return;
    if (reading.id.empty())
        reading.id = id_of(event["id"].as_text());
    take_usage(reading, event["usage"]);
    const Json choice = event["choices"].at(0);
    const Json delta = choice["delta"];
    take_refusal(reading, delta["refusal"]);
    reading.text += delta["content"].as_text();
    for (const char* const part : {"content", "refusal", "reasoning", "reasoning_content"})
        reading.tokens += delta[part].as_text().empty() ? 0 : 1;
    take_finish(reading, choice["finish_reason"]);
}

}
