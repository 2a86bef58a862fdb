// Chat completions: the request, its answer whole or as a stream, and what may go wrong.
#include "llm/openai.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "llm/event_reader.h"

namespace forge {

namespace {

constexpr std::size_t most_answer_bytes = 16 * 1024 * 1024;
constexpr std::size_t most_id_bytes = 128;

/// An answer as it is put together.
struct Reading {
    std::string text = {};
    std::string finish = {};
    std::optional<Usage> usage = {};
    bool is_done = false;
    bool is_broken = false;

    void take_usage(const Json& json)
    {
        if (json["usage"].is_object())
            usage = Usage{json["usage"]["prompt_tokens"].as_integer(), json["usage"]["completion_tokens"].as_integer()};
    }
};

/// A text of the provider's that may be recorded: short and of these characters; else empty.
std::string only_of(std::string_view characters, std::string_view text)
{
    const bool fits = text.size() <= most_id_bytes && text.find_first_not_of(characters) == text.npos;
    return fits ? std::string{text} : "";
}

constexpr std::string_view id_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:";

/// A word of the protocol such as "length" or "invalid_api_key": no key has this form.
std::string word_of(std::string_view text)
{
    return only_of("abcdefghijklmnopqrstuvwxyz_", text);
}

std::optional<Json> parsed(std::string_view text)
{
    try {
        return parse_json(text, {.depth = 64, .unique_keys = false});
    } catch (const Error&) {
        return std::nullopt;
    }
}

Reading read_whole(std::string_view body)
{
    const auto json = parsed(body);
    const Json choice = json ? (*json)["choices"].at(0) : Json{};
    const Json content = choice["message"]["content"];
    if (!content.is_string())
        return {.is_broken = true};
    Reading reading{.text = std::string{content.as_text()}, .is_done = true};
    reading.finish = word_of(choice["finish_reason"].as_text());
    reading.take_usage(*json);
    return reading;
}

/// Takes one event of a stream, and says what text came with it.
std::string take_event(Reading& reading, const std::string& data)
{
    if (data == "[DONE]") {
        reading.is_done = true;
        return "";
    }
    const auto json = parsed(data);
    if (!json || (*json)["error"]) {
        reading.is_broken = true;
        return "";
    }
    reading.take_usage(*json);
    const Json choice = (*json)["choices"].at(0);
    if (choice["finish_reason"].is_string()) {
        reading.finish = word_of(choice["finish_reason"].as_text());
        reading.is_done = true;   // some servers leave [DONE] out
    }
    std::string token{choice["delta"]["content"].as_text()};
    reading.text += token;
    return token;
}

/// Puts a streamed answer together while it comes.
struct Stream {
    EventReader events = {};
    Reading reading = {};
    std::function<void(std::string_view)> on_token;

    void take(std::string_view piece)
    {
        for (const std::string& data : events.take(piece))
            if (const std::string token = take_event(reading, data); !token.empty())
                on_token(token);
        reading.is_broken = reading.is_broken || events.is_broken();
    }
};

AttemptStatus status_of(const HttpResponse& response)
{
    switch (response.outcome) {
    case HttpOutcome::timeout: return AttemptStatus::timeout;
    case HttpOutcome::refused: return AttemptStatus::refused;
    case HttpOutcome::answered: break;
    default: return AttemptStatus::error;
    }
    if (response.status == 408 || response.status == 504)
        return AttemptStatus::timeout;
    if (response.status / 100 == 2)
        return AttemptStatus::ok;
    return response.status / 100 == 4 ? AttemptStatus::refused : AttemptStatus::error;
}

/// "HTTP 429 rate_limit_exceeded": the code is a word of the protocol, the message may be anything and stays out.
std::string problem_of(const HttpResponse& response)
{
    if (response.outcome != HttpOutcome::answered)
        return response.problem;
    const auto json = parsed(response.body);
    const Json error = json ? (*json)["error"] : Json{};
    const Json word = error["code"].is_string() ? error["code"] : error["type"];
    const std::string code = word_of(word.as_text());
    return "HTTP " + std::to_string(response.status) + (code.empty() ? "" : " " + code);
}

/// In one piece of memory, which the client zeroes.
std::string bearer(const Secret& key)
{
    constexpr std::string_view scheme = "Bearer ";
    std::string value;
    value.reserve(scheme.size() + key.reveal().size());
    value.append(scheme).append(key.reveal());
    return value;
}

std::optional<Millis> retry_after(const HttpResponse& response)
{
    const auto seconds = parse_unsigned(response.header("retry-after"));   // its other form, a date, is not used here
    return seconds && *seconds <= 86'400 ? std::optional{Millis{*seconds * 1000}} : std::nullopt;
}

Completion completion(const HttpResponse& response, Reading reading, const OpenAiProvider::Settings& settings)
{
    Completion result{.attempt = {settings.name, settings.model, status_of(response), response.took,
                                  only_of(id_characters, response.header("x-request-id")), response.peer},
                      .text = std::move(reading.text)};
    result.has_begun = !result.text.empty();
    result.usage = reading.usage;
    result.finish = reading.finish;
    if (!result.is_ok()) {
        result.problem = problem_of(response);
        result.retry_after = retry_after(response);
    } else if (reading.is_broken || !reading.is_done) {
        result.attempt.status = AttemptStatus::error;
        result.problem = reading.is_broken ? "the answer has not the form of a chat completion" : "the answer was cut off";
    }
    return result;
}

}

HttpRequest OpenAiProvider::request(const Prompt& prompt, HttpDeadlines deadlines) const
{
    Json messages = Json::array();
    if (!prompt.system.empty())
        messages.append(Json::object({{"role", "system"}, {"content", prompt.system}}));
    messages.append(Json::object({{"role", "user"}, {"content", prompt.user}}));
    Json body = Json::object({{"model", settings_.model}, {"messages", messages}});
    if (prompt.temperature)
        body.set("temperature", *prompt.temperature);
    if (prompt.most_tokens)
        body.set("max_tokens", *prompt.most_tokens);
    if (prompt.schema)
        body.set("response_format",
                 Json::object({{"type", "json_schema"},
                               {"json_schema", Json::object({{"name", "output"}, {"schema", prompt.schema}})}}));
    if (prompt.on_token)
        body.set("stream", true).set("stream_options", Json::object({{"include_usage", true}}));
    HttpRequest request{.method = "POST", .url = settings_.url + "/chat/completions", .body = dump(body)};
    request.deadlines = deadlines;
    request.headers.emplace_back("content-type", "application/json");
    if (!settings_.key->empty())
        request.headers.emplace_back("authorization", bearer(*settings_.key));
    request.most_bytes = most_answer_bytes;
    return request;
}

Task<Completion> OpenAiProvider::complete(Prompt prompt, HttpDeadlines deadlines)
{
    HttpRequest http = request(prompt, deadlines);
    Stream stream{.on_token = prompt.on_token};
    if (prompt.on_token)
        http.on_piece = [&stream](std::string_view piece) { stream.take(piece); };
    const HttpResponse response = co_await client_.send(std::move(http));
    const bool came_whole = response.outcome == HttpOutcome::answered && response.status / 100 == 2 && !prompt.on_token;
    co_return completion(response, came_whole ? read_whole(response.body) : std::move(stream.reading), settings_);
}

OpenAiProvider::Settings openai_settings(const std::shared_ptr<const Config>& config)
{
    std::string url = config->openai_url;
    while (url.ends_with('/'))
        url.pop_back();
    return {.name = "openai", .url = url, .model = config->model, .key = {config, &config->openai_key}};
}

HttpDeadlines provider_deadlines(const Config& config)
{
    return {.connect = config.connect_deadline,
            .first_byte = config.first_token_deadline,
            .idle = config.idle_deadline,
            .total = config.total_deadline};
}

}
