// Trust policies (c2sp.org/tlog-policy).
#include "tlog/policy.h"

#include "base/error.h"

#include <algorithm>

namespace forge {

namespace {

constexpr std::string_view no_quorum = "none";
constexpr std::size_t longest_policy = 1U << 20;
constexpr std::size_t logs_limit = 1024;
constexpr auto ed25519_type = static_cast<unsigned char>(KeyType::ed25519);
constexpr auto cosignature_type = static_cast<unsigned char>(KeyType::cosignature);
constexpr auto ml_dsa_type = static_cast<unsigned char>(KeyType::ml_dsa_44);

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_allowed(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return c == '\t' || c == '\n' || (byte >= 0x20 && byte != 0x7F);
}

std::vector<std::string_view> words_of(std::string_view line)
{
    std::vector<std::string_view> words;
    for (std::size_t at = 0; at < line.size();) {
        if (is_blank(line[at])) {
            ++at;
            continue;
        }
        const std::size_t begin = at;
        while (at < line.size() && !is_blank(line[at]))
            ++at;
        words.push_back(line.substr(begin, at - begin));
    }
    return words;
}

void expect(bool condition, const std::string& otherwise)
{
    if (!condition)
        throw Error(otherwise);
}

// "all", "any" or a number from 1 to the number of members.
std::size_t threshold_of(std::string_view word, std::size_t members)
{
    if (word == "all")
        return members;
    if (word == "any")
        return 1;
    const auto number = parse_unsigned(word);
    expect(number && *number >= 1 && *number <= members && word.front() != '0',
           "a group's threshold is all, any or a number from 1 to that of its members");
    return static_cast<std::size_t>(*number);
}

template <class List>
bool has_key(const List& list, const AnyKey& key)
{
    return std::ranges::any_of(list, [&](const auto& entry) { return entry.key.key == key.key; });
}

}

Policy Policy::parse(std::string_view text)
{
    expect(text.size() <= longest_policy, "a policy is longer than 1 MiB");
    expect(std::ranges::all_of(text, is_allowed), "a policy has a control character");
    Policy policy;
    std::size_t number = 0;
    for (const std::string_view line : split(text, '\n')) {
        ++number;
        const Words words = words_of(line);
        if (words.empty() || words.front().starts_with('#'))
            continue;
        try {
            if (words.front() == "log")
                policy.add_log(words);
            else if (words.front() == "witness")
                policy.add_witness(words);
            else if (words.front() == "group")
                policy.add_group(words);
            else if (words.front() == "quorum")
                policy.set_quorum(words);
            else
                throw Error("a line begins with log, witness, group or quorum");
        } catch (const Error& error) {
            throw Error("line " + std::to_string(number) + ": " + error.what());
        }
    }
    expect(policy.quorum_.has_value(), "a policy has no quorum line");
    return policy;
}

void Policy::add_log(const Words& words)
{
    expect(words.size() == 2 || words.size() == 3, "log <vkey> [<url>]");
    expect(logs_.size() < logs_limit, "too many logs");
    Log log{AnyKey::parse(words[1]), words.size() > 2 ? std::string{words[2]} : ""};
    expect(log.key.type == ed25519_type || log.key.type == ml_dsa_type, "the key is not of a type that logs sign with");
    expect(log.key.type != ed25519_type || log.key.key.size() == 32, "the key has not 32 bytes");
    expect(!has_key(logs_, log.key), "this key stands in a log line before");
    logs_.push_back(std::move(log));
}

void Policy::add_witness(const Words& words)
{
    expect(words.size() == 3 || words.size() == 4, "witness <name> <vkey> [<url>]");
    expect(witnesses_.size() < logs_limit, "too many witnesses");
    Witness witness{std::string{words[1]}, AnyKey::parse(words[2]), words.size() > 3 ? std::string{words[3]} : ""};
    expect(witness.key.type == cosignature_type || witness.key.type == ml_dsa_type,
           "the key is not of a type that witnesses cosign with");
    if (witness.key.type == cosignature_type)
        witness.cosigner.emplace(witness.key.name, witness.key.key);
    expect(!has_key(witnesses_, witness.key), "this key stands in a witness line before");
    add_name(words[1]);
    witnesses_.push_back(std::move(witness));
}

void Policy::add_group(const Words& words)
{
    expect(words.size() >= 4, "group <name> all|any|<k> <name>...");
    Group group{threshold_of(words[2], words.size() - 3), {}};
    for (const std::string_view member : std::span{words}.subspan(3)) {
        expect(is_known(member), "\"" + std::string{member} + "\" is not defined above");
        expect(members_.emplace(member).second, "\"" + std::string{member} + "\" is a member of a group already");
        group.members.emplace_back(member);
    }
    add_name(words[1]);
    groups_.emplace(words[1], std::move(group));
}

void Policy::set_quorum(const Words& words)
{
    expect(words.size() == 2, "quorum <name>");
    expect(!quorum_, "a second quorum line");
    expect(words[1] == no_quorum || is_known(words[1]), "\"" + std::string{words[1]} + "\" is not defined above");
    quorum_ = words[1];
}

void Policy::add_name(std::string_view name)
{
    expect(name != no_quorum, "the name none has its own meaning");
    expect(names_.size() < 2 * logs_limit, "too many names");
    expect(names_.emplace(name).second, "the name \"" + std::string{name} + "\" is defined already");
}

bool Policy::is_known(std::string_view name) const
{
    return names_.contains(name);
}

bool Policy::is_met(const std::string& name, const std::map<std::string, std::uint64_t>& witnessed) const
{
    const auto group = groups_.find(name);
    if (group == groups_.end())
        return witnessed.contains(name);
    const auto met = std::ranges::count_if(group->second.members,
                                           [&](const auto& member) { return is_met(member, witnessed); });
    return static_cast<std::size_t>(met) >= group->second.threshold;
}

Policy::Verdict Policy::check(const Note& note) const
{
    const Checkpoint checkpoint = Checkpoint::parse(note.text);
    Verdict verdict;
    for (const NoteSignature& signature : note.signatures) {
        for (const Log& log : logs_)
            if (log.key.type == ed25519_type && log.key.name == signature.name
                && log.key.key_id == signature.key_id) {
                const bool is_right = verify_ed25519(log.key.key, note.text, signature.bytes);
                verdict.has_wrong |= !is_right;
                verdict.is_log_signed |= is_right && log.key.name == checkpoint.origin;
            }
        for (const Witness& witness : witnesses_)
            if (witness.cosigner && witness.cosigner->made(signature)) {
                const auto seconds = witness.cosigner->verify(note.text, signature);
                verdict.has_wrong |= !seconds;
                if (seconds)
                    verdict.witnessed[witness.name] = *seconds;
            }
    }
    verdict.has_quorum = *quorum_ == no_quorum || is_met(*quorum_, verdict.witnessed);
    return verdict;
}

}
