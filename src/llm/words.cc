// What a provider wrote, made fit for records.
#include "llm/words.h"

#include <algorithm>

#include "base/error.h"

namespace forge {

namespace {

constexpr std::size_t most_id_bytes = 128;
constexpr std::int64_t most_count = 1'000'000'000;
constexpr std::string_view lower_letters = "abcdefghijklmnopqrstuvwxyz_";
constexpr std::string_view id_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:";

// What a word stands for where the error came as a part of an answer and so has no status of its own.
struct WordStatus {
    std::string_view word;
    int status;
};
constexpr WordStatus word_statuses[] = {
    {"authentication_error", 401}, {"permission_error", 403},  {"not_found_error", 404}, {"request_too_large", 413},
    {"rate_limit_error", 429},     {"invalid_request_error", 400}, {"api_error", 500},   {"timeout_error", 504},
    {"overloaded_error", 529},
};
constexpr int other_error = 500;

// A filter of the provider's: not this request's form is refused, but what it is about.
constexpr std::string_view declining_words[] = {"content_filter", "content_policy_violation"};

std::string only_of(std::string_view characters, std::string_view text)
{
    const bool fits = text.size() <= most_id_bytes && text.find_first_not_of(characters) == text.npos;
    return fits ? std::string{text} : "";
}

int status_of(const Json& error, const std::string& word)
{
    if (const std::int64_t code = error["code"].as_integer(); code >= 400 && code < 600)
        return static_cast<int>(code);
    const auto known = std::ranges::find(word_statuses, word, &WordStatus::word);
    return known == std::end(word_statuses) ? other_error : known->status;
}

}

std::string id_of(std::string_view text)
{
    return only_of(id_characters, text);
}

std::string word_of(std::string_view text)
{
    return only_of(lower_letters, text);
}

long count_of(const Json& json)
{
    return std::clamp(json.as_integer(), std::int64_t{0}, most_count);
}

std::optional<Json> parse_untrusted(std::string_view text)
{
    try {
        return parse_json(text, {.depth = 64, .unique_keys = false});
    } catch (const Error&) {
        return std::nullopt;
    }
}

bool take_error(Reading& reading, const Json& json)
{
    const Json error = json["error"];
    if (!error || error.is_null())
        return false;
    const Json word = error["code"].is_string() ? error["code"] : error["type"];
    reading.error_word = word_of(word.as_text());
    reading.error_status = status_of(error, reading.error_word);
    // OpenRouter's moderation says why in its metadata.
    reading.has_declined = std::ranges::find(declining_words, reading.error_word) != std::end(declining_words)
                           || (error["code"].as_integer() == 403 && error["metadata"]["reasons"].is_array());
    return true;
}

HttpRequest post(std::string url, const Json& body)
{
    HttpRequest request{.method = "POST", .url = std::move(url), .body = dump(body)};
    request.headers.emplace_back("content-type", "application/json");
    return request;
}

}
