// One call to one target: the request, its answer as it comes, and what became of it.
#include "llm/attempt.h"

#include <algorithm>

#include "llm/protocol.h"
#include "llm/event_reader.h"
#include "llm/json_lines.h"
#include "llm/patience.h"
#include "llm/words.h"

namespace forge {

namespace {

constexpr std::size_t most_answer_bytes = 16 * 1024 * 1024;
constexpr int content_too_large = 413;
constexpr std::size_t large_bytes = 128 * 1024;   // takes a loop about a millisecond

/// Puts a streamed answer together while it comes, and hands its text on.
class Stream {
public:
    Stream(const Protocol& protocol, const Prompt& prompt) : protocol_(protocol), prompt_(prompt) {}

    /// Whether a token came with it.
    bool take(std::string_view piece)
    {
        const long known = reading_.tokens;
        const bool by_lines = protocol_.framing == Framing::lines;
        for (const std::string& data : by_lines ? lines_.take(piece) : events_.take(piece))
            take_event(data);
        reading_.is_broken = reading_.is_broken || lines_.is_broken() || events_.is_broken();
        return reading_.tokens != known;
    }
    Reading finished()
    {
        for (const std::string& data : lines_.rest())
            take_event(data);
        return std::move(reading_);
    }

private:
    bool is_over() const { return reading_.is_broken || reading_.error_status != 0; }

    void take_event(const std::string& data)
    {
        if (is_over())
            return;
        if (data == "[DONE]") {
            reading_.is_done = true;
            return;
        }
        const std::size_t known = reading_.text.size();
        const auto json = parse_untrusted(data);
        if (json)
            protocol_.take_event(reading_, *json);
        else
            reading_.is_broken = true;
        if (reading_.text.size() > known)
            prompt_.on_token(std::string_view{reading_.text}.substr(known));
    }

    const Protocol& protocol_;
    const Prompt& prompt_;
    EventReader events_;
    JsonLineReader lines_;
    Reading reading_;
};

Reading read_whole(const Protocol& protocol, std::string_view body)
{
    Reading reading;
    if (const auto json = parse_untrusted(body))
        protocol.take_answer(reading, *json);
    else
        reading.is_broken = true;
    return reading;
}

Reading read_error(std::string_view body)
{
    Reading reading;
    if (const auto json = parse_untrusted(body))
        take_error(reading, *json);
    return reading;
}

AttemptStatus status_of(int http_status)
{
    if (http_status == 408 || http_status == 504)
        return AttemptStatus::timeout;
    if (http_status / 100 == 2)
        return AttemptStatus::ok;
    return http_status / 100 == 4 ? AttemptStatus::refused : AttemptStatus::error;
}

AttemptStatus status_of(const HttpResponse& response)
{
    switch (response.outcome) {
    case HttpOutcome::timeout: return AttemptStatus::timeout;
    case HttpOutcome::refused: return AttemptStatus::refused;
    case HttpOutcome::answered: return status_of(response.status);
    default: return AttemptStatus::error;
    }
}

/// "HTTP 429 rate_limit_exceeded": the code is a word of the protocol, the message may be anything and stays out.
std::string problem_of(int status, const std::string& word)
{
    return "HTTP " + std::to_string(status) + (word.empty() ? "" : " " + word);
}

/// Names what is wrong with an answer that came with 2xx; nothing when it is a good one.
void judge(const Reading& reading, Completion& result)
{
    ProviderCall& attempt = result.attempt;
    if (reading.has_declined) {
        attempt.status = AttemptStatus::refused;
        attempt.problem = "the model or its filter declines";
    } else if (reading.error_status != 0) {
        attempt.status = status_of(reading.error_status);
        attempt.problem = "an error instead of an answer: " + problem_of(reading.error_status, reading.error_word);
        result.http_status = reading.error_status;
    } else if (reading.is_broken || !reading.is_done) {
        attempt.status = AttemptStatus::error;
        attempt.problem = reading.is_broken ? "the answer has not the form of the protocol" : "the answer was cut off";
    }
}

Completion completion(const HttpResponse& response, Reading reading, const Target& target, bool streamed)
{
    Completion result;
    result.was_asked = true;
    ProviderCall& attempt = result.attempt;
    attempt = {.provider = target.name, .model = target.model, .status = status_of(response), .took = response.took};
    attempt.request_id = id_of(response.header(protocol_of(target.kind).id_header));
    if (attempt.request_id.empty())
        attempt.request_id = reading.id;
    attempt.peer = response.peer;
    attempt.usage = reading.usage;
    result.has_begun = streamed && !reading.text.empty();
    result.has_declined = reading.has_declined;
    result.finish = reading.finish;
    if (response.outcome == HttpOutcome::answered)
        result.http_status = response.status;
    else if (response.outcome == HttpOutcome::too_large)
        result.http_status = content_too_large;   // it would be so again
    if (result.is_ok())
        judge(reading, result);
    else if (response.outcome == HttpOutcome::answered)
        attempt.problem = problem_of(response.status, reading.error_word);
    else
        attempt.problem = response.problem;
    if (!result.is_ok())
        result.retry_after = parse_retry_after(response.header("retry-after"), wall_now());
    result.text = std::move(reading.text);
    return result;
}

// The thread may outlast the task, so it works on copies.
Task<HttpRequest> written(Pool& pool, const Target& target, const Prompt& prompt)
{
    const auto write = protocol_of(target.kind).request;
    if (prompt.system.size() + prompt.user.size() <= large_bytes)
        co_return write(target, prompt);
    Prompt copy = prompt;
    if (copy.on_token)
        copy.on_token = [](std::string_view) {};
    auto work = [write, target, copy = std::move(copy)] { return write(target, copy); };
    Task<HttpRequest> working = pool.run(std::move(work));
    HttpRequest request = co_await working;
    co_return request;
}

/// Of a whole answer, or of an error.
Task<Reading> read(Pool& pool, const Protocol& protocol, bool is_answer, std::string body)
{
    if (body.size() <= large_bytes)
        co_return is_answer ? read_whole(protocol, body) : read_error(body);
    // Not in the coroutine's frame: g++ 12 takes a text's move within it for overlapping memory (-Wrestrict).
    const auto held = std::make_shared<const std::string>(std::move(body));
    auto work = [&protocol, is_answer, held] { return is_answer ? read_whole(protocol, *held) : read_error(*held); };
    Task<Reading> working = pool.run_when_free(std::move(work));   // it was paid for
    Reading reading = co_await working;
    co_return reading;
}

// In one piece of memory, which the client zeroes.
void add_key(HttpRequest& request, const Protocol& protocol, const Secret& key)
{
    if (key.empty())
        return;
    std::string value;
    value.reserve(protocol.key_scheme.size() + key.reveal().size());
    value.append(protocol.key_scheme).append(key.reveal());
    request.headers.emplace_back(protocol.key_header, std::move(value));
}

}

Task<Completion> ask(AttemptParts parts, const Target& target, const Prompt& prompt, Millis most)
{
    const Protocol& protocol = protocol_of(target.kind);
    HttpRequest request = co_await written(parts.compute, target, prompt);
    request.deadlines = target.deadlines;
    request.deadlines.total = std::clamp(most, Millis{1}, target.deadlines.total);
    request.most_bytes = most_answer_bytes;
    request.headers.insert(request.headers.end(), target.headers.begin(), target.headers.end());
    if (!prompt.trace.id.empty())
        request.headers.emplace_back("traceparent", prompt.trace.traceparent());
    add_key(request, protocol, *target.key);
    Stream stream{protocol, prompt};
    const bool streamed = bool{prompt.on_token};
    if (streamed)
        request.on_piece = [&stream](std::string_view piece) { return stream.take(piece); };
    HttpResponse response = co_await parts.http.send(std::move(request));
    const bool is_good = response.status / 100 == 2;
    Reading reading = streamed && is_good ? stream.finished() : Reading{};
    if (response.outcome == HttpOutcome::answered && !(streamed && is_good)) {
        Task<Reading> reading_it = read(parts.compute, protocol, is_good, std::move(response.body));
        reading = co_await reading_it;
    }
    co_return completion(response, std::move(reading), target, streamed);
}

}
