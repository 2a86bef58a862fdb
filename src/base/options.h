// The command line: commands and their options as tables, from which parsing, help and completion follow.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace forge {

/// A wrong command line: exit 64.
struct UsageError : Error {
    using Error::Error;
};

struct Option {
    std::string_view name;      // "--port"
    std::string_view value;     // "PORT"; empty: the option takes none
    std::string_view meaning;
};

/// What was given to a command.
class Arguments {
public:
    /// Takes --name value, --name=value and operands, in any order; "--" ends the options.  Throws UsageError for an
    /// option that is not in the table, or without its value; a DIR is never empty, since "" + "/state" is another place.
    Arguments(std::span<const Option> options, std::span<const std::string> words);

    bool has(std::string_view option) const;
    /// The last value given.
    std::string value(std::string_view option, std::string otherwise = {}) const;
    /// All values, in their order.
    std::vector<std::string> values(std::string_view option) const;
    /// Throws UsageError when the value is no whole number in the range.
    long number(std::string_view option, long otherwise, long least, long most) const;
    const std::vector<std::string>& operands() const { return operands_; }
    /// Throws UsageError when there are fewer or more operands.
    void expect_operands(std::size_t least, std::size_t most) const;

private:
    std::multimap<std::string, std::string, std::less<>> given_;
    std::vector<std::string> operands_;
};

/// A command of a program; its name may have several words.
struct Command {
    std::string_view name;
    std::string_view operands;   // "TEMPLATE"
    std::string_view summary;    // one line, lower case
    std::span<const Option> options;
    int (*run)(const Arguments&);   // gives the exit code
};

/// The command with the longest name that the words begin with; null when there is none.  Throws UsageError when the words are
/// the begin of a name only.
const Command* find_command(std::span<const Command> commands, std::span<const std::string> words);
/// How many words a name has.
std::size_t word_count(std::string_view name);

/// "usage: forge run [options] TEMPLATE" and a line for each option.
std::string help_of(std::string_view program, const Command& command);

}
