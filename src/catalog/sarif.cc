// What lint found as SARIF 2.1.0.
#include "catalog/sarif.h"

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/text.h"
#include "lib/crypto.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t file_limit = 1 << 20;   // of a template

Json rule_json(const Rule& rule)
{
    return Json::object({{"id", rule.code},
                         {"shortDescription", Json::object({{"text", rule.meaning}})},
                         {"help", Json::object({{"text", rule.hint}})},
                         {"defaultConfiguration", Json::object({{"level", level_of(rule.gravity)}})}});
}

std::string encoded(const std::string& path)
{
    std::string out;
    for (const auto part : split(path, '/'))
        out += (out.empty() && !path.starts_with('/') ? "" : "/") + url_encode(part);
    return path.starts_with('/') ? out.substr(1) : out;
}

std::string uri_of(const std::string& file)
{
    const auto whole = std::filesystem::absolute(file).lexically_normal();
    const auto relative = whole.lexically_relative(std::filesystem::current_path()).string();
    const bool is_below = !relative.empty() && relative != ".." && !relative.starts_with("../");
    return is_below ? encoded(relative) : "file://" + encoded(whole.string());
}

// The files that findings are in, one after the other.
class Columns {
public:
    // A column in bytes as one in characters.
    std::size_t in_characters(const std::string& file, std::size_t line, std::size_t column)
    {
        if (file != file_)
            open(file);
        const auto begin = line - 1 < lines_.size() ? lines_[line - 1].substr(0, column - 1) : std::string_view{};
        const auto inner = std::ranges::count_if(begin, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; });
        return column - static_cast<std::size_t>(inner);
    }

private:
    void open(const std::string& file)
    {
        file_ = file;
        lines_.clear();
        try {
            text_ = read_regular(file, file_limit);
            lines_ = split(text_, '\n');
        } catch (const Error&) {
            text_.clear();   // gone since, or what the finding is about
        }
    }

    std::string file_;
    std::string text_;
    std::vector<std::string_view> lines_;
};

Json result_json(const Json& problem, Columns& columns)
{
    const auto code = problem["code"].as_text();
    const std::string file{problem["file"].as_text()};
    const auto line = static_cast<std::size_t>(std::max<std::int64_t>(1, problem["line"].as_integer()));
    const auto column = static_cast<std::size_t>(std::max<std::int64_t>(1, problem["column"].as_integer()));
    const Json region = Json::object({{"startLine", line}, {"startColumn", columns.in_characters(file, line, column)}});
    const Json place = Json::object({{"artifactLocation", Json::object({{"uri", uri_of(file)}})}, {"region", region}});
    const auto same = std::string{problem["path"].as_text()} + "\n" + std::string{code} + "\n" +
                      std::string{problem["pointer"].as_text()} + "\n" + std::string{problem["message"].as_text()};
    const std::string text{problem["message"].as_text()};
    return Json::object({{"ruleId", code},
                         {"ruleIndex", &rule(code) - rules().data()},
                         {"level", problem["level"]},
                         {"message", Json::object({{"text", text + " (" + std::string{problem["hint"].as_text()} + ")"}})},
                         {"locations", Json::array({Json::object({{"physicalLocation", place}})})},
                         {"partialFingerprints", Json::object({{"finding/v1", hex(sha256(same))}})}});
}

}

Json to_sarif(const LintReport& report)
{
    Json all_rules = Json::array();
    for (const auto& rule : rules())
        all_rules.append(rule_json(rule));
    Json results = Json::array();
    Columns columns;
    for (const auto& problem : report.problems.items())
        results.append(result_json(problem, columns));
    const Json driver = Json::object({{"name", "forge-catalog-lint"}, {"version", FORGE_VERSION}, {"rules", all_rules}});
    const Json run = Json::object({{"tool", Json::object({{"driver", driver}})},
                                   {"columnKind", "unicodeCodePoints"},
                                   {"invocations", Json::array({Json::object({{"executionSuccessful", true}})})},
                                   {"results", results}});
    return Json::object({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                         {"version", "2.1.0"},
                         {"runs", Json::array({run})}});
}

}
