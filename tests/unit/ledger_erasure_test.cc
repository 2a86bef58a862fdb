// Erasing private values: nothing of them is left, everything else is, whenever the process dies.
#include "tests/unit/test.h"

#include <algorithm>

#include "base/error.h"
#include "ledger/refusal.h"
#include "ledger_scratch.h"
#include "tlog/slices.h"

using namespace forge;
using forge::test::ScratchLedger;

namespace {

const Subject eve{"https://issuer.example", "eve"};
const Subject bob{"https://issuer.example", "bob"};

RedactRequest request(std::vector<std::uint64_t> seqs = {})
{
    RedactRequest request;
    request.seqs = std::move(seqs);
    request.basis = "GDPR Art. 17(1)(a)";
    request.authoriser = "the privacy officer";
    return request;
}

RedactRequest request_about(const Subject& subject)
{
    RedactRequest asked = request();
    asked.subject = subject;
    return asked;
}

void finish(ScratchLedger& ledger)
{
    for (int turns = 0; ledger.engine().erasing() > 0 && turns < 100; ++turns)
        ledger.engine().tick();
    CHECK_EQUAL(std::size_t{0}, ledger.engine().erasing());
}

std::vector<std::string> values_of(ScratchLedger& ledger, const Subject& subject, std::uint64_t seq)
{
    std::vector<std::string> values;
    for (const RevealedValue& value : ledger.engine().reveal({subject, {seq}}))
        values.push_back(value.value);
    return values;
}

Fault fault_of(ScratchLedger& ledger, const RedactRequest& asked)
{
    try {
        ledger.engine().redact(asked, "root");
    } catch (const Refused& refused) {
        return refused.fault;
    }
    throw Error("it was not refused");
}

std::string deks(ScratchLedger& ledger, const std::string& month = "2026-11")
{
    return ledger.io.content("root/private/keys/" + month + ".jsonl");
}

std::string sidecar(ScratchLedger& ledger, const std::string& day = "2026-11-23")
{
    return ledger.io.content("root/private/" + day + ".jsonl");
}

}

TEST(an_erased_line_has_no_value_and_the_others_keep_theirs)
{
    ScratchLedger ledger;
    ledger.append({"a", "b"}, "eve");   // lines 1 and 2
    ledger.append({"c"}, "bob");
    const std::string keys = deks(ledger), values = sidecar(ledger);
    const Redacted redacted = ledger.engine().redact(request({1}), "root");
    CHECK_EQUAL(std::uint64_t{1}, redacted.values);
    CHECK(redacted.lines == std::vector<std::uint64_t>{4});
    finish(ledger);
    CHECK(values_of(ledger, eve, 1).empty());
    CHECK(values_of(ledger, eve, 2) == std::vector{"\"eve\""s});
    CHECK(values_of(ledger, bob, 3) == std::vector{"\"bob\""s});
    const std::string old_dek{*plain_text(member_of(keys.substr(0, keys.find('\n')), "dek"))};
    CHECK(deks(ledger).find(old_dek) == std::string::npos);
    CHECK(sidecar(ledger).find(old_dek) == std::string::npos);
    CHECK_EQUAL(values.size(), sidecar(ledger).size());
    CHECK(!ledger.io.exists("root/state/erasing"));
    ledger.reopen().publish();
    CHECK(values_of(ledger, eve, 1).empty() && values_of(ledger, eve, 2) == std::vector{"\"eve\""s});
    ledger.check();
}

TEST(a_checkpoint_covers_the_redaction_before_a_value_goes)
{
    ScratchLedger ledger;
    ledger.append({"a"}, "eve");
    const std::string values = sidecar(ledger);
    const Redacted redacted = ledger.engine().redact(request({1}), "root");
    CHECK_EQUAL(values, sidecar(ledger));
    const std::string size = "\n" + std::to_string(redacted.lines.back() + 1) + "\n";
    CHECK(ledger.io.content("root/checkpoint").find(size) != std::string::npos);
}

TEST(a_redaction_says_what_on_what_ground_and_by_whom)
{
    ScratchLedger ledger;
    ledger.append({"a", "b"}, "eve");
    RedactRequest asked = request({1, 2});
    asked.fields = {"sub"};
    ledger.engine().redact(asked, "root");
    const std::string line = ledger.lines().at(3);
    const auto entry = parse_entry(line);
    CHECK_EQUAL("ledger.redaction"s, std::string{entry->type});
    const std::string event =
        R"x({"authoriser":"the privacy officer","basis":"GDPR Art. 17(1)(a)","fields":["sub"],"seqs":[[1,2]],"user":"root"})x";
    CHECK_EQUAL(event, std::string{entry->event});
    finish(ledger);
    ledger.check();
}

TEST(only_the_fields_asked_for_go)
{
    ScratchLedger ledger;
    LedgerEvent event = test::test_event("a", "eve");
    event.priv.push_back({"args", R"({"x":1})"});
    ledger.engine().commit(std::vector{Submission{"x", {event}}});
    RedactRequest asked = request({1});
    asked.fields = {"args"};
    CHECK_EQUAL(std::uint64_t{1}, ledger.engine().redact(asked, "root").values);
    finish(ledger);
    CHECK(values_of(ledger, eve, 1) == std::vector{"\"eve\""s});
}

TEST(a_subject_goes_out_of_all_days_and_months)
{
    ScratchLedger ledger;
    ledger.append({"a"}, "eve");
    ledger.append({"b"}, "bob");
    ledger.env.pass(std::chrono::hours{24} * 10);
    ledger.append({"c"}, "eve");   // a seal comes before
    const Redacted redacted = ledger.engine().redact(request_about(eve), "root");
    CHECK_EQUAL(std::uint64_t{2}, redacted.values);
    CHECK(deks(ledger, "2026-12").empty());   // at once
    finish(ledger);
    CHECK(values_of(ledger, eve, 1).empty() && values_of(ledger, eve, 4).empty());
    CHECK(values_of(ledger, bob, 2) == std::vector{"\"bob\""s});
    ledger.append({"d"}, "eve");
    CHECK(values_of(ledger, eve, 6) == std::vector{"\"eve\""s});
    CHECK(sidecar(ledger).find(ledger.engine().tag_of(eve)) == std::string::npos);
    ledger.reopen();
    CHECK(values_of(ledger, eve, 1).empty() && values_of(ledger, eve, 6) == std::vector{"\"eve\""s});
}

TEST(a_run_goes_with_both_its_lines)
{
    ScratchLedger ledger;
    ledger.append({"r.started", "r.finished", "s.started"}, "eve");
    RedactRequest asked = request();
    asked.run = "r";
    CHECK_EQUAL(std::uint64_t{2}, ledger.engine().redact(asked, "root").values);
    finish(ledger);
    CHECK(values_of(ledger, eve, 1).empty() && values_of(ledger, eve, 2).empty() && !values_of(ledger, eve, 3).empty());
    asked.run = "nobody";
    CHECK(fault_of(ledger, asked) == Fault::invalid);
}

TEST(days_that_are_over_go_as_a_whole_with_the_keys_of_their_months)
{
    ScratchLedger ledger;
    ledger.append({"a"}, "eve");
    ledger.env.pass(std::chrono::hours{24} * 10);
    ledger.append({"b"}, "eve");
    ledger.env.pass(std::chrono::hours{24});
    ledger.append({"c"}, "eve");
    RedactRequest asked = request();
    asked.before = "2026-12-04";
    CHECK_EQUAL(std::uint64_t{2}, ledger.engine().redact(asked, "root").values);
    finish(ledger);
    CHECK(!ledger.io.exists("root/private/2026-11-23.jsonl") && !ledger.io.exists("root/private/2026-12-03.jsonl"));
    CHECK(!ledger.io.exists("root/private/keys/2026-11.jsonl"));
    CHECK(ledger.io.exists("root/private/keys/2026-12.jsonl"));
    CHECK(values_of(ledger, eve, 1).empty() && values_of(ledger, eve, 3).empty() && !values_of(ledger, eve, 5).empty());
    CHECK_EQUAL(std::uint64_t{0}, ledger.engine().redact(asked, "root").values);
    ledger.reopen();
    ledger.check();
    CHECK(values_of(ledger, eve, 1).empty() && !values_of(ledger, eve, 5).empty());
}

TEST(what_was_erased_is_not_erased_again)
{
    ScratchLedger ledger;
    ledger.append({"a"}, "eve");
    ledger.engine().redact(request({1}), "root");
    finish(ledger);
    const std::size_t lines = ledger.lines().size();
    CHECK(ledger.engine().redact(request({1}), "root").lines.empty());
    CHECK(ledger.engine().redact(request_about(eve), "root").lines.empty());
    CHECK_EQUAL(lines, ledger.lines().size());
}

TEST(wrong_requests_to_erase_are_refused)
{
    ScratchLedger ledger;
    ledger.append({"a"}, "eve");
    CHECK(fault_of(ledger, request()) == Fault::invalid);
    CHECK(fault_of(ledger, request({9})) == Fault::invalid);
    RedactRequest both = request({1});
    both.before = "2026-11-23";
    CHECK(fault_of(ledger, both) == Fault::invalid);
    RedactRequest no_day = request();
    no_day.before = "yesterday";
    CHECK(fault_of(ledger, no_day) == Fault::invalid);
    CHECK_EQUAL(std::size_t{2}, ledger.lines().size());
    CHECK(!ledger.io.exists("root/state/erasing"));
}

// Every step of an erasure fails once before and once after it was done: after the next start it is finished, or it was
// not begun; what should stay stays.
TEST(an_erasure_is_finished_or_not_begun_wherever_the_process_dies)
{
    std::size_t begun = 0, not_begun = 0;
    for (const auto how : {test::Failing::lost, test::Failing::done})
        for (const bool whole : {false, true})
            for (std::uint64_t step = 0;; ++step) {
                ScratchLedger ledger;
                ledger.append({"a", "b"}, "eve");
                ledger.append({"c"}, "bob");
                ledger.engine().publish();
                ledger.io.fail_at(step, how);
                bool has_died = false;
                try {
                    ledger.engine().redact(whole ? request_about(eve) : request({1}), "root");
                    finish(ledger);
                } catch (const LedgerFailed&) {
                    has_died = true;
                }
                if (!has_died && !ledger.io.has_failed())
                    break;
                ledger.io.mend();
                ledger.io.cut_power();
                ledger.reopen();
                finish(ledger);
                const bool is_recorded = std::ranges::any_of(ledger.lines(), [](const std::string& line) {
                    return parse_entry(line)->type == "ledger.redaction";
                });
                ++(is_recorded ? begun : not_begun);
                CHECK_EQUAL(std::size_t{is_recorded ? 0U : 1U}, values_of(ledger, eve, 1).size());
                CHECK_EQUAL(std::size_t{is_recorded && whole ? 0U : 1U}, values_of(ledger, eve, 2).size());
                CHECK_EQUAL(std::size_t{1}, values_of(ledger, bob, 3).size());
                CHECK(!ledger.io.exists("root/state/erasing"));
                ledger.append({"d"}, "eve");
                ledger.engine().publish();
                ledger.check();
            }
    CHECK(begun > 5 && not_begun > 5);
}

TEST(a_frozen_ledger_takes_nothing_and_stays_frozen)
{
    ScratchLedger ledger;
    ledger.append({"a"});
    const std::string note = ledger.engine().freeze("the key leaked", "root");
    CHECK_EQUAL(note, ledger.io.content("root/FROZEN"));
    CHECK_EQUAL(note, ledger.io.content("root/checkpoint"));
    CHECK_EQUAL(R"({"reason":"the key leaked","user":"root"})"s, std::string{parse_entry(ledger.lines().at(2))->event});
    for (int start = 0; start < 2; ++start) {
        CHECK(ledger.engine().is_frozen());
        const auto outcome = ledger.append({"b"}).at(0);
        CHECK(outcome.refusal && outcome.refusal->fault == Fault::read_only);
        CHECK(std::string{outcome.refusal->what()}.starts_with("frozen"));
        CHECK_EQUAL(note, ledger.engine().freeze("again", "root"));
        ledger.env.pass(std::chrono::hours{48});
        ledger.engine().tick();
        CHECK_EQUAL(std::size_t{3}, ledger.lines().size());
        ledger.reopen();
    }
    ledger.check();
}

TEST(a_seal_closes_a_day_that_is_over_and_publishes)
{
    ScratchLedger ledger;
    ledger.append({"a"});
    ledger.engine().seal();
    CHECK_EQUAL(std::uint64_t{2}, ledger.engine().publisher().size());
    ledger.env.pass(std::chrono::hours{24});
    ledger.engine().seal();
    CHECK_EQUAL(std::uint64_t{3}, ledger.engine().publisher().size());
    CHECK_EQUAL("ledger.day_sealed"s, std::string{parse_entry(ledger.lines().at(2))->type});
    CHECK(ledger.io.exists("root/days/2026-11-23.note"));
}
