// What forge-ledgerd is asked, and what it answers.
#include "ledger/requests.h"

#include <fcntl.h>

#include "ledger_scratch.h"
#include "os/file.h"
#include "test.h"

using namespace forge;

namespace {

std::string refusal_of(const std::string& text, std::vector<Fd> files = {})
try {
    decode_request({text, std::move(files)});
    return "none";
} catch (const Refused& refused) {
    return std::string{code_of(refused.fault)} + " " + refused.what();
}

}

TEST(an_append_is_read_as_it_was_sent)
{
    const std::string large = '"' + std::string(100'000, 'x') + '"';
    const LedgerEvent sent{"a.started", "run.started", R"({"run":"a"})", {{"args", R"({"x":1})"}, {"sent", "1", false}, {"prompt", large}},
                           Subject{"https://i", "eve \"e\""}};
    const LedgerRequest got = decode_request(encode_append(sent));
    CHECK(got.operation == Operation::append);
    const LedgerEvent& event = got.events.at(0);
    CHECK_EQUAL(sent.id, event.id);
    CHECK_EQUAL(sent.event, event.event);
    CHECK(event.priv == sent.priv);
    CHECK_EQUAL(sent.subject->sub, event.subject->sub);
    CHECK_EQUAL(sent.subject->iss, event.subject->iss);
    CHECK(!got.wants_receipts);
    CHECK(decode_request(encode_append(sent, Want::receipt)).wants_receipts);
}

TEST(several_events_are_read_in_their_order)
{
    const std::vector<LedgerEvent> sent{{"a", "job.x", "{}"}, {"b", "job.x", "{}", {{"args", "1"}}, Subject{"", "s"}}};
    const LedgerRequest got = decode_request(encode_appendv(sent));
    CHECK(got.operation == Operation::appendv);
    CHECK_EQUAL("b"s, got.events.at(1).id);
    CHECK_EQUAL("1"s, got.events.at(1).priv.at(0).value);
}

TEST(the_other_requests_are_read)
{
    CHECK(decode_request(encode_head()).operation == Operation::head);
    CHECK(decode_request(encode_stats()).operation == Operation::stats);
    CHECK_EQUAL(std::uint64_t{7}, decode_request(encode_wait_published(7)).size);
    CHECK_EQUAL("s"s, decode_request(encode_subject_tag({"", "s"})).reveal.subject.sub);
    const auto reveal = decode_request(encode_reveal({{"i", "s"}, {1, 2}, {"args"}, "r", true})).reveal;
    CHECK(reveal.others && reveal.seqs == (std::vector<std::uint64_t>{1, 2}) && reveal.names.at(0) == "args" && reveal.request_id == "r");
}

TEST(what_is_wrong_with_a_request_is_said)
{
    CHECK_EQUAL("E_INVALID request: no object without blanks"s, refusal_of("garbage"));
    CHECK_EQUAL("E_INVALID op: unknown"s, refusal_of(R"({"op":"drop"})"));
    CHECK_EQUAL("E_INVALID unknown member x"s, refusal_of(R"({"op":"head","x":1})"));
    CHECK_EQUAL("E_INVALID size: no whole number"s, refusal_of(R"({"op":"wait_published","size":-1})"));
    CHECK_EQUAL("E_INVALID events: none"s, refusal_of(R"({"op":"appendv","events":[]})"));
    CHECK_EQUAL("E_INVALID id: ledger. is for forge-ledgerd"s, refusal_of(R"({"op":"append","event":{},"id":"ledger.x","type":"job.x"})"));
    CHECK(refusal_of(R"({"op":"append","event":{"a":01},"id":"a","type":"job.x"})").starts_with("E_INVALID event: byte "));
    CHECK(refusal_of(R"({"op":"append","event":{}})").starts_with("E_INVALID id: "));
    CHECK_EQUAL("E_INVALID subject: missing beside priv"s, refusal_of(R"({"op":"append","event":{},"id":"a","type":"job.x","priv":{"x":1}})"));
    CHECK_EQUAL("E_INVALID files.x: there is no such file"s,
                refusal_of(R"({"op":"append","event":{},"id":"a","type":"job.x","files":{"x":0}})"));
    CHECK_EQUAL("E_TOO_BIG event: 65537 bytes"s,
                refusal_of(R"({"op":"append","event":{"x":")" + std::string(65'529, 'x') + R"("},"id":"a","type":"job.x"})"));
}

TEST(what_is_missing_in_a_request_is_called_missing)
{
    for (const auto& [text, name] : std::vector<std::pair<std::string, std::string>>{
             {R"({})", "op"},
             {R"({"op":"append","event":{},"type":"job.x"})", "id"},
             {R"({"op":"append","event":{},"id":"a"})", "type"},
             {R"({"op":"append","id":"a","type":"job.x"})", "event"},
             {R"({"op":"append","event":{},"id":"a","type":"job.x","subject":{"iss":"i"}})", "subject.sub"},
             {R"({"op":"appendv"})", "events"},
             {R"({"op":"wait_published"})", "size"},
             {R"({"op":"reveal","seqs":[1]})", "subject"},
             {R"({"op":"reveal","subject":{"sub":"s"}})", "seqs"},
             {R"({"op":"subject_tag"})", "subject"},
             {R"({"op":"repair","event":{}})", "type"},
             {R"({"op":"repair","type":"ledger.incident"})", "event"},
             {R"({"op":"cosign"})", "note"},
             {R"({"op":"freeze"})", "reason"},
             {R"({"op":"redact","authoriser":"a"})", "basis"},
             {R"({"op":"redact","basis":"b"})", "authoriser"}})
        CHECK_EQUAL("E_INVALID " + name + ": missing", refusal_of(text));
    CHECK_EQUAL("E_INVALID op: no text"s, refusal_of(R"({"op":1})"));
}

TEST(a_file_that_is_not_sealed_is_refused)
{
    const test::ScratchFolder folder;
    std::vector<Fd> files;
    files.push_back(open_file(folder / "x", O_RDWR | O_CREAT, 0600));
    CHECK_EQUAL("E_INVALID files.x: not sealed, or more than 8 MiB"s,
                refusal_of(R"({"op":"append","event":{},"id":"a","type":"job.x","files":{"x":0}})", std::move(files)));
}

TEST(no_damaged_request_does_more_than_being_refused)
{
    const std::string good = encode_append({"a", "run.started", R"({"a":[1,{"b":"c\n"}]})", {{"args", R"({"x":1})"}}, Subject{"i", "s"}}).text;
    std::size_t refused = 0;
    for (std::size_t at = 0; at < good.size(); ++at) {
        refused += refusal_of(good.substr(0, at)) != "none";
        for (const char byte : {'\0', '"', '{', '}', '[', ']', ',', ':', '\\', '9', '\xff'}) {
            std::string bad = good;
            bad[at] = byte;
            refused += refusal_of(bad) != "none";
            bad.insert(at, 1, byte);
            refused += refusal_of(bad) != "none";
        }
    }
    CHECK(refused > 10 * good.size());
}

TEST(replies_say_what_was_done)
{
    test::ScratchLedger ledger;
    const auto outcomes = ledger.append({"a"});
    const LedgerReply reply = decode_reply(encode_outcome(Operation::append, outcomes[0], 2));
    CHECK(reply.ok && !reply.dup);
    CHECK_EQUAL(std::uint64_t{1}, reply.seq);
    CHECK_EQUAL(hex(leaf_hash(ledger.lines()[1])), reply.leaf);
    const LedgerReply several = decode_reply(encode_outcome(Operation::appendv, outcomes[0], 2));
    CHECK_EQUAL(std::uint64_t{1}, decode_acks(several).at(0).seq);
    const LedgerReply refusal = decode_reply(encode_refusal(Refused(Fault::no_space, "disk full: write x")));
    CHECK_EQUAL("E_NOSPC"s, refusal.error);
    CHECK(unavailable_reason(refusal) == "disk full");
    CHECK(!unavailable_reason(decode_reply(encode_refusal(Refused(Fault::conflict, "x")))));
}

TEST(head_and_stats_describe_the_ledger)
{
    test::ScratchLedger ledger;
    ledger.append({"a", "b"});
    const Json head = decode_reply(encode_head_reply(ledger.engine())).body;
    CHECK_EQUAL(std::int64_t{3}, head["size"].as_integer());
    CHECK_EQUAL(base64(ledger.engine().head().tree.root()), std::string{head["root"].as_text()});
    CHECK_EQUAL("example.com/log"s, std::string{head["origin"].as_text()});
    CHECK_EQUAL(std::int64_t{1}, head["published"]["size"].as_integer());
    const Json stats = decode_reply(encode_stats_reply(ledger.engine())).body;
    CHECK_EQUAL(std::int64_t{2}, stats["types"]["job.test"].as_integer());
    CHECK_EQUAL(std::int64_t{3}, stats["days"]["2026-11-23"].as_integer());
    CHECK_EQUAL("ok"s, std::string{stats["state"].as_text()});
    const Json troubled = decode_reply(encode_stats_reply(ledger.engine(), Fault::read_only)).body;
    CHECK_EQUAL("read only"s, std::string{troubled["state"].as_text()});
    ledger.engine().freeze("why", "root");
    CHECK_EQUAL("frozen"s, std::string{decode_reply(encode_stats_reply(ledger.engine(), Fault::read_only)).body["state"].as_text()});
}

TEST(revealed_values_travel_in_the_reply_or_as_files)
{
    const std::string large = '"' + std::string(100'000, 'x') + '"';
    const auto values = decode_revealed(decode_reply(encode_revealed({{1, "args", "00", "{}"}, {1, "output", "11", large}, {1, "sent", "22", ""}})));
    CHECK_EQUAL("{}"s, values.at(0).value);
    CHECK(values.at(1).value == large);
    CHECK(values.at(2).value.empty());
    CHECK_THROWS(Refused, encode_revealed(std::vector<RevealedValue>(20, {1, "output", "11", large})));
}
