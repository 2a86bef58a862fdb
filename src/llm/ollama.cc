// Ollama's own chat.
#include "llm/ollama.h"

#include "llm/words.h"

namespace forge::ollama {

HttpRequest request(const Target& target, const Prompt& prompt)
{
    Json messages = Json::array();
    if (!prompt.system.empty())
        messages.append(Json::object({{"role", "system"}, {"content", prompt.system}}));
    messages.append(Json::object({{"role", "user"}, {"content", prompt.user}}));
    Json options = Json::object();
    if (prompt.temperature)
        options.set("temperature", *prompt.temperature);
    if (const auto most = prompt.most_tokens ? prompt.most_tokens : target.most_tokens)
        options.set("num_predict", *most);
    Json body = Json::object({{"model", target.model}, {"messages", messages}, {"stream", bool{prompt.on_token}}});
    if (options.size() > 0)
        body.set("options", options);
    body.set("format", prompt.schema);   // absent: not set
    return post(target.url + "/api/chat", body);
}

void take_event(Reading& reading, const Json& event)
{
    if (take_error(reading, event))
        return;
    const Json message = event["message"];
    reading.text += message["content"].as_text();
    reading.tokens += message["content"].as_text().empty() && message["thinking"].as_text().empty() ? 0 : 1;
    if (!event["done"].as_bool())
        return;
    reading.is_done = true;
    reading.finish = word_of(event["done_reason"].as_text());
    if (event["eval_count"].is_integer())
        reading.usage = Usage{count_of(event["prompt_eval_count"]), count_of(event["eval_count"])};
}

void take_answer(Reading& reading, const Json& answer)
{
    take_event(reading, answer);
    if (reading.error_status == 0 && !answer["message"]["content"].is_string())
        reading.is_broken = true;
}

}
