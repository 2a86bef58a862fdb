// Anthropic's messages: the request, and its answer whole or as a stream of events.
#include "llm/anthropic.h"

#include "llm/words.h"

namespace forge::anthropic {

namespace {

constexpr const char* api_version = "2023-06-01";
constexpr long standard_tokens = 4096;
constexpr const char* tool_name = "output";

Json tool_of(const Json& schema)
{
    return Json::object({{"name", tool_name}, {"description", "Takes the answer."}, {"input_schema", schema}});
}

void take_usage(Reading& reading, const Json& usage)
{
    if (!usage.is_object())
        return;
    Usage sum = reading.usage.value_or(Usage{});
    if (usage["input_tokens"].is_integer())   // what comes from a cache is counted apart
        sum.input_tokens = count_of(usage["input_tokens"]) + count_of(usage["cache_creation_input_tokens"])
                           + count_of(usage["cache_read_input_tokens"]);
    if (usage["output_tokens"].is_integer())
        sum.output_tokens = count_of(usage["output_tokens"]);
    reading.usage = sum;
}

void take_finish(Reading& reading, const Json& reason)
{
    if (!reason.is_string())
        return;
    reading.finish = word_of(reason.as_text());
    if (reading.finish == "refusal")
        reading.has_declined = true;
}

}

HttpRequest request(const Target& target, const Prompt& prompt)
{
    const Json message = Json::object({{"role", "user"}, {"content", prompt.user}});
    const long most = prompt.most_tokens.value_or(target.most_tokens.value_or(standard_tokens));
    Json body = Json::object({{"model", target.model}, {"max_tokens", most}, {"messages", Json::array({message})}});
    if (!prompt.system.empty())
        body.set("system", prompt.system);
    if (prompt.temperature)
        body.set("temperature", *prompt.temperature);
    if (prompt.schema["type"].as_text() == "object")
        body.set("tools", Json::array({tool_of(prompt.schema)}))
            .set("tool_choice", Json::object({{"type", "tool"}, {"name", tool_name}}));
    if (prompt.on_token)
        body.set("stream", true);
    HttpRequest http = post(target.url + "/v1/messages", body);
    http.headers.emplace_back("anthropic-version", api_version);
    return http;
}

void take_answer(Reading& reading, const Json& answer)
{
    if (take_error(reading, answer))
        return;
    reading.id = id_of(answer["id"].as_text());
    take_usage(reading, answer["usage"]);
    take_finish(reading, answer["stop_reason"]);
    reading.is_done = true;
    reading.is_broken = !answer["content"].is_array();
    std::string tool_input;
    for (const Json& block : answer["content"].items()) {
        const std::string_view type = block["type"].as_text();
        if (type == "text")
            reading.text += block["text"].as_text();
        else if (type == "tool_use" && block["input"])
            tool_input = dump(block["input"]);
    }
    if (!tool_input.empty())   // what else it says beside it is talk
        reading.text = std::move(tool_input);
}

void take_event(Reading& reading, const Json& event)
{
    const std::string_view type = event["type"].as_text();
    if (type == "error" || event["error"]) {
        if (!take_error(reading, event))
            reading.is_broken = true;
    } else if (type == "message_start") {
        reading.id = id_of(event["message"]["id"].as_text());
        take_usage(reading, event["message"]["usage"]);
    } else if (type == "content_block_delta") {
        ++reading.tokens;
        reading.text += event["delta"]["text"].as_text();
        reading.text += event["delta"]["partial_json"].as_text();
    } else if (type == "message_delta") {
        take_finish(reading, event["delta"]["stop_reason"]);
        take_usage(reading, event["usage"]);
    } else if (type == "message_stop") {
        reading.is_done = true;
    }   // others may come at any time, and mean nothing to us: ping, content_block_start
}

}
