// Finds secrets in a text that grows.
#include "scan/secret_finder.h"

#include <algorithm>

#include "scan/judge.h"
#include "scan/secret_match.h"
#include "scan/secret_patterns.h"

namespace forge {

namespace {

constexpr std::size_t look_behind = 64;       // what stands before a keyword and matters
constexpr std::size_t longest_character = 4;  // bytes in UTF-8

bool continues_character(std::string_view text, std::size_t at)
{
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
}

std::size_t start_of_window(std::size_t at, const SecretRule& rule)
{
    return at - std::min(at, rule.back);
}

/// From here on more text changes nothing.
std::size_t end_of_window(std::size_t at, const SecretRule& rule)
{
    return start_of_window(at, rule) + rule.reach + longest_character
         + (rule.kind == SecretKind::login ? longest_host + 1 : 0);
}

std::size_t end_of(const SecretFinding& finding)
{
    return finding.offset + finding.length;
}

}

SecretFinder::SecretFinder() : matched_(secret_rules().size()) {}

ScanProgress SecretFinder::look(const GrowingText& text, std::vector<SecretFinding>& findings, std::size_t most)
{
    settle_open(text);
    meet_keywords(text, most);
    const auto safe = std::max(safe_, safe_offset(text));
    give_final(safe, text.ended, findings);
    safe_ = last_ ? std::max(safe_, std::min(safe, last_->offset)) : safe;
    const auto first = std::min({safe_, scanned_, open_.empty() ? text.end() : open_.front().at});
    return {safe_, first - std::min(first, look_behind)};
}

void SecretFinder::settle_open(const GrowingText& text)
{
    while (!open_.empty() && is_settled(open_.front(), text))
        open_.pop_front();
}

// Where the text's end may be the beginning of a keyword, that place is looked at when more is there.
void SecretFinder::meet_keywords(const GrowingText& text, std::size_t most)
{
    const auto& patterns = SecretPatterns::instance();
    auto until = text.text.size();
    if (!text.ended)
        patterns.keyword_beginnings().each(text.text, [&](std::size_t at) {
            until = at;
            return false;
        });
    patterns.keywords().each(text.text, scanned_ - text.base, until, [&](std::size_t at, std::size_t rule) {
        Place place{.at = text.base + at, .rule = rule};
        if (may_stand(secret_rules()[rule], text.text, at) && (!open_.empty() || !is_settled(place, text)))
            open_.push_back(place);
        cut_ = found_.size() >= most;
        return !cut_;
    });
    scanned_ = std::max(scanned_, text.base + until);
}

bool SecretFinder::is_settled(Place& place, const GrowingText& text)
{
    constexpr std::size_t looked_at_often = 1024, share = 8;
    const auto& rule = secret_rules()[place.rule];
    if (place.at < matched_[place.rule])
        return true;
    const auto window = text.from(start_of_window(place.at, rule), rule.reach);
    if (text.ended || text.end() >= end_of_window(place.at, rule))
        return is_judged(place, text, window);
    if (rule.back > 0 || text.end() < place.look_again)
        return false;
    if (SecretPatterns::instance().may_go_on(place.rule, window)) {
        if (window.size() > looked_at_often)   // else the time would grow with its square
            place.look_again = text.end() + window.size() / share;
        return false;
    }
    return is_judged(place, text, window);
}

bool SecretFinder::is_judged(const Place& place, const GrowingText& text, std::string_view window)
{
    const auto& rule = secret_rules()[place.rule];
    const auto& pattern = SecretPatterns::instance().pattern(place.rule);
    if (!pattern.finds(window))
        return true;
    const auto groups = *pattern.search(window);
    const auto offset_of = [&](const char* at) { return static_cast<std::size_t>(at - text.text.data()); };
    const SecretMatch match{rule, text.text, place.at - text.base, groups};
    const bool is_final = text.ended || text.end() >= end_of_window(place.at, rule);
    if (!is_final && is_host_cut(match))
        return false;
    if (const auto secret = judged(match)) {
        const auto offset = offset_of(secret->data());
        auto end = offset + secret->size();
        if (!is_final && end + longest_character > text.text.size())
            return false;
        for (std::size_t i = 1; i < longest_character && continues_character(text.text, end); ++i)
            ++end;
        found_.push_back({&rule, text.base + offset, end - offset});
    }
    if (!assigns(rule))   // a name may stand in another one's value
        matched_[place.rule] = text.base + offset_of(groups[0]->data() + groups[0]->size());
    return true;
}

std::size_t SecretFinder::safe_offset(const GrowingText& text) const
{
    auto safe = text.end();
    if (text.ended)
        return safe;
    const auto& patterns = SecretPatterns::instance();
    const auto hold = [&](std::size_t at, std::size_t rule) {
        safe = std::min(safe, start_of_window(at, secret_rules()[rule]) + patterns.secret_distance(rule));
        return at < safe + look_behind;
    };
    for (const Place& place : open_)
        if (!hold(place.at, place.rule))
            break;
    // Within what may be the beginning of a longer keyword, whole ones were not met yet: "key-" in "putty-user-key-".
    patterns.keywords().each(text.text, scanned_ - text.base, text.text.size(), [&](std::size_t at, std::size_t rule) {
        return !may_stand(secret_rules()[rule], text.text, at) || hold(text.base + at, rule);
    });
    for (const bool word_start : {false, true})
        patterns.secret_beginnings(word_start).each(text.text, [&](std::size_t at) {
            if (word_start && !may_begin_word(text.text, at))
                return true;
            safe = std::min(safe, text.base + at);
            return false;
        });
    return std::min(safe, text.end() - patterns.bytes_before_a_keyword(text.text));
}

// Of those that overlap, the rule that stands first in the table is kept.
void SecretFinder::give_final(std::size_t safe, bool ended, std::vector<SecretFinding>& findings)
{
    std::ranges::sort(found_, [](const auto& a, const auto& b) {
        return a.offset != b.offset ? a.offset < b.offset : a.rule < b.rule;
    });
    auto finding = found_.begin();
    for (; finding != found_.end() && (ended || finding->offset < safe); ++finding) {
        const bool apart = !last_ || finding->offset >= end_of(*last_);
        if (apart && last_)
            findings.push_back(*last_);
        if (apart || finding->rule < last_->rule)
            last_ = *finding;
    }
    found_.erase(found_.begin(), finding);
    if (last_ && (ended || end_of(*last_) <= safe)) {
        findings.push_back(*last_);
        last_.reset();
    }
}

ScanProgress SecretStreamFinder::look(const GrowingText& text, std::vector<StreamFinding>& findings)
{
    std::vector<SecretFinding> secrets;
    const auto progress = finder_.look(text, secrets);
    for (const SecretFinding& secret : secrets)
        findings.push_back({secret.rule->name, secret.offset, secret.length});
    return progress;
}

}
