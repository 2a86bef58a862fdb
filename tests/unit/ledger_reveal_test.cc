// Private values: who may see them, and what is left of them on the disk.
#include "ledger_scratch.h"
#include "test.h"
#include "tlog/jcs.h"
#include "tlog/slices.h"

using namespace forge;
using forge::test::ScratchLedger;
using forge::test::test_event;

namespace {

const Subject eve{"https://issuer.example", "eve"};
const Subject bob{"https://issuer.example", "bob"};

Fault fault_of(ScratchLedger& ledger, const RevealRequest& request)
try {
    static_cast<void>(ledger.engine().reveal(request));
    return Fault::unknown;
} catch (const Refused& refused) {
    return refused.fault;
}

}

TEST(a_subject_sees_its_own_values_without_a_trace)
{
    ScratchLedger ledger;
    ledger.append({"a"}, "eve");
    const auto values = ledger.engine().reveal({eve, {1}});
    CHECK_EQUAL(std::size_t{1}, values.size());
    CHECK_EQUAL("\"eve\""s, values[0].value);
    const auto commitment = parse_commitments(parse_entry(ledger.lines()[1])->priv).at(0);
    CHECK(is_committed(commitment, *from_hex(values[0].key), values[0].value));
    CHECK_EQUAL(std::size_t{2}, ledger.lines().size());
}

TEST(the_values_of_others_are_refused)
{
    ScratchLedger ledger;
    ledger.append({"a"}, "eve");
    CHECK(fault_of(ledger, {bob, {1}}) == Fault::denied);
    CHECK(fault_of(ledger, {{"", "eve"}, {1}}) == Fault::denied);
    CHECK(fault_of(ledger, {eve, {2}}) == Fault::invalid);
    CHECK(fault_of(ledger, {eve, {}}) == Fault::invalid);
    CHECK_EQUAL(std::size_t{2}, ledger.lines().size());
}

TEST(a_look_at_the_values_of_others_is_recorded)
{
    ScratchLedger ledger;
    ledger.append({"a"}, "eve");
    const auto values = ledger.engine().reveal({.subject = bob, .seqs = {1}, .request_id = "r-1", .others = true});
    CHECK_EQUAL("\"eve\""s, values.at(0).value);
    const std::string line = ledger.lines().at(2);
    CHECK_EQUAL("ledger.revealed"s, std::string{parse_entry(line)->type});
    CHECK_EQUAL(R"({"names":["sub"],"request_id":"r-1","seqs":[1]})"s, std::string{parse_entry(line)->event});
    CHECK_EQUAL("\"bob\""s, ledger.engine().reveal({bob, {2}}).at(0).value);
}

TEST(a_look_that_cannot_be_recorded_shows_nothing)
{
    ScratchLedger ledger;
    ledger.append({"a"}, "eve");
    ledger.io.fail_at(0, test::Failing::lost, ENOSPC);
    CHECK(fault_of(ledger, {.subject = bob, .seqs = {1}, .others = true}) == Fault::no_space);
}

TEST(only_the_names_asked_for_are_shown)
{
    ScratchLedger ledger;
    LedgerEvent event = test_event("a", "eve");
    event.priv.push_back({"args", R"({"x":1})"});
    ledger.engine().commit(std::vector{Submission{"x", {event}}});
    const auto values = ledger.engine().reveal({.subject = eve, .seqs = {1}, .names = {"args"}});
    CHECK_EQUAL(std::size_t{1}, values.size());
    CHECK_EQUAL(R"({"x":1})"s, values[0].value);
}

TEST(a_value_that_is_not_stored_is_committed_to_all_the_same)
{
    ScratchLedger ledger;
    LedgerEvent event = test_event("a", "eve");
    event.priv.push_back({"sent", "\"the secret\"", false});
    ledger.engine().commit(std::vector{Submission{"x", {event}}});
    const auto values = ledger.engine().reveal({.subject = eve, .seqs = {1}, .names = {"sent"}});
    CHECK(values.at(0).value.empty());
    const auto commitment = parse_commitments(parse_entry(ledger.lines()[1])->priv).at(0);
    CHECK(is_committed(commitment, *from_hex(values[0].key), "\"the secret\""));
    CHECK(ledger.engine().commit(std::vector{Submission{"x", {event}}})[0].acks.at(0).dup);
}

TEST(no_file_holds_a_private_value_in_clear)
{
    ScratchLedger ledger;
    ledger.append({"a"}, "a-most-secret-subject");
    ledger.engine().publish();
    CHECK(ledger.io.paths().size() > 10);
    for (const std::string& path : ledger.io.paths())
        CPPUNIT_ASSERT_MESSAGE(path, ledger.io.text(path).find("secret-subject") == std::string::npos);
}

TEST(a_large_value_comes_back_whole)
{
    ScratchLedger ledger;
    LedgerEvent event = test_event("a", "eve");
    const std::string large = '"' + std::string(private_value_limit - 2, 'x') + '"';
    event.priv.push_back({"output", large});
    ledger.engine().commit(std::vector{Submission{"x", {event}}});
    CHECK(ledger.engine().reveal({.subject = eve, .seqs = {1}, .names = {"output"}}).at(0).value == large);
}

TEST(a_sidecar_that_was_changed_is_told)
{
    ScratchLedger ledger;
    ledger.append({"a"}, "eve");
    std::string& sidecar = ledger.io.content("root/private/2026-11-23.jsonl");
    const auto at = sidecar.find("\"sealed\":\"") + 12;
    sidecar[at] = sidecar[at] == 'A' ? 'B' : 'A';
    CHECK_THROWS(LedgerDamaged, ledger.engine().reveal({eve, {1}}));
}

TEST(a_destroyed_data_key_leaves_the_value_out)
{
    ScratchLedger ledger;
    ledger.append({"a"}, "eve");
    ledger.io.content("root/private/keys/2026-11.jsonl").clear();
    ledger.reopen();
    CHECK(ledger.engine().reveal({eve, {1}}).empty());
    ledger.append({"b"}, "eve");
    CHECK_EQUAL(std::size_t{1}, ledger.engine().reveal({eve, {1, 2}}).size());
}

TEST(the_sidecar_and_the_key_file_have_the_documented_form)
{
    ScratchLedger ledger;
    ledger.append({"a"}, "eve");
    const std::string tag = ledger.engine().tag_of(eve);
    const std::string sidecar{trim(ledger.io.content("root/private/2026-11-23.jsonl"))};
    CHECK(!canonical_error(sidecar));
    CHECK_EQUAL(tag, std::string{*plain_text(member_of(sidecar, "subject"))});
    const std::string key{trim(ledger.io.content("root/private/keys/2026-11.jsonl"))};
    CHECK(!canonical_error(key));
    CHECK_EQUAL(std::string{member_of(key, "dek")}, std::string{member_of(sidecar, "dek")});
    const std::string index_key = *from_hex(trim(ledger.io.content("root/state/index.key")));
    CHECK_EQUAL(hex(hmac_sha256(index_key, R"(["https://issuer.example","eve"])")), tag);
    CHECK_EQUAL(hex(hmac_sha256(index_key, R"([null,"eve"])")), ledger.engine().tag_of({"", "eve"}));
}
