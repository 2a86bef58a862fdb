// Reads a Dockerfile as the builder does: continuations, comments, heredocs, stages.
#include "analyze/dockerfile.h"

#include <algorithm>
#include <cctype>
#include <ranges>

#include "base/text.h"

namespace forge {

namespace {

std::string upper(std::string_view text)
{
    std::string result{text};
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return result;
}

bool is_name(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

struct Heredoc {
    std::string end;
    bool tabs = false;   // "<<-": tabs before the end are dropped
};

/// The heredocs that an instruction opens: <<EOF, <<-EOF, <<"EOF", 3<<EOF; not <<<.
std::vector<Heredoc> heredocs_of(std::string_view text)
{
    std::vector<Heredoc> found;
    for (auto at = text.find("<<"); at != text.npos; at = text.find("<<", at + 2)) {
        auto rest = text.substr(at + 2);
        if (rest.starts_with('<') || (at > 0 && text[at - 1] == '<'))
            continue;
        Heredoc heredoc;
        heredoc.tabs = rest.starts_with('-');
        if (heredoc.tabs)
            rest.remove_prefix(1);
        const char quote = rest.starts_with('"') || rest.starts_with('\'') ? rest[0] : '\0';
        if (quote)
            rest.remove_prefix(1);
        heredoc.end = rest.substr(0, static_cast<std::size_t>(std::ranges::find_if_not(rest, is_name) - rest.begin()));
        if (!heredoc.end.empty() && (!quote || rest.substr(heredoc.end.size()).starts_with(quote)))
            found.push_back(std::move(heredoc));
    }
    return found;
}

/// Reads line by line.
class Lines {
public:
    explicit Lines(std::string_view text) : text_(text) {}

    bool more() const { return !text_.empty(); }
    std::size_t number() const { return number_; }   // of the line taken last

    std::string_view take()
    {
        const auto end = text_.find('\n');
        auto line = text_.substr(0, end);
        text_ = end == text_.npos ? std::string_view{} : text_.substr(end + 1);
        ++number_;
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        return line;
    }

private:
    std::string_view text_;
    std::size_t number_ = 0;
};

bool is_comment(std::string_view line)
{
    return trim(line).starts_with('#');
}

/// "# escape=`" in the lines before anything else.
char escape_of(std::string_view text)
{
    Lines lines{text};
    while (lines.more()) {
        const std::string line = replace_all(lower(trim(lines.take())), " ", "");
        if (!line.starts_with('#') || line.find('=') == line.npos)
            break;
        if (line.starts_with("#escape=") && line.size() > 8)
            return line[8];
    }
    return '\\';
}

/// Takes the continuation away; true when there was one.
bool continues(std::string_view& line, char escape)
{
    const auto end = line.find_last_not_of(" \t");
    if (end == line.npos || line[end] != escape)
        return false;
    line = line.substr(0, end);
    return true;
}

/// The lines of one instruction, from its first on.
std::string joined(Lines& lines, std::string_view line, char escape)
{
    std::string text;
    bool more = continues(line, escape);
    text += trim(line);
    while (more && lines.more()) {
        line = lines.take();
        if (is_comment(line) || trim(line).empty())
            continue;
        more = continues(line, escape);
        text += ' ';
        text += trim(line);
    }
    return text;
}

std::string heredoc_bodies(Lines& lines, const DockerInstruction& instruction)
{
    std::string bodies;
    if (instruction.name != "RUN" && instruction.name != "COPY" && instruction.name != "ADD")
        return bodies;
    for (const auto& heredoc : heredocs_of(instruction.text))
        while (lines.more()) {
            auto line = lines.take();
            if (heredoc.tabs)
                line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
            if (line == heredoc.end)
                break;
            bodies += line;
            bodies += '\n';
        }
    return bodies;
}

std::vector<DockerInstruction> instructions_of(std::string_view text)
{
    const char escape = escape_of(text);
    std::vector<DockerInstruction> instructions;
    Lines lines{text};
    while (lines.more()) {
        const auto line = lines.take();
        if (trim(line).empty() || is_comment(line))
            continue;
        DockerInstruction instruction{.name = {}, .text = {}, .heredocs = {}, .line = lines.number()};
        const std::string whole = joined(lines, line, escape);
        const auto words = trim(whole);
        const auto end = std::min(words.find_first_of(" \t"), words.size());
        instruction.name = upper(words.substr(0, end));
        instruction.text = trim(words.substr(end));
        instruction.heredocs = heredoc_bodies(lines, instruction);
        instructions.push_back(std::move(instruction));
    }
    return instructions;
}

std::vector<std::string> words_of(std::string_view text)
{
    std::vector<std::string> words;
    const std::string blanks = replace_all(std::string{text}, "\t", " ");
    for (const auto word : split(blanks, ' '))
        if (!word.empty())
            words.emplace_back(word);
    return words;
}

DockerStage stage_of(const DockerInstruction& from, const std::map<std::string, std::string>& values,
                     const std::map<std::string, std::size_t>& names)
{
    auto words = words_of(from.text);
    std::erase_if(words, [](const auto& word) { return word.starts_with("--"); });
    DockerStage stage;
    stage.line = from.line;
    if (!words.empty())
        stage.base = with_variables(words[0], values).value_or(words[0]);
    if (words.size() >= 3 && equal_ignoring_case(words[1], "as"))
        stage.name = lower(words[2]);
    if (const auto parent = names.find(lower(stage.base)); parent != names.end())
        stage.parent = parent->second;
    return stage;
}

}

std::string DockerInstruction::script() const
{
    return heredocs.empty() ? text : text + "\n" + replace_all(heredocs, "\\\n", " ");
}

const DockerInstruction* Dockerfile::last(std::string_view name) const
{
    if (stages.empty())
        return nullptr;
    for (auto index = std::optional{stages.size() - 1}; index; index = stages[*index].parent)
        for (const auto& instruction : stages[*index].instructions | std::views::reverse)
            if (instruction.name == name)
                return &instruction;
    return nullptr;
}

Dockerfile parse_dockerfile(std::string_view text)
{
    Dockerfile file;
    std::map<std::string, std::string> values;   // of ARG before FROM: FROM sees no other
    std::map<std::string, std::size_t> names;    // of the stages so far
    for (auto& instruction : instructions_of(text)) {
        if (instruction.name == "FROM") {
            auto stage = stage_of(instruction, values, names);
            if (!stage.name.empty())
                names[stage.name] = file.stages.size();
            file.stages.push_back(std::move(stage));
        } else if (file.stages.empty()) {
            if (instruction.name == "ARG")
                for (const auto& [name, value] : docker_assignments(instruction.text))
                    values[name] = value;
            file.before.push_back(std::move(instruction));
        } else {
            file.stages.back().instructions.push_back(std::move(instruction));
        }
    }
    return file;
}

std::optional<std::string> with_variables(std::string_view text, const std::map<std::string, std::string>& values)
{
    std::string result;
    while (!text.empty()) {
        const auto dollar = text.find('$');
        result += text.substr(0, dollar);
        if (dollar == text.npos)
            break;
        text.remove_prefix(dollar + 1);
        const bool braces = text.starts_with('{');
        if (braces)
            text.remove_prefix(1);
        const auto end = static_cast<std::size_t>(std::ranges::find_if_not(text, is_name) - text.begin());
        const auto found = values.find(std::string{text.substr(0, end)});
        text.remove_prefix(end);
        std::optional<std::string> value =
            found == values.end() || found->second.empty() ? std::nullopt : std::optional{found->second};
        if (braces) {
            const auto close = std::min(text.find('}'), text.size());
            if (!value && text.starts_with(":-"))
                value = text.substr(2, close - 2);
            text.remove_prefix(std::min(close + 1, text.size()));
        }
        if (!value)
            return std::nullopt;
        result += *value;
    }
    return result;
}

std::vector<std::pair<std::string, std::string>> docker_assignments(std::string_view text)
{
    std::vector<std::pair<std::string, std::string>> found;
    text = trim(text);
    const auto name_end = std::min(text.find_first_of("= \t"), text.size());
    if (name_end == text.size())
        return {{std::string{text}, ""}};
    if (text[name_end] != '=')
        return {{std::string{text.substr(0, name_end)}, std::string{trim(text.substr(name_end))}}};
    while (!text.empty()) {
        const auto equals = text.find_first_of("= \t");
        const std::string name{text.substr(0, equals)};
        text.remove_prefix(std::min(equals, text.size()));
        std::string value;
        if (text.starts_with('=')) {
            text.remove_prefix(1);
            for (char quote = '\0'; !text.empty() && (quote || (text[0] != ' ' && text[0] != '\t'));
                 text.remove_prefix(1))
                if (quote ? text[0] == quote : text[0] == '"' || text[0] == '\'')
                    quote = quote ? '\0' : text[0];
                else
                    value += text[0];
        }
        if (!name.empty())
            found.emplace_back(name, value);
        text = trim(text);
    }
    return found;
}

}
