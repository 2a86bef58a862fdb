// Looks at whole texts and values for one side of a run, and keeps count.
#include "guard/screen.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "guard/json_texts.h"

namespace forge {

namespace {

constexpr std::string_view not_scanned = "[not scanned]";

}

Screen::Screen(const GuardPolicy& policy, GuardStage stage, std::size_t limit, FinderSource finder)
    : policy_(policy), limit_(limit), finder_(std::move(finder))
{
    const auto& guards = stage == GuardStage::input ? policy.input : policy.output;
    for (std::size_t i = 0; i < guards.size(); ++i)
        if (guards[i])
            reports_.push_back({.name = static_cast<GuardName>(i), .stage = stage});
}

// What was not looked through is not recorded.
template <class Value, class Make>
std::optional<Value> Screen::recorded(const Make& make) const
{
    try {
        return bytes_ <= limit_ ? std::optional<Value>{make(kept_from_record())} : std::nullopt;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

GuardedJson Screen::value(const Json& value)
{
    const auto bytes = text_bytes(value);
    bytes_ += bytes;
    GuardedJson result{value, nullptr};
    for (GuardReport& report : reports_)
        run(report, bytes, [&] {
            result.sent = with_texts_changed(result.sent, [&](const NamedText& text) { return look(report, text); });
        });
    result.recorded = recorded<Json>([&](const auto& guards) {
        return with_texts_changed(result.sent, [&](const NamedText& text) { return without_all(guards, text); });
    }).value_or(nullptr);
    return result;
}

GuardedText Screen::text(std::string_view text, const GuardSet& guards)
{
    bytes_ += text.size();
    GuardedText result{std::string{text}, {}};
    for (GuardReport& report : reports_)
        if (has(guards, report.name))
            run(report, text.size(), [&] {
                if (auto changed = look(report, {result.sent}))
                    result.sent = std::move(*changed);
            });
    result.recorded = recorded<std::string>([&](const auto& kept) {
        return without_all(kept, {result.sent}).value_or(result.sent);
    }).value_or(std::string{not_scanned});
    return result;
}

std::vector<GuardReport> Screen::reports() const
{
    auto reports = reports_;
    if (refused_by())   // nothing went on then
        for (GuardReport& report : reports)
            report.released_bytes = 0;
    return reports;
}

bool Screen::is_asked_for(GuardName guard) const
{
    return std::ranges::find(reports_, guard, &GuardReport::name) != reports_.end();
}

// A guard that fails is one that was not run: what it thinks of the text is not known.
void Screen::run(GuardReport& report, std::size_t bytes, const std::function<void()>& look)
{
    const GuardReport before = report;
    try {
        if (bytes_ <= limit_) {
            look();
            return;
        }
    } catch (const std::exception&) {
        report = before;
    }
    report.verdict = GuardVerdict::not_run;
    if (policy_.mode == GuardMode::observe)
        report.released_bytes += bytes;
    else
        report.action = GuardAction::refused;
}

std::vector<StreamFinding> Screen::findings(GuardName guard, const NamedText& text) const
{
    auto found = findings_in(text.value, *finder_(guard, policy_));
    if (found.empty() && guard == GuardName::secrets)
        found = secrets_by_name(text, *finder_(guard, policy_));
    return found;
}

std::optional<std::string> Screen::look(GuardReport& report, const NamedText& text)
{
    const auto found = findings(report.name, text);
    report.scanned_bytes += text.value.size();
    report.released_bytes += text.value.size();
    if (found.empty())
        return std::nullopt;
    report.findings += found.size();
    report.verdict = std::max(report.verdict, GuardVerdict::found);
    if (policy_.mode == GuardMode::refuse)
        report.action = GuardAction::refused;
    if (!is_replaced(report.name, policy_.mode))
        return std::nullopt;
    report.action = std::max(report.action, GuardAction::redacted);
    report.released_bytes -= length_of(found);
    return without(text.value, found);
}

// Secrets in any case, and the personal data that the policy does not let pass; but for what was taken out already.
std::vector<GuardName> Screen::kept_from_record() const
{
    std::vector<GuardName> guards;
    const auto secrets = std::ranges::find(reports_, GuardName::secrets, &GuardReport::name);
    if (policy_.mode != GuardMode::redact || secrets == reports_.end() || secrets->verdict == GuardVerdict::not_run)
        guards.push_back(GuardName::secrets);
    if (policy_.mode == GuardMode::refuse && is_asked_for(GuardName::personal_data))
        guards.push_back(GuardName::personal_data);
    return guards;
}

std::optional<std::string> Screen::without_all(const std::vector<GuardName>& guards, const NamedText& text) const
{
    std::optional<std::string> result;
    for (const GuardName guard : guards) {
        const std::string_view value = result ? std::string_view{*result} : text.value;
        if (const auto found = findings(guard, {value, text.name}); !found.empty())
            result = without(value, found);
    }
    return result;
}

}
