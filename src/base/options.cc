// The command line: one pass over the words, with the table of options at hand.
#include "base/options.h"

#include <algorithm>

#include "base/text.h"

namespace forge {

namespace {

const Option& find_option(std::span<const Option> options, std::string_view name)
{
    const auto found = std::ranges::find(options, name, &Option::name);
    if (found == options.end())
        throw UsageError("unknown option " + std::string{name});
    return *found;
}

bool begins_with(std::span<const std::string> words, std::string_view name)
{
    const auto parts = split(name, ' ');
    return words.size() >= parts.size() && std::equal(parts.begin(), parts.end(), words.begin());
}

// "ledger" alone, where there is "ledger tail".
void refuse_half_a_name(std::span<const Command> commands, std::span<const std::string> words)
{
    const auto end = std::ranges::find_if(words, [](const std::string& word) { return word.starts_with('-'); });
    const std::string begin = join({words.begin(), end}, " ") + " ";
    std::vector<std::string> whole;
    for (const Command& command : commands)
        if (command.name.starts_with(begin))
            whole.emplace_back(command.name);
    if (!whole.empty())
        throw UsageError("a word is missing behind " + begin.substr(0, begin.size() - 1) + ": there is " + join(whole, ", ")
                         + "; see --help");
}

std::string padded(std::string text, std::size_t width)
{
    text.resize(std::max(text.size() + 2, width), ' ');
    return text;
}

}

Arguments::Arguments(std::span<const Option> options, std::span<const std::string> words)
{
    bool only_operands = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (only_operands || word.size() < 2 || word[0] != '-') {
            operands_.push_back(word);
        } else if (word == "--") {
            only_operands = true;
        } else {
            const auto equal = word.find('=');
            const Option& option = find_option(options, word.substr(0, equal));
            const std::string name{option.name};
            if (option.value.empty() && equal != word.npos)
                throw UsageError("option " + name + " takes no value");
            if (!option.value.empty() && equal == word.npos && i + 1 == words.size())
                throw UsageError("option " + name + " needs its " + std::string{option.value});
            const std::string value = option.value.empty() ? "" : equal != word.npos ? word.substr(equal + 1) : words[++i];
            if (option.value == "DIR" && value.empty())
                throw UsageError("option " + name + " is empty: it needs its DIR");
            given_.emplace(name, value);
        }
    }
}

bool Arguments::has(std::string_view option) const
{
    return given_.find(option) != given_.end();
}

std::string Arguments::value(std::string_view option, std::string otherwise) const
{
    const auto all = values(option);
    return all.empty() ? otherwise : all.back();
}

std::vector<std::string> Arguments::values(std::string_view option) const
{
    std::vector<std::string> values;
    for (auto [at, end] = given_.equal_range(option); at != end; ++at)
        values.push_back(at->second);
    return values;
}

long Arguments::number(std::string_view option, long otherwise, long least, long most) const
{
    if (!has(option))
        return otherwise;
    const auto number = parse_integer(value(option));
    if (!number || *number < least || *number > most)
        throw UsageError("option " + std::string{option} + ": " + value(option) + " is no whole number from "
                         + std::to_string(least) + " to " + std::to_string(most));
    return static_cast<long>(*number);
}

void Arguments::expect_operands(std::size_t least, std::size_t most) const
{
    if (operands_.size() < least)
        throw UsageError("a word is missing; --help tells which");
    if (operands_.size() > most)
        throw UsageError("unexpected word: " + operands_[most]);
}

const Command* find_command(std::span<const Command> commands, std::span<const std::string> words)
{
    const Command* best = nullptr;
    for (const Command& command : commands)
        if (begins_with(words, command.name) && (best == nullptr || command.name.size() > best->name.size()))
            best = &command;
    if (best == nullptr && !words.empty())
        refuse_half_a_name(commands, words);
    return best;
}

std::size_t word_count(std::string_view name)
{
    return split(name, ' ').size();
}

std::string help_of(std::string_view program, const Command& command)
{
    std::string text = "usage: " + std::string{program};
    text += command.name.empty() ? "" : " " + std::string{command.name};
    text += command.options.empty() ? "" : " [options]";
    text += command.operands.empty() ? "" : " " + std::string{command.operands};
    text += "\n\n" + std::string{command.summary} + "\n";
    if (!command.options.empty())
        text += "\n";
    for (const Option& option : command.options)
        text += padded("  " + std::string{option.name} + (option.value.empty() ? "" : " " + std::string{option.value}), 24)
                + std::string{option.meaning} + "\n";
    return text;
}

}
