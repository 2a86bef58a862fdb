// Whether what a rule matched is a secret.
#include "scan/secret_match.h"

#include <cctype>
#include <string>

#include "base/text.h"
#include "scan/judge.h"
#include "scan/secret_patterns.h"

namespace forge {

namespace {

bool is_word(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

std::string_view name_before(std::string_view text, std::size_t at)
{
    constexpr std::size_t furthest = 24;
    auto begin = at;
    while (begin > 0 && at - begin < furthest && (is_word(text[begin - 1]) || text[begin - 1] == '-'))
        --begin;
    return text.substr(begin, at - begin);
}

// NAME=value, as in the environment: the value stands for itself.
bool is_environment(std::string_view text, std::size_t at, std::string_view value)
{
    return std::isupper(static_cast<unsigned char>(text[at + 1])) && value.data() > text.data()
        && value.data()[-1] == '=';
}

std::optional<std::string_view> judged_assignment(const SecretMatch& match)
{
    const auto& [rule, text, at, groups] = match;
    Assignment assignment{.before = name_before(text, at), .rest = groups[1].value_or("")};
    for (std::size_t i = 2; i <= bare_value_group; ++i)
        if (groups[i]) {
            assignment.value = *groups[i];
            assignment.literal = i < bare_value_group || is_environment(text, at, *groups[i]);
        }
    if (!assignment.literal && assignment.value.data() > text.data()) {
        const auto separator =
            trim(text.substr(at, static_cast<std::size_t>(assignment.value.data() - text.data()) - at));
        if (separator.ends_with(',') || separator.ends_with('('))
            return std::nullopt;   // a list of names, or a call
    }
    const bool of_pass = groups[0]->size() > 5 && equal_ignoring_case(groups[0]->substr(1, 4), "pass");
    if (of_pass && !assignment.rest.empty() && std::isalpha(static_cast<unsigned char>(assignment.rest[0])))
        return std::nullopt;   // "_password" is found at "password"
    const bool good = rule.kind == SecretKind::password ? is_password(assignment) : is_random_token(assignment);
    return good ? std::optional{assignment.value} : std::nullopt;
}

/// What follows "PASSWORD@".
std::optional<std::string_view> host_behind(std::string_view text, std::string_view password)
{
    const auto behind = text.substr(static_cast<std::size_t>(password.data() + password.size() - text.data()));
    return behind.starts_with('@') ? std::optional{behind.substr(1)} : std::nullopt;
}

/// A weak password, or any but a random one at a host that documents use.
bool is_documents_login(std::string_view text, std::string_view password)
{
    constexpr std::size_t random_length = 10;
    constexpr double random_entropy = 3.0;
    if (is_weak_login(password))
        return true;
    const auto host = host_behind(text, password);
    return host && is_documents_host(*host)
        && (password.size() < random_length || entropy(password) < random_entropy);
}

}

// Also after "\n" as JSON writes it.
bool may_begin_word(std::string_view text, std::size_t at)
{
    const char before = at == 0 ? ' ' : text[at - 1];
    return !is_word(before) || (at > 1 && text[at - 2] == '\\' && (before == 'n' || before == 't' || before == 'r'));
}

// A long one does not begin at a dash: else it would be tried again at each of its own.
bool may_stand(const SecretRule& rule, std::string_view text, std::size_t at)
{
    const bool is_long = rule.reach > SecretRule{}.reach;
    return !rule.word_start || (may_begin_word(text, at) && !(is_long && at > 0 && text[at - 1] == '-'));
}

std::optional<std::string_view> judged(const SecretMatch& match)
{
    const auto secret = assigns(match.rule) ? judged_assignment(match) : match.groups[1];
    if (!secret || is_placeholder(*secret) || entropy(*secret) < match.rule.entropy)
        return std::nullopt;
    return match.rule.kind == SecretKind::login && is_documents_login(match.text, *secret) ? std::nullopt : secret;
}

bool is_host_cut(const SecretMatch& match)
{
    const bool is_login = match.rule.kind == SecretKind::login && match.groups[1];
    const auto host = is_login ? host_behind(match.text, *match.groups[1]) : std::nullopt;
    return host && host->size() < longest_host && host->find_first_of(host_ends) == host->npos;
}

}
