// The guards after a run: a value, and a stream.
#include "guard/output.h"

#include "guard_fixture.h"
#include "hostile_text.h"
#include "seed.h"
#include "test.h"

#include <algorithm>

using namespace forge;
using namespace forge::test;

namespace {

struct Streamed {
    std::string text;
    std::vector<GuardReport> reports;
    std::optional<GuardName> refused_by;
    std::size_t most_held = 0;
};

Streamed streamed(const GuardPolicy& policy, const std::vector<std::string_view>& pieces,
                  const FinderSource& finder = guard_finder)
{
    OutputStream stream{policy, finder};
    Streamed result;
    for (const auto piece : pieces) {
        result.text += stream.push(piece);
        result.most_held = std::max(result.most_held, stream.held_bytes());
        if (stream.refused_by())
            break;
    }
    result.text += stream.finish();
    result.reports = stream.reports();
    result.refused_by = stream.refused_by();
    return result;
}

/// As a value: only what JSON can hold.
std::string utf8_text(std::mt19937& random)
{
    std::string text = hostile_text(random);
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) > 0x7f; });
    return text;
}

void for_many_texts(auto check)
{
    std::mt19937 random{seed()};
    for (int i = (is_exhaustive() ? 50'000 : 1'500) / slowness; i > 0; --i) {
        const std::string text = utf8_text(random);
        check(text, cut_at_random(text, random));
    }
}

}

TEST(an_output_is_redacted_in_all_its_texts)
{
    const auto result = guard_output(every_guard(GuardMode::redact),
                                     Json::object({{"a", Json::array({sample_token, sample_address, sample_mark})}}));
    CHECK_EQUAL("{\"a\":[\"[redacted:github-token]\",\"[redacted:email]\",\"" + sample_mark + "\"]}",
                dump(result.output.sent));
    CHECK(!result.refused_by);
    CHECK_EQUAL(std::size_t{3}, result.reports.size());
    CHECK(result.reports[0].stage == GuardStage::output);
}

TEST(an_output_with_a_finding_is_refused)
{
    const auto result = guard_output(every_guard(GuardMode::refuse), Json{sample_address});
    CHECK(result.refused_by == GuardName::personal_data);
    CHECK_EQUAL(R"("[redacted:email]")"s, dump(result.output.recorded));
}

TEST(a_redacted_stream_is_the_redacted_text_for_every_cutting)
{
    const auto policy = every_guard(GuardMode::redact);
    for_many_texts([&](const std::string& text, const auto& pieces) {
        const auto whole = guard_output(policy, text);
        const auto stream = streamed(policy, pieces);
        CHECK_EQUAL(std::string{whole.output.sent.as_text()}, stream.text);
        for (const auto guard : {GuardName::secrets, GuardName::personal_data, GuardName::injection})
            CHECK(report_of(guard, whole.reports) == report_of(guard, stream.reports));
        CHECK(stream.most_held <= guard_stream_window);
    });
}

TEST(an_observed_stream_is_the_text_and_counts_the_same_for_every_cutting)
{
    const auto policy = every_guard(GuardMode::observe);
    for_many_texts([&](const std::string& text, const auto& pieces) {
        const auto stream = streamed(policy, pieces);
        CHECK_EQUAL(text, stream.text);
        CHECK(guard_output(policy, text).reports == stream.reports);
    });
}

TEST(a_refused_stream_ends_before_the_finding_for_every_cutting)
{
    const auto policy = only(GuardName::secrets, GuardMode::refuse);
    const auto redacting = only(GuardName::secrets, GuardMode::redact);
    for_many_texts([&](const std::string& text, const auto& pieces) {
        const auto stream = streamed(policy, pieces);
        CHECK(guard_output(policy, text).refused_by == stream.refused_by);
        const std::string clean{guard_output(redacting, text).output.sent.as_text()};
        if (stream.refused_by)
            CHECK(clean.starts_with(stream.text + "[redacted:"));
        else
            CHECK_EQUAL(text, stream.text);
    });
}

TEST(a_refused_stream_gives_nothing_more)
{
    OutputStream stream{only(GuardName::secrets, GuardMode::refuse)};
    CHECK_EQUAL("use "s, stream.push("use " + sample_token.substr(0, 20)));
    CHECK_EQUAL(""s, stream.push(sample_token.substr(20) + " now "));
    CHECK(stream.refused_by() == GuardName::secrets);
    CHECK_EQUAL(""s, stream.push("and more"));
    CHECK_EQUAL(""s, stream.finish());
    const auto report = stream.reports().at(0);
    CHECK(report.verdict == GuardVerdict::found && report.action == GuardAction::refused);
    CHECK_EQUAL(std::size_t{4}, report.released_bytes);
}

TEST(an_observed_stream_holds_nothing_back)
{
    OutputStream stream{every_guard(GuardMode::observe)};
    CHECK_EQUAL("use ghp_Zk3"s, stream.push("use ghp_Zk3"));
    CHECK_EQUAL(std::size_t{0}, stream.held_bytes());
}

TEST(a_guard_that_fails_in_a_stream_ends_it_unless_observed)
{
    const std::vector<std::string_view> pieces{"0123456789", " and then ", "more"};
    for (const auto mode : {GuardMode::refuse, GuardMode::redact, GuardMode::observe}) {
        const auto stream = streamed(only(GuardName::secrets, mode), pieces, failing_finder);
        CHECK(stream.reports.at(0).verdict == GuardVerdict::not_run);
        CHECK(stream.refused_by.has_value() == (mode != GuardMode::observe));
        CHECK_EQUAL(mode == GuardMode::observe ? "0123456789 and then more"s : "0123456789"s, stream.text);
        CHECK_EQUAL(std::size_t{10}, stream.reports.at(0).scanned_bytes);
        CHECK_EQUAL(stream.text.size(), stream.reports.at(0).released_bytes);
    }
}

TEST(a_stream_without_guards_passes_everything)
{
    const auto stream = streamed({.input = {}, .output = {}}, {"use ", sample_token});
    CHECK_EQUAL("use " + sample_token, stream.text);
    CHECK(stream.reports.empty());
}

TEST(a_private_key_in_a_stream_never_passes)
{
    std::string key = "-----BEGIN RSA PRIVATE KEY-----\n";
    for (int i = 0; i < 25; ++i)
        key += "MIIEowIBAAKCAQEAu7Zk3Qw8Lx2Vn7Rb5Tm9Yc4Hs6Jf1Gd0PaUeWiXoQ3tL5mN8\n";
    const std::string text = "the key:\n" + key + "-----END RSA PRIVATE KEY-----\nand more";
    std::mt19937 random{3};
    for (int i = 0; i < 50; ++i)
        CHECK_EQUAL("the key:\n[redacted:private-key]\nand more"s,
                    streamed(GuardPolicy{}, cut_at_random(text, random)).text);
}
