// Is what a rule matched a secret, or what people write in its place?
#include "scan/judge.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cctype>
#include <string>

#include "base/text.h"
#include "scan/judge_words.h"

namespace forge {

namespace {

using namespace std::string_view_literals;
using namespace judge_words;

enum class Class { lower, upper, digit, other };

Class class_of(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return std::islower(byte) ? Class::lower
         : std::isupper(byte) ? Class::upper
         : std::isdigit(byte) ? Class::digit
                              : Class::other;
}

bool contains_apart(std::string_view text, std::string_view word)
{
    const auto is_letter = [&](std::size_t at) {
        return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at]));
    };
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1))
        if ((at == 0 || !is_letter(at - 1)) && !is_letter(at + word.size()))
            return true;
    return false;
}

bool contains_any(std::string_view text, const auto& words)
{
    return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != text.npos; });
}

struct Shape {
    std::array<std::size_t, 4> counts{};
    std::size_t changes = 0;    // neighbours of different class
    std::size_t in_words = 0;   // letters of "Word", "word" and "WORD" with a vowel

    std::size_t of(Class kind) const { return counts[static_cast<std::size_t>(kind)]; }
    std::size_t classes() const
    {
        return static_cast<std::size_t>(std::ranges::count_if(counts, [](auto n) { return n > 0; }));
    }
    std::size_t letters() const { return of(Class::lower) + of(Class::upper); }
};

bool is_vowel(char c)
{
    return "aeiouyAEIOUY"sv.find(c) != std::string_view::npos;
}

// Enough vowels, and not many consonants in a row: "Service", not "Xkqtz".
bool is_pronounceable(std::string_view letters)
{
    constexpr std::size_t shortest = 3, most_consonants = 4;
    std::size_t vowels = 0, run = 0, longest = 0;
    for (const char c : letters) {
        vowels += is_vowel(c);
        run = is_vowel(c) ? 0 : run + 1;
        longest = std::max(longest, run);
    }
    return letters.size() >= shortest && vowels * 4 >= letters.size() && longest <= most_consonants;
}

std::size_t letters_in_words(std::string_view text)
{
    std::size_t sum = 0;
    for (std::size_t i = 0; i < text.size();) {
        auto end = i + 1;
        while (std::isalpha(static_cast<unsigned char>(text[i])) && end < text.size()
               && class_of(text[end]) == Class::lower)
            ++end;
        if (is_pronounceable(text.substr(i, end - i)))
            sum += end - i;
        i = end;
    }
    return sum;
}

Shape shape_of(std::string_view text)
{
    Shape shape;
    for (std::size_t i = 0; i < text.size(); ++i) {
        ++shape.counts[static_cast<std::size_t>(class_of(text[i]))];
        shape.changes += i > 0 && class_of(text[i]) != class_of(text[i - 1]);
    }
    shape.in_words = letters_in_words(text);
    return shape;
}

// Names of algorithms hold digits and look random: "Ed25519PrivateKey", "Uint8Array".
std::string without_algorithms(std::string_view value)
{
    std::string text = lower(value);
    for (const auto name :
         {"ed25519", "x25519", "curve25519", "secp256k1", "sha256", "sha384", "sha512", "sha1",  "sha3",  "aes128",
          "aes192",  "aes256", "rsa2048",    "rsa4096",   "hs256",  "rs256",  "es256",  "p256",  "p384",  "utf8",
          "utf16",   "uint8",  "uint16",     "uint32",    "uint64", "int8",   "int16",  "int32", "int64", "float32",
          "float64", "base64", "base32",     "oauth2",    "http2",  "md5",    "ipv4",   "ipv6",  "k8s",   "i18n",
          "pkcs8",   "pkcs12", "x509",       "bip39",     "ec2",    "s3"})
        text = replace_all(std::move(text), name, "");
    return text;
}

bool is_all(std::string_view text, const char* allowed)
{
    return text.find_first_not_of(allowed) == text.npos;
}

bool name_means_a_secret(const Assignment& assignment)
{
    const std::string before = lower(assignment.before);
    const std::string rest = lower(assignment.rest);
    return !contains_any(rest, about_a_secret) && !contains_any(before, about_something_else)
        && !rest.ends_with("id") && !before.ends_with("is") && !before.ends_with("has");
}

std::string_view trim_quotes(std::string_view text)
{
    while (text.starts_with('"') || text.starts_with('\''))
        text.remove_prefix(1);
    return text;
}

bool is_uuid_shaped(std::string_view value)
{
    return value.size() == 36 && value[8] == '-' && value[13] == '-' && is_all(value, "0123456789abcdefABCDEF-");
}

// "ERRLOG2_BASE", "^WLX_INFO_V2_0"
bool is_constant(std::string_view value)
{
    return value.find('_') != value.npos && is_all(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_^*&+");
}

// "config.db.password1", "obj->key2", "Foo::bar": code that names a value.
bool is_code(std::string_view value)
{
    if (value.find("->") != value.npos || value.find("::") != value.npos || value.find("&&") != value.npos)
        return true;
    const auto dot = value.find('.');
    return dot != value.npos && dot > 0 && is_all(lower(value), "abcdefghijklmnopqrstuvwxyz0123456789_.?")
        && letters_in_words(value) * 2 > value.size();
}

// "my-service-v2", "createTokenForUser2"
bool is_wording(std::string_view value, const Shape& shape)
{
    constexpr const char* identifier = "abcdefghijklmnopqrstuvwxyz0123456789_-.:/";
    const auto letters = std::max<std::size_t>(shape.letters(), 1);
    const std::string plain = without_algorithms(value);
    const auto digits =
        static_cast<std::size_t>(std::ranges::count_if(plain, [](char c) { return class_of(c) == Class::digit; }));
    return is_all(lower(value), identifier) && shape.in_words * 10 >= letters * 7 && digits * 5 <= value.size();
}

}

double entropy(std::string_view text)
{
    std::array<std::size_t, 256> counts{};
    for (const char c : text)
        ++counts[static_cast<unsigned char>(c)];
    double bits = 0;
    const auto total = static_cast<double>(text.size());
    for (const auto count : counts)
        if (count > 0) {
            const double share = static_cast<double>(count) / total;
            bits -= share * std::log2(share);
        }
    return bits;
}

bool is_placeholder(std::string_view value)
{
    constexpr std::size_t enough = 256;   // the body of a long key may spell any short word
    const std::string plain = lower(value.substr(0, enough));
    if (contains_any(plain, stand_ins)
        || std::ranges::any_of(short_stand_ins, [&](std::string_view word) { return contains_apart(plain, word); }))
        return true;
    if (plain.find("${") != plain.npos || plain.find("{{") != plain.npos || plain.find("$(") != plain.npos)
        return true;
    if (plain.find('<') != plain.npos && plain.find('>') != plain.npos)
        return true;
    return std::ranges::any_of(reference_starts, [&](std::string_view start) {
        return start.size() > 1 && plain.starts_with(start);
    });
}

bool is_weak_login(std::string_view password)
{
    std::string word = lower(trim_quotes(password));
    if (word.starts_with('$') || word.starts_with('%') || word.starts_with('{') || word.starts_with('[')
        || word.starts_with('<'))
        return true;
    while (word.ends_with('"') || word.ends_with('\''))
        word.pop_back();
    return word.empty() || std::ranges::find(weak_passwords, word) != weak_passwords.end();
}

bool is_secret_name(std::string_view name)
{
    const std::string plain = lower(name);
    for (const auto keyword : {"password", "passwd", "passphrase", "secret", "token", "api_key", "apikey", "api-key",
                               "access_key", "accesskey", "private_key", "privatekey", "encryption_key",
                               "signing_key", "master_key", "credential", "_pass", "_pwd"})
        if (const auto at = plain.find(keyword); at != plain.npos)
            return name_means_a_secret(
                {.before = name.substr(0, at), .rest = name.substr(at + std::string_view{keyword}.size())});
    return false;
}

bool is_documents_host(std::string_view host)
{
    host = host.substr(0, longest_host);
    host = host.substr(0, host.find_first_of(host_ends));
    return host == "host" || host == "hostname" || host == "localhost" || host == "127.0.0.1"
        || std::ranges::any_of(
               std::array{"example.com"sv, "example.org"sv, "example.net"sv, ".example"sv, "domain.tld"sv},
               [&](std::string_view end) { return host.ends_with(end); });
}

bool is_password(const Assignment& assignment)
{
    const auto value = assignment.value;
    const Shape shape = shape_of(value);
    if (!name_means_a_secret(assignment) || is_weak_login(value) || is_code(value)
        || (!assignment.literal && (is_constant(value) || "^@*&"sv.find(value[0]) != value.npos)))
        return false;
    if (shape.letters() == 0 || shape.of(Class::digit) + shape.of(Class::other) == 0)
        return false;
    const auto first = lower(value.substr(0, 1));
    if (std::ranges::any_of(reference_starts, [&](std::string_view start) {
            return start.size() == 1 && start == first && start != "!";
        }))
        return false;
    if (is_wording(value, shape) && (shape.of(Class::digit) == 0 || !assignment.literal))
        return false;
    return shape.of(Class::digit) > 0
             ? value.size() >= 6 && shape.classes() >= 2 && (shape.classes() >= 3 || value.size() >= 7)
             : shape.classes() >= 3 && value.size() >= 8 && shape.changes >= 3;
}

bool is_random_token(const Assignment& assignment)
{
    const auto value = assignment.value;
    constexpr std::size_t shortest = 12;
    const Shape shape = shape_of(value);
    if (!name_means_a_secret(assignment) || value.size() < shortest || is_code(value) || is_wording(value, shape))
        return false;
    if (!assignment.literal && is_constant(value))
        return false;
    if (is_uuid_shaped(value) || shape.letters() == 0 || shape.of(Class::digit) == 0)
        return false;
    constexpr std::size_t long_enough = 20;
    constexpr double high_entropy = 3.5;
    if (value.size() >= long_enough && shape.of(Class::other) == 0 && entropy(value) >= high_entropy)
        return true;
    return shape.changes * 4 >= value.size() && shape.of(Class::other) * 3 <= value.size();
}

}
