// Which topics of a framework the evidence shows: a first reading of documents, line by line, that names its places.
#include "analyze/collect.h"
#include "analyze/control_areas.h"
#include "analyze/reading.h"
#include "base/error.h"
#include "base/text.h"
#include "lib/regex.h"
#include "scan/lines.h"
#include "scan/secrets.h"

#include <algorithm>

namespace forge {

namespace {

constexpr std::size_t places_kept = 5;
constexpr std::size_t places_of_a_covered_area = 2;   // one line may be a heading, or chance

struct Place {
    std::string path;
    std::size_t line = 0;
    std::string excerpt;
    bool doubtful = false;   // "not yet", "planned", "expired"
};

struct AreaState {
    const ControlArea* area = nullptr;
    Regex pattern;
    std::size_t firm = 0;
    std::size_t doubtful = 0;
    std::vector<Place> places{};

    std::string_view status() const
    {
        return firm >= places_of_a_covered_area && firm > doubtful ? "covered"
             : firm + doubtful > 0                                 ? "weak"
                                                                   : "missing";
    }
};

const Regex& doubt()
{
    static const Regex pattern{
        R"(\b(?:not (?:yet|in place|implemented|documented|defined|available|tested|applicable)"
        R"(|performed)|no (?:formal|documented|plan|evidence|process|procedure|policy)|none|tbd)"
        R"(|to be (?:defined|done|determined)|planned|in progress|pending|expired|overdue|missing)"
        R"(|lacking|draft)\b|["']?\b(?:answer|status|implemented)"
        R"(|in_place)\b["']?\s*[:=,]\s*["']?(?:no|false|partial|none|n/a)\b)",
        {.case_sensitive = false, .bytes = true}};
    return pattern;
}

class Coverage {
public:
    explicit Coverage(std::string_view framework)
    {
        for (const auto& area : control_areas(framework))
            areas_.push_back({.area = &area, .pattern = Regex{area.pattern, {.case_sensitive = false, .bytes = true}}});
        if (areas_.empty())
            throw Error("collector coverage: no controls are named \"" + std::string{framework} + "\"");
    }

    void take(const EvidenceFile& file, std::string_view text)
    {
        const std::string words = in_words(text), name = in_words(file.path);   // "data_residency" is two
        const LineIndex shown{text}, lines{words};
        for (auto& area : areas_) {
            if (area.pattern.finds(name))
                note(area, {file.path, 1, shown_line(shown.line(1)), false});
            if (area.pattern.finds(words))
                take_lines(area, file, shown, lines);
        }
        for (const auto& secret : find_secrets(text).findings)
            ++secrets_[static_cast<std::size_t>(secret.rule->risk)];
    }

    /// 0 to 100: the weight of what is missing, and half of what is weak.
    int gap() const
    {
        int lost = 0, all = 0;
        for (const auto& area : areas_) {
            lost += area.status() == "missing" ? 2 * area.area->weight
                  : area.status() == "weak"    ? area.area->weight
                                               : 0;
            all += 2 * area.area->weight;
        }
        return lost * 100 / all;
    }

    std::size_t count(std::string_view status) const
    {
        return static_cast<std::size_t>(
            std::ranges::count_if(areas_, [&](const auto& area) { return area.status() == status; }));
    }

    std::size_t secrets(Risk risk) const { return secrets_[static_cast<std::size_t>(risk)]; }
    const std::vector<AreaState>& areas() const { return areas_; }

private:
    static std::string in_words(std::string_view text) { return replace_all(std::string{text}, "_", " "); }

    static void note(AreaState& area, Place place)
    {
        if (!area.places.empty() && area.places.back().path == place.path && area.places.back().line == place.line)
            return;   // the file's name and its heading
        ++(place.doubtful ? area.doubtful : area.firm);
        if (area.places.size() < places_kept)
            area.places.push_back(std::move(place));
    }

    static void take_lines(AreaState& area, const EvidenceFile& file, const LineIndex& shown, const LineIndex& lines)
    {
        for (std::size_t number = 1; number <= lines.count(); ++number) {
            const auto line = lines.line(number);
            if (!area.pattern.finds(line))
                continue;
            note(area, {file.path, number, shown_line(shown.line(number)), doubt().finds(line)});
        }
    }

    std::vector<AreaState> areas_;
    std::array<std::size_t, risk_names.size()> secrets_{};
};

Json area_json(const AreaState& state)
{
    Json places = Json::array();
    for (const auto& place : state.places)
        places.append(Json::object({{"path", place.path}, {"line", place.line}, {"excerpt", place.excerpt}}));
    return Json::object({{"id", state.area->id}, {"title", state.area->title}, {"reference", state.area->reference},
                         {"status", state.status()}, {"evidence", places}});
}

Json finding_json(const AreaState& state, std::size_t number)
{
    const bool missing = state.status() == "missing";
    const auto risk = missing ? (state.area->weight == 3   ? Risk::high
                                 : state.area->weight == 2 ? Risk::medium
                                                           : Risk::low)
                              : (state.area->weight == 3 ? Risk::medium : Risk::low);
    Json places = Json::array();
    for (const auto& place : state.places)
        places.append(place.path + ":" + std::to_string(place.line));
    const std::string padded = std::to_string(1000 + number).substr(1);
    return Json::object(
        {{"id", "F-" + padded},
         {"severity", risk_name(risk)},
         {"title", std::string{missing ? "No evidence: " : "Weak evidence: "} + std::string{state.area->title}},
         {"control_ids", Json::array({state.area->id, state.area->reference})},
         {"evidence", places},
         {"recommendation", state.area->ask}});
}

constexpr std::array levels{"low", "moderate", "high", "critical"};

std::size_t level_index(std::string_view criticality)
{
    const auto found = std::ranges::find(levels, criticality);
    return found == levels.end() ? 2 : static_cast<std::size_t>(found - levels.begin());
}

/// The gap, weighed by what depends on it.
int risk_score(int gap, std::string_view criticality)
{
    constexpr std::array percent{60, 80, 100, 120};
    return std::min(100, gap * percent[level_index(criticality)] / 100);
}

std::string_view risk_level(int score)
{
    return levels[score < 20 ? 0 : score < 45 ? 1 : score < 70 ? 2 : 3];
}

std::string titles(const Coverage& coverage, std::string_view status)
{
    std::vector<std::string> found;
    for (const auto& area : coverage.areas())
        if (area.status() == status)
            found.emplace_back(area.area->title);
    return join(found, "; ");
}

std::string rationale(const Coverage& coverage)
{
    std::string text = std::to_string(coverage.count("covered")) + " of " + std::to_string(coverage.areas().size())
                     + " topics are shown by the evidence.";
    if (const auto weak = titles(coverage, "weak"); !weak.empty())
        text += " Weak: " + weak + ".";
    if (const auto missing = titles(coverage, "missing"); !missing.empty())
        text += " Missing: " + missing + ".";
    return text + " This says what the documents speak of, not whether it is done.";
}

Json acceptance(const Coverage& coverage, int score)
{
    Json reasons = Json::array();
    const auto critical = std::ranges::count_if(coverage.areas(), [](const auto& area) {
        return area.status() == "missing" && area.area->weight == 3;
    });
    if (critical > 0)
        reasons.append(critical == 1 ? "One topic of the highest weight has no evidence."
                                     : std::to_string(critical) + " topics of the highest weight have no evidence.");
    if (score >= 45)
        reasons.append("The risk score is " + std::to_string(score) + "; 44 is the most that is accepted.");
    if (coverage.secrets(Risk::critical) + coverage.secrets(Risk::high) > 0)
        reasons.append("Secrets stand in the evidence.");
    const bool pass = reasons.size() == 0;
    if (pass)
        reasons.append("Each topic of the highest weight has evidence, and the risk score is " + std::to_string(score)
                       + ".");
    return Json::object({{"pass", pass}, {"reasons", reasons}});
}

Json coverage_report(const Coverage& coverage, const CollectorRequest& request, const EvidenceReader& reader)
{
    const auto argument = [&](const char* setting) {
        return request.args[request.settings[setting].as_text()].as_text();
    };
    const auto criticality = argument("criticality");
    const int score = risk_score(coverage.gap(), criticality);
    Json areas = Json::array(), findings = Json::array(), recommendations = Json::array();
    for (const auto& area : coverage.areas()) {
        areas.append(area_json(area));
        if (area.status() == "covered")
            continue;
        findings.append(finding_json(area, findings.size() + 1));
        recommendations.append(area.area->ask);
    }
    return Json::object(
        {{request.settings["as"].as_text("subject"),
          Json::object({{"name", argument("subject")}, {"criticality", criticality}})},
         {"risk", Json::object({{"score", score}, {"level", risk_level(score)}, {"rationale", rationale(coverage)}})},
         {"coverage", Json::object({{"covered", coverage.count("covered")},
                                    {"weak", coverage.count("weak")},
                                    {"missing", coverage.count("missing")}})},
         {"areas", areas},
         {"findings", findings},
         {"recommendations", recommendations},
         {"acceptance", acceptance(coverage, score)},
         {"secrets", Json::object({{"critical", coverage.secrets(Risk::critical)},
                                   {"high", coverage.secrets(Risk::high)},
                                   {"medium", coverage.secrets(Risk::medium)}})},
         {"scanned", reader.scanned()},
         {"skipped", reader.skips().json()}});
}

}

Collected collect_coverage(const CollectorRequest& request)
{
    EvidenceReader reader{request};
    Coverage coverage{request.settings["controls"].as_text()};
    reader.each([&](const EvidenceFile& file, std::string_view text) { coverage.take(file, text); });
    const Json output = coverage_report(coverage, request, reader);

    Json collected = collect_evidence(request).collected;   // a model reads the excerpts too
    collected.set("areas", output["areas"]).set("coverage", output["coverage"]).set("secrets", output["secrets"]);
    return {collected, output, reader.read_any()};
}

}
