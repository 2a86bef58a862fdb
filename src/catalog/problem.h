// What can be wrong with a template, and the table of all rules.
#pragma once

#include "lib/json.h"
#include "lib/yaml.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

enum class Gravity {
    note,      // good to know
    warning,   // worth a look
    error,     // lint fails
    fatal,     // and the template is not served, or cannot run (422 template_unusable)
};

/// One rule: its code as people grep for it, and what to do about it.
struct Rule {
    std::string_view code;
    Gravity gravity;
    std::string_view meaning;
    std::string_view hint;
};

/// All of them, sorted by code.
std::span<const Rule> rules();
/// The rule of a code; the code must exist.
const Rule& rule(std::string_view code);

/// "note", "warning" or "error".
std::string_view level_of(Gravity gravity);

/// A finding in a file of the catalog.
struct Problem {
    std::string path;        // relative to the catalog's root
    Position at;
    std::string pointer;     // of the member that is wrong, by RFC 6901
    std::string code;
    std::string message;

    Gravity gravity() const { return rule(code).gravity; }
    std::string_view hint() const { return rule(code).hint; }
};

/// {"path","line","column","pointer","code","level","message","hint"}
Json to_json(const Problem& problem);

/// Collects the problems of one file.
class Problems {
public:
    /// Both must live longer.
    Problems(std::string path, std::string_view text, const YamlDocument& document)
        : path_(std::move(path)), text_(text), document_(document)
    {
    }

    void add(std::string_view code, std::string_view pointer, std::string message);
    /// For a place inside a text: `line` and `column` count in the text, from 1, the column in
    /// characters, as render/ does.
    void add_in_text(std::string_view code, std::string_view pointer, Position in_text, std::string message);
    void add_at(std::string_view code, std::string_view pointer, Position at, std::string message);

    bool are_fatal() const;
    const std::vector<Problem>& list() const { return list_; }

private:
    const std::string path_;
    const std::string_view text_;
    const YamlDocument& document_;
    std::vector<Problem> list_;
};

}
