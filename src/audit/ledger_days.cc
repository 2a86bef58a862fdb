// The days of a ledger.
#include "audit/ledger_days.h"

#include <cerrno>
#include <map>

#include "base/clock.h"
#include "base/error.h"
#include "lib/json.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::string_view shard_start = "events-";
constexpr std::string_view shard_end = ".jsonl";
constexpr std::string_view archive_end = ".jsonl.zst";
constexpr std::size_t report_limit = 16U << 20;

bool is_day(std::string_view text)
{
    const auto midnight = parse_rfc3339(text);
    return text.size() == 10 && midnight && utc_day(*midnight) == text;
}

std::optional<std::string> day_between(std::string_view name, std::string_view begin, std::string_view end)
{
    if (!name.starts_with(begin) || !name.ends_with(end) || name.size() != begin.size() + 10 + end.size())
        return std::nullopt;
    const auto day = name.substr(begin.size(), 10);
    return is_day(day) ? std::optional{std::string{day}} : std::nullopt;
}

std::vector<std::string> names_below(const std::string& folder)
try {
    return names_if_any(folder);
} catch (const SystemError& error) {
    if (error.code == EACCES)
        return {};
    throw;
}

// A report that cannot be read names nothing: then the shard is missing, which is worse than quarantined.
std::optional<std::string> day_of_report(const std::string& path)
try {
    if (!exists(path))
        return std::nullopt;
    const Json report = parse_json(read_regular(path, report_limit));
    return day_of_shard(std::string{report["shard"].as_text()});
} catch (const Error&) {
    return std::nullopt;
}

}

std::string shard_file(const std::string& day)
{
    return std::string{shard_start} + day + std::string{shard_end};
}

std::string archive_file(const std::string& day)
{
    return "archive/" + day.substr(0, 4) + "/" + std::string{shard_start} + day + std::string{archive_end};
}

std::optional<std::string> day_of_shard(const std::string& name)
{
    return day_between(name, shard_start, shard_end);
}

LedgerDays ledger_days(const std::string& root)
{
    LedgerDays found;
    std::map<std::string, DayForm> forms;
    // In the order in which a day's files come to be, so that one that moves meanwhile is seen in its old form or its new.
    for (const auto& name : names_in(root)) {
        if (!name.starts_with(shard_start))
            continue;
        if (const auto day = day_of_shard(name))
            forms.emplace(*day, DayForm::plain);
        else
            found.wrong_names.push_back(name);
    }
    for (const auto& year : names_below(root + "/archive"))
        for (const auto& name : names_below(root + "/archive/" + year))
            if (const auto day = day_between(name, shard_start, archive_end); day && day->starts_with(year + "-"))
                forms.emplace(*day, DayForm::archived);
    for (const auto& name : names_below(root + "/quarantine"))
        if (const auto day = day_of_report(root + "/quarantine/" + name + "/report.json"))
            forms.emplace(*day, DayForm::quarantined);
    for (const auto& [day, form] : forms)
        found.days.push_back({day, form});
    return found;
}

std::string file_of(const LedgerDay& day)
{
    return day.form == DayForm::archived ? archive_file(day.day) : shard_file(day.day);
}

}
