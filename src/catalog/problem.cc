// What can be wrong with a template, and the table of all rules.
#include "catalog/problem.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "base/text.h"

namespace forge {

namespace {

using enum Gravity;

constexpr Rule table[] = {
    {"collector_unknown", fatal, "the collector is none of ours",
     "name one of the native collectors"},
    {"dialect_foreign", note, "the template is written in the dialect of others",
     "forge-catalog-import rewrites it"},
    {"dialect_version", warning, "the version is no semantic version",
     "write it as MAJOR.MINOR.PATCH"},
    {"duplicate", fatal, "another file has the same id and version",
     "give one of them another version"},
    {"example_args", error, "an example's args do not satisfy inputs",
     "correct the example or inputs"},
    {"example_output", error, "an example's output does not satisfy the output schema",
     "correct the example or the schema"},
    {"example_render", error, "the prompt cannot be rendered from an example's args",
     "correct the example or the prompt"},
    {"examples_missing", warning, "no example", "without one the offline provider has no answer"},
    {"field_invalid", error, "a member is missing or has the wrong form",
     "see forge-catalog-lint(8), FORMAT"},
    {"field_unknown", warning, "a member that the format does not know",
     "it is kept, but means nothing; a slip of the pen?"},
    {"field_unusable", fatal, "a member that a run needs is missing or has the wrong form",
     "see forge-catalog-lint(8), FORMAT"},
    {"file_invalid", fatal, "the file is not what its name says", "correct the YAML or JSON"},
    {"file_limit", error, "too many files or folders", "split the catalog"},
    {"file_unreadable", fatal, "the file cannot be read", "mend its permissions"},
    {"id_invalid", fatal, "the id is missing or has other characters than a-z 0-9 _ . -",
     "ids are lower case, as dora.third_party_risk"},
    {"inputs_invalid", fatal, "inputs is not a usable JSON Schema",
     "see JSON Schema 2020-12 or draft-07"},
    {"jinja_untranslatable", fatal, "a Jinja tag that has no counterpart",
     "write it with {{#if}} or {{#each}}"},
    {"keyword_taken", warning, "another template has the same keyword",
     "the keyword then finds neither; call it by id"},
    {"not_a_template", fatal, "the file has no template in it",
     "move it out of the catalog, or into schemas/"},
    {"output_invalid", error, "the output schema is not usable",
     "outputs are not validated until it is mended"},
    {"output_missing", warning, "no output schema", "outputs are not validated"},
    {"owner_missing", warning, "nobody answers for the template", "name an owner"},
    {"prescan_script", warning, "a script in a template is never run",
     "leave it out, or ask for a native collector"},
    {"prescan_unknown", error, "no native collector has the prescan's name",
     "the template runs without it"},
    {"profile_default_refused", error, "a profile's default that a template's inputs do not accept",
     "whoever runs the template with the profile is refused; correct the default"},
    {"profile_default_unused", warning, "a profile's default for an argument that no template has",
     "it means nothing; a slip of the pen?"},
    {"profile_field_unknown", warning, "a member that no profile has", "a profile has voice, defaults and style"},
    {"profile_invalid", error, "the profile cannot be used", "runs with it fail until it is mended"},
    {"profile_name", warning, "a file in the folder of profiles that is none",
     "a profile is NAME.yaml, of letters, digits, _, - and ."},
    {"review_future", warning, "the last review is in the future", "set the day it was reviewed"},
    {"review_missing", warning, "no day of the last review", "review it and set the day, as 2026-11-01"},
    {"review_old", warning, "the last review is too long ago",
     "review it and set the date"},
    {"risk_missing", warning, "no risk level",
     "taken as advisory; state read-only, advisory, lab-only or restricted"},
    {"risk_unknown", error, "the risk level is none we know",
     "taken as restricted; it is one of read-only, advisory, lab-only, restricted"},
    {"schema_outside", error, "the schema reference leaves the schemas folder",
     "it may reach schemas/ in the root or beside it"},
    {"schema_unresolved", error, "the schema reference leads nowhere",
     "outputs are not validated until it is there"},
    {"symlink_escapes", error, "a symbolic link leaves the catalog",
     "copy the file into the catalog"},
    {"system_untrusted", error, "an argument in the system prompt",
     "callers' text belongs into prompts.user"},
    {"template_syntax", fatal, "the prompt cannot be rendered", "correct the tag"},
    {"variable_unknown", error, "a variable that nobody sets", "declare it in inputs"},
    {"version_invalid", fatal, "the version is no semantic version",
     "write it as MAJOR.MINOR.PATCH"},
    {"version_recorded", error, "runs of the same id and version recorded a file with other bytes",
     "give what was changed another version"},
};

// Of a column in characters; both from 1.
int byte_column(std::string_view line, int column)
{
    int bytes = 1;
    for (std::size_t at = 0; at < line.size(); ++at, ++bytes) {
        const bool begins = (static_cast<unsigned char>(line[at]) & 0xc0) != 0x80;
        if (begins && --column == 0)
            return bytes;
    }
    return bytes + column - 1;
}

static_assert(std::ranges::is_sorted(table, {}, &Rule::code));

}

std::string_view level_of(Gravity gravity)
{
    return gravity == note ? "note" : gravity == warning ? "warning" : "error";
}

std::span<const Rule> rules()
{
    return table;
}

const Rule& rule(std::string_view code)
{
    const auto found = std::ranges::lower_bound(table, code, {}, &Rule::code);
    assert(found != std::end(table) && found->code == code);
    return *found;
}

Json to_json(const Problem& problem)
{
    return Json::object({{"path", problem.path},
                         {"line", problem.at.line},
                         {"column", problem.at.column},
                         {"pointer", problem.pointer},
                         {"code", problem.code},
                         {"level", level_of(problem.gravity())},
                         {"message", problem.message},
                         {"hint", problem.hint()}});
}

void Problems::add(std::string_view code, std::string_view pointer, std::string message)
{
    add_at(code, pointer, document_.at(pointer), std::move(message));
}

void Problems::add_in_text(std::string_view code, std::string_view pointer, Position in_text, std::string message)
{
    const Position begin = document_.value_at(pointer);
    const auto lines = split(text_, '\n');
    const auto line = [&](int number) {
        const auto index = static_cast<std::size_t>(number) - 1;
        return index < lines.size() ? lines[index] : std::string_view{};
    };
    // Only of a literal block ("|") each line is a line of the text.
    const auto first = line(begin.line);
    if (!first.substr(std::min(static_cast<std::size_t>(begin.column) - 1, first.size())).starts_with('|'))
        return add_at(code, pointer, begin, std::move(message));
    int content = begin.line + 1;
    while (content < static_cast<int>(lines.size()) && trim(line(content)).empty())
        ++content;
    const auto indentation = line(content).find_first_not_of(' ');
    const int shift = indentation == std::string_view::npos ? 0 : static_cast<int>(indentation);
    const int at = begin.line + in_text.line;
    add_at(code, pointer, {at, byte_column(line(at), in_text.column + shift)}, std::move(message));
}

void Problems::add_at(std::string_view code, std::string_view pointer, Position at, std::string message)
{
    list_.push_back({path_, at, std::string{pointer}, std::string{rule(code).code}, std::move(message)});
}

bool Problems::are_fatal() const
{
    return std::ranges::any_of(list_, [](const Problem& problem) { return problem.gravity() == fatal; });
}

}
