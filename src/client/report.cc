// A run's answer, printed for people.
#include "client/report.h"

#include <algorithm>
#include <ostream>
#include <set>

#include "base/text.h"
#include "client/terminal.h"

namespace forge {

namespace {

Tone tone_of(std::string_view severity)
{
    if (severity == "critical" || severity == "high")
        return Tone::red;
    return severity == "medium" ? Tone::yellow : Tone::plain;
}

std::string place_of(const Json& finding)
{
    std::string place = shown(finding["path"].as_text(finding["file"].as_text()));
    if (const auto line = finding["line"].as_integer(); line > 0)
        place += ":" + std::to_string(line);
    return place;
}

// What stood below an earlier finding already is not said again.
void print_finding(std::ostream& out, const Json& finding, std::set<std::string>& said)
{
    const std::string severity = shown(finding["severity"].as_text("finding"));
    out << toned(tone_of(severity), severity) << "  " << toned(Tone::bold, place_of(finding)) << "  "
        << shown(finding["title"].as_text(finding["message"].as_text())) << '\n';
    if (const auto evidence = finding["evidence"].as_text(); !evidence.empty())
        out << "      " << toned(Tone::dim, shown(evidence)) << '\n';
    for (const char* const member : {"why", "remediation"})
        if (const std::string text = shown(finding[member].as_text()); !text.empty() && said.insert(text).second)
            out << "      " << text << '\n';
}

void print_findings(std::ostream& out, const Json& output)
{
    std::set<std::string> said;
    for (const Json& finding : output["findings"].items())
        print_finding(out, finding, said);
    std::string counts;
    for (const auto& [severity, count] : output["summary"].members())
        if (count.as_integer() > 0)
            counts += (counts.empty() ? "" : ", ") + std::to_string(count.as_integer()) + " " + shown(severity);
    const auto all = output["findings"].size();
    out << (all == 0 ? "no findings" : std::to_string(all) + (all == 1 ? " finding" : " findings"))
        << (counts.empty() ? "" : ": " + counts);
    if (output["score"].is_number())
        out << "; score " << output["score"].as_integer() << " of 100";
    out << (output["truncated"].as_bool() ? "; there are more that are not listed" : "") << '\n';
    if (const auto skipped = output["skipped"]["count"].as_integer(); skipped > 0)
        out << skipped << " files were not looked at; --json says which and why\n";
}

}

void print_run(std::ostream& out, const std::string& name, const Json& answer)
{
    const Json output = answer["output"];
    if (output["findings"].is_array())
        print_findings(out, output);
    else
        out << dump_pretty(output) << '\n';
    const std::string status = shown(answer["status"].as_text());
    out << '\n' << name << ": " << toned(status == "ok" ? Tone::green : Tone::red, status);
    if (const auto basis = answer["basis"].as_text(); !basis.empty())
        out << ", basis " << shown(basis);
    out << '\n';
    if (answer["simulated"].as_bool())
        out << toned(Tone::yellow, "simulated: this is the template's own example, no model was asked") << '\n';
    out << "run " << shown(answer["eventId"].as_text());
    if (const Json index = answer["ledger"]["index"]; index.is_integer())
        out << ", ledger index " << index.as_integer() << ", leaf " << shown(answer["ledger"]["leaf"].as_text());
    out << '\n';
}

void print_table(std::ostream& out, const std::vector<std::vector<std::string>>& rows)
{
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            out << row[i] << (i + 1 < row.size() ? std::string(widths[i] + 2 - row[i].size(), ' ') : "");
        out << '\n';
    }
}

}
