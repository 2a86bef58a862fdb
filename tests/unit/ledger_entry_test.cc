// The bytes of a line.
#include "ledger/entry.h"

#include "ledger/batch_draft.h"
#include "ledger/refusal.h"
#include "ledger_sim.h"
#include "test.h"
#include "tlog/jcs.h"

using namespace forge;

namespace {

const std::string zeros(64, '0');

Entry small_entry()
{
    return {.actor = "forge", .event = R"({"run":"a"})", .id = "a.started", .prev = zeros, .priv = {},
            .salt = "000102030405060708090a0b0c0d0e0f", .seq = 7, .ts = "2026-11-23T12:00:00.000001Z", .type = "run.started"};
}

LedgerEvent event_with(const std::string& event)
{
    return {"a", "job.x", event};
}

Fault fault_of(const LedgerEvent& event)
{
    try {
        check_event(event);
    } catch (const Refused& refused) {
        return refused.fault;
    }
    return Fault::unknown;
}

}

TEST(a_line_has_its_members_in_order)
{
    CHECK_EQUAL(R"({"actor":"forge","event":{"run":"a"},"id":"a.started","prev":")" + zeros
                    + R"(","salt":"000102030405060708090a0b0c0d0e0f","seq":7,"ts":"2026-11-23T12:00:00.000001Z",)"
                      R"("type":"run.started","v":1})",
                entry_line(small_entry()));
}

TEST(private_values_stand_between_prev_and_salt)
{
    Entry entry = small_entry();
    entry.priv = {{"args", std::string(64, 'a'), 12}, {"sub", std::string(64, 'b'), 5}};
    const std::string line = entry_line(entry);
    CHECK(line.find(R"("prev":")" + zeros + R"(","priv":{"args":{"c":")" + std::string(64, 'a') + R"(","n":12},"sub":{"c":")"
                    + std::string(64, 'b') + R"(","n":5}},"salt":)")
          != std::string::npos);
    CHECK(!canonical_error(line));
    const auto commitments = parse_commitments(parse_entry(line)->priv);
    CHECK_EQUAL(std::size_t{2}, commitments.size());
    CHECK_EQUAL(std::uint64_t{5}, commitments[1].n);
}

TEST(a_line_is_read_back_as_it_was_made)
{
    const std::string line = entry_line(small_entry());
    const auto entry = parse_entry(line);
    CHECK(entry.has_value());
    CHECK_EQUAL("a.started"s, std::string{entry->id});
    CHECK_EQUAL(R"({"run":"a"})"s, std::string{entry->event});
    CHECK_EQUAL(std::uint64_t{7}, entry->seq);
    CHECK(entry->priv.empty());
}

TEST(what_is_no_line_is_not_read)
{
    const std::string line = entry_line(small_entry());
    const auto with = [&](const std::string& from, const std::string& to) { return replace_all(line, from, to); };
    for (const std::string& bad : {with(R"("v":1)", R"("v":2)"), with(R"("seq":7)", R"("seq":-7)"), with(R"("seq":7)", R"("seq":"7")"),
                                   with(R"(,"v":1)", ""), with(R"("v":1)", R"("v":1,"w":1)"), with(R"({"run":"a"})", "[]"),
                                   with("000102", "00010X"), with(zeros, "0"), with(R"("run.started")", R"("runstarted")"), line + " "})
        CHECK(!parse_entry(bad));
}

TEST(a_line_of_65535_bytes_is_the_longest)
{
    Entry entry = small_entry();
    const std::size_t room = line_limit - (entry_line(entry).size() - entry.event.size());
    const std::string longest = R"({"x":")" + std::string(room - 8, 'x') + R"("})";
    entry.event = longest;
    CHECK_EQUAL(line_limit, entry_line(entry).size());
    const std::string longer = R"({"x":")" + std::string(room - 7, 'x') + R"("})";
    entry.event = longer;
    CHECK_THROWS(Refused, entry_line(entry));
}

TEST(an_event_must_be_canonical)
{
    CHECK_EQUAL(static_cast<int>(Fault::unknown), static_cast<int>(fault_of(event_with(R"({"a":1,"b":[]})"))));
    for (const char* bad : {"", "[]", "1", R"({"b":1,"a":2})", R"({"a":1.0})", R"({"a": 1})", R"({"a":NaN})", R"({"a":1e400})",
                            R"({"a":9007199254740992})", R"({"a":"\ud800"})", "{\"a\":\"\\u0000\"}", "{\"a\":\"\xff\"}", R"({"a":1,"a":1})",
                            R"({"a":1}x)", "{\"a\":1}\n", R"({"a":"\u0041"})", R"({"a":-0})"})
        CHECK(fault_of(event_with(bad)) == Fault::invalid);
}

TEST(an_event_may_be_nested_so_that_the_line_is_32_deep)
{
    const auto nested = [](int depth) { return R"({"a":)" + std::string(static_cast<std::size_t>(depth - 1), '[')
                                               + std::string(static_cast<std::size_t>(depth - 1), ']') + "}"; };
    check_event(event_with(nested(31)));
    CHECK(fault_of(event_with(nested(32))) == Fault::invalid);
}

TEST(ids_types_and_names_have_their_forms)
{
    for (const char* id : {"", "a b", "ä", "a/b"})
        CHECK(fault_of({id, "job.x", "{}"}) == Fault::invalid);
    CHECK(fault_of({std::string(65, 'a'), "job.x", "{}"}) == Fault::invalid);
    check_event({std::string(64, 'Z'), "job.x", "{}"});
    for (const char* type : {"", "job", ".job", "job.", "a..b", "Job.x", "job.x y"})
        CHECK(fault_of({"a", type, "{}"}) == Fault::invalid);
    for (const char* name : {"", "Args", "a.b", "123456789012345678901234567890123"})
        CHECK(fault_of({"a", "job.x", "{}", {{name, "1"}}, Subject{"", "s"}}) == Fault::invalid);
}

TEST(private_values_are_canonical_named_once_and_have_a_subject)
{
    check_event({"a", "job.x", "{}", {{"args", R"(["x",1])"}, {"sub", "\"s\""}}, Subject{"", "s"}});
    CHECK(fault_of({"a", "job.x", "{}", {{"args", "[ ]"}}, Subject{"", "s"}}) == Fault::invalid);
    CHECK(fault_of({"a", "job.x", "{}", {{"args", "1"}, {"args", "1"}}, Subject{"", "s"}}) == Fault::invalid);
    CHECK(fault_of({"a", "job.x", "{}", {{"args", "1"}}, {}}) == Fault::invalid);
    CHECK(fault_of({"a", "job.x", "{}", {{"args", std::string(private_value_limit + 1, '1')}}, Subject{"", "s"}}) == Fault::too_big);
}

TEST(a_fixed_time_and_fixed_randomness_give_fixed_lines)
{
    test::SimIo io;
    test::SimEnv env;
    DataKeys keys{io, env, "keys", std::string(32, 'k')};
    PrivateValues values{env, keys, std::string(32, 'i')};
    BatchDraft draft{LedgerHead{}, env.wall(), values, env};
    const LedgerEvent event{"a.started", "run.started", R"({"run":"a"})", {{"sub", "\"eve\""}}, Subject{"", "eve"}};
    draft.add("forge", event, 0);
    draft.add_own({"b", "ledger.incident", "{}"});
    // sha256("random 0") begins with the salt, "random 1" is the commitment's key; checked with sha256sum and openssl.
    const std::string first = R"({"actor":"forge","event":{"run":"a"},"id":"a.started","prev":")" + zeros
        + R"(","priv":{"sub":{"c":"c3268313160787522e5a08d9e8121dec0a2d143d7d7c02b677c37172f983bf0e","n":5}},"salt":"f8161c1980478295eb64672f081e55d7","seq":0,"ts":"2026-11-23T12:00:00.000001Z",)"
          R"("type":"run.started","v":1})";
    CHECK_EQUAL(first, std::string{draft.text_of(draft.lines()[0])});
    const auto second = parse_entry(draft.text_of(draft.lines()[1]));
    CHECK_EQUAL(hex(sha256({bytes_of(std::string_view{"\0", 1}), bytes_of(first)})), std::string{second->prev});
    CHECK_EQUAL("forge-ledgerd"s, std::string{second->actor});
}
