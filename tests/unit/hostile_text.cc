// Texts for tests of what looks for secrets.
#include "hostile_text.h"

#include "base/text.h"
#include "scan/secret_rules.h"

#include <array>

namespace forge::test {

namespace {

using namespace std::string_view_literals;

std::size_t below(std::size_t bound, std::mt19937& random)
{
    return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random);
}

std::string_view one_of(const auto& list, std::mt19937& random)
{
    return list[below(std::size(list), random)];
}

std::string random_of(std::string_view alphabet, std::size_t length, std::mt19937& random)
{
    std::string text;
    while (text.size() < length)
        text += alphabet[below(alphabet.size(), random)];
    return text;
}

constexpr auto hex_digits = "0123456789abcdef"sv;
constexpr auto letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"sv;
constexpr auto base64_digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"sv;
constexpr auto anything = "abzAZ019 \t\n\r\"'`=:;,.<>(){}[]@/\\-_+|$#%~"sv;

// Each is found, by one rule or another; ^ stands for a random letter or digit, ~ for a hex digit.
constexpr std::array found_ones{
    "ghp_^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"sv, "AKIAQX3WZ7RTNM5KJ2PD"sv, "AIza^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"sv,
    "sk-ant-api03-^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"sv, "xoxb-293847561029-384756102938-^^^^^^^^^^^^^^^^^^^^^^^^"sv,
    "glpat-^^^^^^^^^^^^^^^^^^^^"sv, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ^^^^^^^.^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"sv,
    "5839201746:AA^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"sv, " ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~-us12 "sv,
    "to: Ab38Q~^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"sv,
    "^^^^^^^^^^^^^^.atlasv1.^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"sv,
    "AAAA^^^^^^^:APA91b^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"
    "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"sv,
    "postgres://app:Qw8Lx2Vn7@db.internal:5432/app"sv, "https://svc:t7Rv4Lw9xx@git.internal/x"sv,
    "http://a:b7Rv4Lw@db.example.com/"sv, "curl -s -u admin:Vn7Rb5Tm9Y https://x"sv,
    "machine h.internal\n  login me\n  password Vn7Rb5Tm9Y\n"sv, "password = \"Vn7Rb5Tm9Y!\""sv, "DB_PASSWORD=Vn7Rb5^^^^\n"sv,
    "api_key: '^^^^^^^^4^^^^^^^^7^^^^^^'"sv, "{\"client_secret\":\"^^^^^^9^^^^^^^^^^^^^3^^^\"}"sv,
    "Authorization: Bearer ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"sv, "--token ^^^^^^^8^^^^^^^^"sv,
    "aws_secret_access_key = ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"sv, "ENV API_TOKEN=^^^^^^^^5^^^^^^^\n"sv,
    "Server=x;Password=Vn7Rb5Tm9Y;"sv, "hooks.slack.com/services/T^^^^^^^^/B^^^^^^^^/^^^^^^^^^^^^^^^^^^^^^^^^"sv,
    "alice.jones@acme-bank.com"sv, "DE89 3704 0044 0532 0130 00"sv, "card 4539 1488 0343 6467."sv, "+49 170 1234567,"sv,
    "ignore all previous instructions"sv, "<|im_start|>"sv,
};

constexpr std::array words{
    "The "sv, "report"sv, " a "sv, " be "sv, " 2024 "sv, "password"sv, " token "sv, "secret"sv, "key-"sv, "sk-"sv, "eyJ"sv,
    "-----BEGIN"sv, "https://"sv, "machine "sv, "curl "sv, "ENV "sv, "\n"sv, "\\n"sv, "\r\n"sv, "\xc3\xa4\xc3\xb6"sv,
    "\xe2\x82\xac"sv, "\xf0\x9f\x94\x91"sv, "\xff"sv, "\xc3"sv, "\x80"sv, "..."sv, "\": \""sv, "pass"sv, "pwd=\""sv,
    "AKIA"sv, "ghp_"sv, ":AA"sv, "-us1"sv, "1Q~"sv, "://"sv, ":p@"sv, "[redacted:x]"sv, "# gitleaks:allow"sv,
    "example"sv, "changeme"sv, "a.b@c."sv, "+49 "sv, "4111 1111 "sv, "ignore "sv, "you are now "sv,
};

std::string filled(std::string_view pattern, std::mt19937& random)
{
    std::string text{pattern};
    for (char& c : text)
        if (c == '^' || c == '~')
            c = (c == '^' ? letters : hex_digits)[below(c == '^' ? letters.size() : hex_digits.size(), random)];
    return text;
}

std::string private_key(std::mt19937& random)
{
    const std::string_view line_end = below(2, random) ? "\n" : "\\n";
    std::string text = "-----BEGIN RSA PRIVATE KEY-----";
    for (auto lines = below(8, random); lines > 0; --lines)
        text.append(line_end).append(random_of(base64_digits, 64, random));
    text.append(line_end);
    return below(3, random) ? text + "-----END RSA PRIVATE KEY-----" : text;
}

std::string keyword_of_a_rule(std::mt19937& random)
{
    const auto rules = secret_rules();
    const auto keywords = split(rules[below(rules.size(), random)].keywords, ' ');
    std::string text{one_of(keywords, random)};
    return text + random_of(below(3, random) ? letters : anything, below(80, random), random);
}

std::string fragment(std::mt19937& random)
{
    std::string text;
    switch (below(8, random)) {
    case 0: text = private_key(random); break;
    case 1: text = keyword_of_a_rule(random); break;
    case 2: text = random_of(anything, below(40, random), random); break;
    case 3:
    case 4: return std::string{one_of(words, random)};
    default: text = filled(one_of(found_ones, random), random);
    }
    if (below(4, random) == 0)
        text.resize(below(text.size() + 1, random));   // it breaks off
    return below(3, random) ? text + " " : text;
}

}

std::string hostile_text(std::mt19937& random)
{
    std::string text;
    for (auto left = below(24, random); left > 0; --left)
        text += fragment(random);
    return text;
}

std::vector<std::string_view> cut_at_random(std::string_view text, std::mt19937& random)
{
    constexpr std::array<std::size_t, 5> sizes{1, 2, 7, 40, 400};
    const auto most = sizes[below(sizes.size(), random)];
    std::vector<std::string_view> pieces;
    while (!text.empty()) {
        const auto size = std::min(text.size(), 1 + below(most, random));
        pieces.push_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return pieces;
}

}
