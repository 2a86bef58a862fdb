// A model server for tests: chat completions over real HTTP.  Prints "ready URL" and serves until its input ends.
// The prompt's last message says what it does: by default it answers with the JSON object that stands in it;
// "WAIT 500" first waits, "STATUS 429" fails, "CUT" breaks off, "NONSENSE" answers no JSON, "HTML" is no provider,
// "SECOND" answers nonsense first and well when it is asked to repair.
// A line "keys A B" on its input: from now on it takes these keys only (401 for others), names the key's last three letters
// as the request's id, and prints "keys 2".
#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "base/text.h"
#include "lib/json.h"
#include "tests/unit/scripted_server.h"

namespace forge::test {

namespace {

Guarded<std::vector<std::string>> accepted_keys;   // none: any

constexpr std::string_view repairing = "Your answer was:";

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

/// The number that follows a word.
std::uint64_t number_after(const std::string& text, std::string_view word, std::uint64_t otherwise)
{
    const auto at = text.find(word);
    if (at == std::string::npos)
        return otherwise;
    const std::string_view rest = std::string_view{text}.substr(at + word.size());
    return parse_unsigned(rest.substr(0, rest.find_first_not_of("0123456789"))).value_or(otherwise);
}

std::string content_for(const std::string& prompt)
{
    if (contains(prompt, "NONSENSE") || (contains(prompt, "SECOND") && !contains(prompt, repairing)))
        return "I would rather talk.";
    const std::string question = prompt.substr(0, prompt.find(repairing));
    return question.substr(question.find('{'), question.rfind('}') + 1 - question.find('{'));
}

std::string completion(const std::string& content)
{
    const Json message = Json::object({{"role", "assistant"}, {"content", content}});
    const Json choice = Json::object({{"index", 0}, {"message", message}, {"finish_reason", "stop"}});
    const Json usage = Json::object({{"prompt_tokens", 11}, {"completion_tokens", 7}});
    return dump(Json::object({{"id", "chat-1"}, {"choices", Json::array({choice})}, {"usage", usage}}));
}

std::string key_of(const Received& request)
{
    constexpr std::string_view scheme = "Bearer ";
    const auto header = request.headers.find("authorization");
    const bool fits = header != request.headers.end() && header->second.starts_with(scheme);
    return fits ? header->second.substr(scheme.size()) : "";
}

Script answer_to(const Received& request)
{
    if (request.method != "POST" || request.path != "/v1/chat/completions")
        return answer(404, "{}");
    const std::string key = key_of(request);
    const auto keys = *accepted_keys.access();
    if (!keys.empty() && std::ranges::find(keys, key) == keys.end())
        return answer(401, R"({"error":{"code":"invalid_api_key"}})");
    const Json messages = parse_json(request.body)["messages"];
    const std::string prompt{messages.at(messages.size() - 1)["content"].as_text()};
    const int status = static_cast<int>(number_after(prompt, "STATUS ", 200));
    const std::string id = keys.empty() ? std::to_string(request.connection) : key.substr(key.size() - 3);
    const std::string more = "x-request-id: req_" + id + "\r\n"
                             + (status == 429 ? "retry-after: 3\r\n" : "");
    Script script = answer(200, completion(content_for(prompt)), more);
    if (contains(prompt, "HTML"))
        script = answer(200, "<html>welcome</html>");
    if (status != 200)
        script = answer(status, dump(Json::object({{"error", Json::object({{"message", prompt}})}})), more);
    script.steps[0].pause = Millis{number_after(prompt, "WAIT ", 0)};
    if (contains(prompt, "CUT")) {
        script.steps[0].bytes.resize(script.steps[0].bytes.size() - 20);
        script.keep = false;
    }
    return script;
}

}

}

int main()
{
    const forge::test::ScriptedServer server{forge::test::answer_to};
    std::cout << "ready " << server.url("") << std::endl;
    for (std::string line; std::getline(std::cin, line);)
        if (const auto words = forge::split(line, ' '); words.front() == "keys") {
            *forge::test::accepted_keys.access() = {words.begin() + 1, words.end()};
            std::cout << "keys " << words.size() - 1 << std::endl;
        }
}
