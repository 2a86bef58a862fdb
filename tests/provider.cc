// A model server for tests: chat completions over real HTTP.  Prints "ready URL" and serves until its input ends.
// The prompt's last message says what it does: by default it answers with the JSON object that stands in it;
// "WAIT 500" first waits, "STATUS 429" fails, "CUT" breaks off, "NONSENSE" answers no JSON, "HTML" is no provider,
// "SECOND" answers nonsense first and well when it is asked to repair.
#include <iostream>
#include <limits>
#include <string>

#include "base/text.h"
#include "lib/json.h"
#include "tests/unit/scripted_server.h"

namespace forge::test {

namespace {

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

Script answer_to(const Received& request)
{
    if (request.method != "POST" || request.path != "/v1/chat/completions")
        return answer(404, "{}");
    const Json messages = parse_json(request.body)["messages"];
    const std::string prompt{messages.at(messages.size() - 1)["content"].as_text()};
    const int status = static_cast<int>(number_after(prompt, "STATUS ", 200));
    const std::string more = "x-request-id: req_" + std::to_string(request.connection) + "\r\n"
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
    std::cin.ignore(std::numeric_limits<std::streamsize>::max());
}
