// A model server for tests, over real HTTP: OpenAI's chat completions, Ollama's /api/chat and Anthropic's messages, each
// as a whole and as a stream.  Prints "ready URL" and serves until its input ends.
// The prompt's last message says what it does: by default it answers with the JSON object that stands in it;
// "WAIT 500" first waits, "STATUS 429" fails (429 with a Retry-After of 3 s, "AFTER 20" of as many, "DATED" as a date, "BARE" none),
// "CUT" breaks off, "STALL" stops in the middle for a minute, "NONSENSE" answers no JSON, "HTML" is no provider, "REFUSE"
// declines, "FLOOD" answers 50 MB, "MOVED" redirects, "SLOWLY 50" pauses so long before each token, "PIECES" sends
// tokens that are cut at each "|" of the answer, and not these, "SECOND" answers nonsense first and well when it is asked to repair.
// The same may stand in the address, for that address: /STATUS-500/v1/chat/completions; with "TIMES-2" for the first two
// requests only.
// A line "keys A B" on its input: from now on it takes these keys only (401 for others), names the key's last three letters
// as the request's id, and prints "keys 2".  A request with a traceparent has that as its id.
// A line "count": prints "asked N", how many requests there were.  Prints "gone MICROSECONDS", the time of day, when a client
// closes while it waits.
#include <algorithm>
#include <atomic>
#include <iostream>
#include <map>
#include <string>
#include <syncstream>
#include <vector>

#include "base/guarded.h"
#include "base/text.h"
#include "lib/json.h"
#include "tests/unit/scripted_server.h"

namespace forge::test {

namespace {

Guarded<std::vector<std::string>> accepted_keys;   // none: any
Guarded<std::map<std::string, std::uint64_t>> asked_before;   // by the path's first part

std::atomic<std::uint64_t> requests{0};

constexpr std::string_view repairing = "Your answer was:";
constexpr Millis a_minute{60'000};

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != text.npos;
}

/// The number that follows a word.
std::uint64_t number_after(std::string_view text, std::string_view word, std::uint64_t otherwise)
{
    const auto at = text.find(word);
    if (at == text.npos)
        return otherwise;
    const std::string_view rest = text.substr(at + word.size());
    return parse_unsigned(rest.substr(0, rest.find_first_not_of("0123456789"))).value_or(otherwise);
}

std::string content_for(const std::string& prompt)
{
    if (contains(prompt, "NONSENSE") || (contains(prompt, "SECOND") && !contains(prompt, repairing)))
        return "I would rather talk.";
    if (contains(prompt, "FLOOD"))
        return std::string(50'000'000, 'x');
    const std::string question = prompt.substr(0, prompt.find(repairing));
    const auto begin = question.find('{');
    return begin == question.npos ? "{}" : question.substr(begin, question.rfind('}') + 1 - begin);
}

/// What a request is about, whichever protocol it speaks.
struct Question {
    std::string prompt;
    std::string orders;    // the prompt, and what stands in the address
    bool streamed = false;
    bool declines = false;
    std::string content;
    std::vector<std::string> tokens;
};

std::vector<std::string> tokens_of(std::string_view content)
{
    const std::size_t token_bytes = std::max<std::size_t>(8, content.size() / 1000);
    std::vector<std::string> tokens;
    while (!content.empty()) {
        const std::string_view token = utf8_prefix(content, token_bytes);
        tokens.emplace_back(token);
        content.remove_prefix(token.size());
    }
    return tokens;
}

std::string event(const std::string& data)
{
    return "data: " + data + "\n\n";
}

namespace openai {

std::string chunk(Json delta, const Json& finish)
{
    const Json choice = Json::object({{"index", 0}, {"delta", std::move(delta)}, {"finish_reason", finish}});
    return event(dump(Json::object({{"id", "chat-1"}, {"object", "chat.completion.chunk"}, {"created", 1}, {"model", "small"},
                                    {"choices", Json::array({choice})}})));
}

const Json usage = Json::object({{"prompt_tokens", 11}, {"completion_tokens", 7}, {"total_tokens", 18}});

std::string whole(const Question& question)
{
    const char* const finish = question.declines ? "content_filter" : "stop";
    const Json message = Json::object({{"role", "assistant"}, {"content", question.declines ? "" : question.content}});
    const Json choice = Json::object({{"index", 0}, {"message", message}, {"finish_reason", finish}});
    return dump(Json::object({{"id", "chat-1"}, {"object", "chat.completion"}, {"created", 1}, {"model", "small"},
                              {"choices", Json::array({choice})}, {"usage", usage}}));
}

std::string begin()
{
    return chunk(Json::object({{"role", "assistant"}, {"content", ""}}), nullptr);
}

std::string token(const std::string& text)
{
    return chunk(Json::object({{"content", text}}), nullptr);
}

std::string end(const Question& question)
{
    const Json last = Json::object({{"id", "chat-1"}, {"object", "chat.completion.chunk"}, {"created", 1}, {"model", "small"},
                                    {"choices", Json::array()}, {"usage", usage}});
    return chunk(Json::object(), question.declines ? "content_filter" : "stop") + event(dump(last)) + event("[DONE]");
}

}

namespace ollama {

std::string line(const std::string& text, bool done)
{
    Json json = Json::object({{"model", "small"}, {"message", Json::object({{"role", "assistant"}, {"content", text}})}, {"done", done}});
    if (done)
        json.set("done_reason", "stop").set("prompt_eval_count", 11).set("eval_count", 7);
    return dump(json) + "\n";
}

std::string whole(const Question& question) { return line(question.content, true); }
std::string begin() { return ""; }
std::string token(const std::string& text) { return line(text, false); }
std::string end(const Question&) { return line("", true); }

}

namespace anthropic {

std::string named(const std::string& type, Json json)
{
    return "event: " + type + "\n" + event(dump(json.set("type", type)));
}

Json message(const Question& question, const Json& content)
{
    return Json::object({{"id", "msg_1"}, {"type", "message"}, {"role", "assistant"}, {"model", "small"}, {"content", content},
                         {"stop_reason", question.declines ? "refusal" : "end_turn"},
                         {"usage", Json::object({{"input_tokens", 11}, {"output_tokens", 7}})}});
}

/// A tool that must be used gets the answer, if it is JSON.
std::string whole(const Question& question)
{
    Json block = Json::object({{"type", "text"}, {"text", question.content}});
    if (question.content.starts_with('{'))
        block = Json::object({{"type", "tool_use"}, {"id", "toolu_1"}, {"name", "output"}, {"input", parse_json(question.content)}});
    return dump(message(question, question.declines ? Json::array() : Json::array({block})));
}

std::string begin()
{
    return named("message_start", Json::object({{"message", message({}, Json::array())}})) + named("ping", Json::object());
}

std::string token(const std::string& text)
{
    const Json delta = Json::object({{"type", "input_json_delta"}, {"partial_json", text}});
    return named("content_block_delta", Json::object({{"index", 0}, {"delta", delta}}));
}

std::string end(const Question& question)
{
    const Json delta = Json::object({{"stop_reason", question.declines ? "refusal" : "tool_use"}});
    return named("message_delta", Json::object({{"delta", delta}, {"usage", Json::object({{"output_tokens", 7}})}}))
           + named("message_stop", Json::object());
}

}

struct Protocol {
    std::string_view path;
    const char* id_header;
    const char* key_header;
    std::string_view key_scheme;
    const char* media_type;   // of a stream
    std::string (*whole)(const Question& question);
    std::string (*begin)();
    std::string (*token)(const std::string& text);
    std::string (*end)(const Question& question);
};

constexpr Protocol protocols[] = {
    {"/v1/chat/completions", "x-request-id", "authorization", "Bearer ", "text/event-stream",
     openai::whole, openai::begin, openai::token, openai::end},
    {"/api/chat", "x-request-id", "authorization", "Bearer ", "application/x-ndjson",
     ollama::whole, ollama::begin, ollama::token, ollama::end},
    {"/v1/messages", "request-id", "x-api-key", "", "text/event-stream",
     anthropic::whole, anthropic::begin, anthropic::token, anthropic::end},
};

std::string key_of(const Received& request, const Protocol& protocol)
{
    const auto header = request.headers.find(protocol.key_header);
    const bool fits = header != request.headers.end() && header->second.starts_with(protocol.key_scheme);
    return fits ? header->second.substr(protocol.key_scheme.size()) : "";
}

/// "STATUS 500 " of "/STATUS-500/v1/…"; takes it off the path.
std::string orders_in(std::string& path)
{
    const auto end = path.find('/', 1);
    if (end == path.npos || path[1] < 'A' || path[1] > 'Z')
        return "";
    const std::string orders = replace_all(path.substr(1, end - 1), "-", " ") + " ";
    path.erase(0, end);
    const std::uint64_t before = (*asked_before.access())[orders]++;
    return before < number_after(orders, "TIMES ", ~0ULL) ? orders : "";
}

Question question_in(const Received& request, const std::string& orders)
{
    const Json body = parse_json(request.body);
    const Json messages = body["messages"];
    Question question;
    question.prompt = messages.at(messages.size() - 1)["content"].as_text();
    question.orders = orders + question.prompt;
    question.streamed = body["stream"].as_bool();
    question.declines = contains(question.orders, "REFUSE");
    question.content = content_for(orders + question.prompt);
    if (contains(question.orders, "PIECES")) {
        for (const auto piece : split(question.content, '|'))
            question.tokens.emplace_back(piece);
        question.content = replace_all(question.content, "|", "");
    } else if (!question.declines) {
        question.tokens = tokens_of(question.content);
    }
    return question;
}

std::string retry_after(const Question& question)
{
    if (contains(question.orders, "BARE"))
        return "";
    if (contains(question.orders, "DATED"))
        return "retry-after: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    return "retry-after: " + std::to_string(number_after(question.orders, "AFTER ", 3)) + "\r\n";
}

Script streamed(const Protocol& protocol, const Question& question, const std::string& more)
{
    const std::string head = std::string{"HTTP/1.1 200 OK\r\ncontent-type: "} + protocol.media_type + "\r\n";
    Script script{.steps = {{Millis{0}, head + more + "\r\n" + protocol.begin()}}, .keep = false};
    const Millis pause{number_after(question.orders, "SLOWLY ", 0)};
    const auto& tokens = question.tokens;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (i == 1 && contains(question.orders, "CUT"))
            return script;
        const bool stalls = i == 1 && contains(question.orders, "STALL");
        script.steps.push_back({stalls ? a_minute : pause, protocol.token(tokens[i])});
    }
    script.steps.push_back({Millis{0}, protocol.end(question)});
    return script;
}

Script whole(const Protocol& protocol, const Question& question, const std::string& more)
{
    const int status = static_cast<int>(number_after(question.orders, "STATUS ", 200));
    if (contains(question.orders, "HTML"))
        return answer(200, "<html>welcome</html>");
    if (contains(question.orders, "MOVED"))
        return answer(302, "", "location: /elsewhere\r\n");
    if (status != 200)
        return answer(status, dump(Json::object({{"error", Json::object({{"message", question.prompt}})}})),
                      more + (status == 429 ? retry_after(question) : ""));
    Script script = answer(200, protocol.whole(question), more);
    if (contains(question.orders, "CUT") || contains(question.orders, "STALL")) {
        constexpr std::size_t withheld_bytes = 20;
        std::string& bytes = script.steps[0].bytes;
        const std::string rest = bytes.substr(bytes.size() - withheld_bytes);
        bytes.resize(bytes.size() - withheld_bytes);
        if (contains(question.orders, "STALL"))
            script.steps.push_back({a_minute, rest});
        script.keep = false;
    }
    return script;
}

Script answer_to(const Received& request)
{
    ++requests;
    std::string path = request.path;
    const std::string orders = orders_in(path);
    const auto protocol = std::ranges::find(protocols, path, &Protocol::path);
    if (request.method != "POST" || protocol == std::end(protocols))
        return answer(404, "{}");
    const std::string key = key_of(request, *protocol);
    const auto keys = *accepted_keys.access();
    if (!keys.empty() && std::ranges::find(keys, key) == keys.end())
        return answer(401, R"({"error":{"code":"invalid_api_key"}})");
    const Question question = question_in(request, orders);
    const auto trace = request.headers.find("traceparent");
    const std::string id = trace != request.headers.end() ? trace->second
                           : keys.empty() ? std::to_string(request.connection) : key.substr(key.size() - 3);
    const std::string more = std::string{protocol->id_header} + ": req_" + id + "\r\n";
    const bool is_whole = !question.streamed || contains(question.orders, "STATUS") || contains(question.orders, "HTML")
                          || contains(question.orders, "MOVED");
    Script script = is_whole ? whole(*protocol, question, more) : streamed(*protocol, question, more);
    script.steps[0].pause = Millis{number_after(question.orders, "WAIT ", 0)};
    return script;
}

}

}

void say_gone()
{
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(forge::wall_now().time_since_epoch());
    std::osyncstream{std::cout} << "gone " << now.count() << std::endl;
}

int main()
{
    const forge::test::ScriptedServer server{forge::test::answer_to, say_gone};
    std::osyncstream{std::cout} << "ready " << server.url("") << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        const auto words = forge::split(line, ' ');
        if (words.front() == "keys") {
            *forge::test::accepted_keys.access() = {words.begin() + 1, words.end()};
            std::osyncstream{std::cout} << "keys " << words.size() - 1 << std::endl;
        } else if (words.front() == "count") {
            std::osyncstream{std::cout} << "asked " << forge::test::requests << std::endl;
        }
    }
}
