// The seals of days.
#include "audit/verify_days.h"

#include "base/error.h"
#include "lib/json.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t note_limit = 64U << 10;

std::uint64_t number(const Json& json)
{
    if (!json.is_integer() || json.as_integer() < 0)
        throw Error("not a whole number");
    return static_cast<std::uint64_t>(json.as_integer());
}

}

std::optional<DayNote> parse_seal(std::string_view event, const std::string& origin)
try {
    const Json json = parse_json(event);
    const auto text = [&](std::string_view name) { return std::string{json[name].as_text()}; };
    DayNote seal{.origin = origin, .day = text("day"), .first = number(json["first"]), .last = number(json["last"]),
                 .size = number(json["size"]), .root = parse_hash(json["root"].as_text()), .sha256 = text("sha256"),
                 .bytes = number(json["bytes"])};
    return DayNote::parse(seal.text());
} catch (const Error&) {
    return std::nullopt;
}

void check_seal(const DayNote& seal, std::uint64_t seq, const ShardFacts& facts, const std::string& file,
                Flaws& findings)
{
    const auto differs = [&](std::string_view what, const std::string& sealed, const std::string& found) {
        if (sealed != found)
            findings.add(FlawKind::contradiction, file, 1,
                         "the seal of " + facts.file + " says " + std::string{what} + " " + sealed + ", but it is "
                             + found);
    };
    differs("day", seal.day, facts.day);
    differs("last seq", std::to_string(seal.last), std::to_string(seq - 1));
    differs("size", std::to_string(seal.size), std::to_string(seq));
    // One damaged line changes the digest of its file too: that is said once.
    if (!facts.is_whole || findings.has(facts.file, 0))
        return;
    differs("first seq", std::to_string(seal.first), std::to_string(facts.first));
    differs("bytes", std::to_string(seal.bytes), std::to_string(facts.bytes));
    if (!facts.sha256.empty())
        differs("sha256", seal.sha256, facts.sha256);
}

std::vector<std::string> check_day_note(const std::string& root, const DayNote& seal, const LogKeys& keys, Flaws& findings)
{
    const std::string file = "days/" + seal.day + ".note";
    if (!exists(root + "/" + file)) {
        findings.add(FlawKind::contradiction, file, 0, "missing: the day is sealed");
        return {};
    }
    try {
        const std::string note = read_regular(root + "/" + file, note_limit);
        if (keys.open_day(note) == seal)
            return keys.signers(note);
        findings.add(FlawKind::contradiction, file, 0, "says something else than the seal in the ledger");
    } catch (const Error& error) {
        findings.add(FlawKind::contradiction, file, 0, std::string{"does not hold: "} + error.what());
    }
    return {};
}

}
