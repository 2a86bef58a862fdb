// What an operator with the log's own key might sign although it is no ledger: each check of the verifier by itself, on lines,
// seals and notes whose hashes and signatures are right.
#include "tests/unit/test.h"
#include "tests/unit/thousand_lines.h"

#include "audit/verify_state.h"
#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "tlog/checkpoint.h"

#include <filesystem>

using namespace forge;
using forge::test::LedgerSample;
using forge::test::text_of;

namespace {

const std::string today = "events-2026-11-20.jsonl", tomorrow = "events-2026-11-21.jsonl", origin = "example.org/forge";
const std::string history = "checkpoints/2026-11-20.notes";

struct Signed {
    test::ScratchFolder folder;
    LedgerSample sample;

    explicit Signed(LedgerSample::Change genesis = {}) : sample(folder.path(), "2026-11-20", std::move(genesis)) {}
    VerifyReport verified(Thoroughness thoroughness = Thoroughness::full) const
    {
        return verify_ledger({.root = folder.path(), .thoroughness = thoroughness, .patience = Millis{0}});
    }
    VerifyReport verified_with(const std::string& vkey) const
    {
        return verify_ledger({.root = folder.path(), .vkey = vkey, .patience = Millis{0}});
    }
    void put(const std::string& file, const std::string& text) const { replace_file(folder / file, text); }
    std::string vkey() const { return sample.signer().verifier_key().text(); }
    std::string note(std::uint64_t size, const Hash& root) const { return sample.signer().sign(Checkpoint{origin, size, root}.text()); }
};

void must_find(const VerifyReport& report, int exit, const std::string& place, const std::string& reason)
{
    const std::string what = "wanted: " + place + ": " + reason + "\n" + text_of(report);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(what, exit, report.findings.exit_code());
    CPPUNIT_ASSERT_MESSAGE(what, text_of(report).find("\n" + place + ": " + reason) != std::string::npos);
}

void must_pass(const VerifyReport& report)
{
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text_of(report), 0, report.findings.exit_code());
}

// The third line of a ledger is changed; the fourth follows it.
VerifyReport with_line(const LedgerSample::Change& change, Thoroughness thoroughness = Thoroughness::full)
{
    Signed ledger;
    ledger.sample.add({"one", "job.done", "{}"});
    ledger.sample.change_next_line(change);
    ledger.sample.add({"two", "job.done", "{}", {"args"}});
    ledger.sample.add({"three", "job.done", "{}"});
    ledger.sample.publish();
    return ledger.verified(thoroughness);
}

LedgerSample::Change instead(const std::string& part, const std::string& other)
{
    return [part, other](std::string line) {
        const auto at = line.find(part);
        CPPUNIT_ASSERT_MESSAGE(part + " in " + line, at != line.npos);
        return line.replace(at, part.size(), other);
    };
}

LedgerSample::Change with_priv(const std::string& priv)
{
    return [priv](std::string line) {
        const auto begin = line.find(R"("priv":)") + 7, end = line.find(R"(,"salt":)");
        return line.replace(begin, end - begin, priv);
    };
}

// The line with another prev: `change` gets its 64 digits.
LedgerSample::Change with_prev(const LedgerSample::Change& change)
{
    return [change](std::string line) {
        const auto at = line.find(R"("prev":")") + 8;
        return line.replace(at, 64, change(line.substr(at, 64)));
    };
}

struct WrongLine {
    LedgerSample::Change change;
    std::string reason;
};

void check_lines(const std::vector<WrongLine>& wrong, Thoroughness thoroughness = Thoroughness::full)
{
    for (const auto& [change, reason] : wrong)
        must_find(with_line(change, thoroughness), 2, today + ":3", reason);
}

const std::string zeros(64, '0');

}

TEST(a_signed_line_whose_members_have_not_their_form_is_found)
{
    const std::string salt = R"("salt":"000102030405060708090a0b0c0d0e0f)";
    check_lines({
        {instead(R"("actor":"forge")", R"("actor":"")"), "actor is not a name"},
        {instead(R"("actor":"forge")", R"("actor":777)"), "actor is not a name"},
        {instead(R"("event":{})", R"("event":[])"), "event is not an object"},
        {instead(R"("id":"two")", R"("id":"a b")"), "id is not"},
        {with_prev([](auto prev) { return prev + "0"; }), "prev is not 64"},
        {with_prev([](auto prev) { return prev.substr(1); }), "prev is not 64"},
        {with_prev([](auto prev) { return "A" + prev.substr(1); }), "prev is not 64"},
        {instead(salt, salt + "0"), "salt is not 32"},
        {instead(salt, R"("salt":"000102030405060708090a0b0c0d0e0F)"), "salt is not 32"},
        {instead(R"("type":"job.done")", R"("type":"Job")"), "type is not"},
        {instead(R"("v":1})", R"("v":2})"), "v is not 1"},
        {instead(R"("seq":2)", R"("seq":2.5)"), "seq is not a whole number"},
        {instead(R"("seq":2)", R"("seq":"2")"), "seq is not a whole number"},
        {instead(R"("seq":2,)", ""), "its members are not"},
        {instead(R"("v":1})", R"("v":1,"w":1})"), "its members are not"},
        {instead(R"("v":1})", R"("v": 1})"), ""},
        {instead(R"("event":{})", R"("event":{"filler":")" + std::string(70'000, 'x') + "\"}"), "longer than 65535"},
    });
}

TEST(a_signed_line_whose_commitments_have_not_their_form_is_found)
{
    std::string many = "{";
    for (char c = 'a'; c <= 'q'; ++c)
        many += std::string{c == 'a' ? "" : ","} + "\"x" + c + R"(":{"c":")" + zeros + R"(","n":7})";
    const std::string good = R"({"args":{"c":")" + zeros + R"(","n":7}})";
    const std::vector<std::string> wrong{
        "{}", "[]", "7", many + "}", replace_all(good, "args", "Args"), replace_all(good, R"(,"n":7)", ""),
        replace_all(good, R"("n":7)", R"("n":7,"o":7)"), replace_all(good, "\"c\"", "\"b\""), replace_all(good, "\"n\"", "\"m\""),
        replace_all(good, ":7", ":-7"), replace_all(good, ":7", ":\"7\""), replace_all(good, zeros, zeros + "0"),
        replace_all(good, zeros, zeros.substr(1) + "A"), replace_all(good, zeros, zeros.substr(1)),
        R"({"args":7})"};
    for (const std::string& priv : wrong)
        check_lines({{with_priv(priv), "priv is not a map of commitments"}});
}

TEST(a_signed_line_whose_time_is_none_of_the_shards_day_is_found)
{
    const std::string ts = "2026-11-20T00:00:00.003000Z";
    for (const std::string wrong :
         {"2026-11-21T00:00:00.003000Z", "2026-11-20 00:00:00.003000Z", "2026-11-20T00.00:00.003000Z", "2026-11-20T00:00.00.003000Z",
          "2026-11-20T00:00:00,003000Z", "2026-11-20T00:00:00.003000z", "2026-11-20T24:00:00.003000Z", "2026-11-20T00:60:00.003000Z",
          "2026-11-20T00:00:60.003000Z", "2026-11-20T1::00:00.003000Z", "2026-11-20T:0:00:00.003000Z", "2026-11-20T00:00:00.00/000Z",
          "2026-11-20T00:00:00.00x000Z", "2026-11-20T00:00:00.003Z", "2026-11-20T00:00:00.0030000Z", "2026-11-20T00:00:00.003000ZZ", ""})
        check_lines({{instead(ts, wrong), "ts is not a time of the shard's day"}});
    check_lines({{instead(ts, "2026-11-20T00:00:00.001999Z"), "ts is before that of the line above"}});
}

TEST(a_signed_line_without_its_last_members_is_found_by_a_quick_look_too)
{
    const std::string none = "its members are not those of a line";
    check_lines({{instead(R"("v":1})", R"("v":2})"), none},
                 {instead(R"("type")", R"("typf")"), none},
                 {instead(R"("ts")", R"("tt")"), none},
                 {instead(R"("seq":2)", R"("seq":x)"), none},
                 {instead(R"("seq":2)", R"("seq":2x)"), none},
                 {instead(R"("seq")", R"("req")"), none},
                 {instead(R"("salt")", R"("malt")"), none},
                 {instead(R"("prev")", R"("prew")"), none},
                 {with_prev([](auto prev) { return prev.substr(1); }), none},
                 {with_prev([](auto prev) { return "A" + prev.substr(1); }), none},
                 {[](auto line) { return replace_all(with_priv("")(line), R"("prev")", R"("prew")").replace(line.find(R"("priv":)"), 8, ""); }, none},
                 {[](const auto&) { return R"({"type":"x.y","v":1})"s; }, none},
                 {[](const auto&) { return R"({"ts":"","type":"x.y","v":1})"s; }, none}},
                Thoroughness::quick);
    must_pass(with_line([](auto line) { return line; }, Thoroughness::quick));
}

TEST(what_is_nearly_a_tombstone_is_a_wrong_line)
{
    Signed ledger;
    for (const auto* id : {"one", "two", "three"})
        ledger.sample.add({id, "job.done", "{}"});
    ledger.sample.publish();
    const std::string text = read_file(ledger.folder / today), line = ledger.sample.lines()[2], leaf = hex(leaf_hash(line));
    const std::string good = R"({"leaf":")" + leaf + R"(","redacted":true,"seq":2})";
    const auto with = [&](const std::string& tombstone) {
        ledger.put(today, replace_all(text, line, tombstone));
        return ledger.verified();
    };
    const std::string covered = "a tombstone that no ledger.redaction covers";
    must_find(with(good), 2, today + ":3", covered);
    const std::string first = ledger.sample.lines()[0];
    ledger.put(today, replace_all(text, first, R"({"leaf":")" + hex(leaf_hash(first)) + R"(","redacted":true,"seq":0})"));
    must_find(ledger.verified(), 2, today + ":1", covered);
    std::string upper = leaf;
    upper[upper.find_first_of("abcdef")] = 'F';
    for (const std::string& wrong :
         {replace_all(good, leaf, upper), replace_all(good, "true", "null"), replace_all(good, "leaf", "lead"),
          replace_all(good, ":2}", ":\"2\"}"), replace_all(good, ":2}", ":2.5}"), replace_all(good, ":2}", ":02}"),
          replace_all(good, ":2}", ":}"), replace_all(good, ":2}", ":2]"), R"({"leaf":"0"})"s}) {
        const VerifyReport report = with(wrong);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(wrong + "\n" + text_of(report), 2, report.findings.exit_code());
        CPPUNIT_ASSERT_MESSAGE(wrong + "\n" + text_of(report),
                               report.findings.has(today, 3) && text_of(report).find("tombstone") == std::string::npos);
    }
}

TEST(a_first_line_that_begins_no_ledger_is_found)
{
    const auto with_genesis = [](const LedgerSample::Change& change) {
        Signed ledger{change};
        ledger.sample.add({"one", "job.done", "{}"});
        ledger.sample.publish();
        return ledger.verified();
    };
    must_find(with_genesis(instead("ledger.genesis", "job.done")), 2, today + ":1", "the first line here must be of type ledger.genesis");
    must_find(with_genesis(instead("ledger.genesis", "ledger.day_sealed")), 2, today + ":1", "the first line here must be of type ledger.genesis");
    must_find(with_genesis(instead(zeros, zeros.substr(1) + "1")), 2, today + ":1", "prev of the ledger's first line is not zero");
    must_find(with_genesis(instead(R"("origin":"example.org/forge")", R"("origin":"example.org/other")")), 2, today + ":1",
              "the origin is not the name of the log's key");
    must_find(with_genesis(instead(R"("vkey":")", R"("vkey":"x)")), 4, "keys/log.vkey:0", "a key that the ledger's own lines do not name");
}

TEST(a_line_of_the_ledger_itself_in_a_wrong_place_is_found)
{
    const auto with = [](const std::string& type, const std::string& event) {
        Signed ledger;
        ledger.sample.add({"one", type, event});
        ledger.sample.publish();
        return ledger.verified();
    };
    must_find(with("ledger.day_sealed", "{}"), 2, today + ":2", "ledger.day_sealed can only be a shard's first line");
    must_find(with("ledger.genesis", "{}"), 2, today + ":2", "ledger.genesis can only be a shard's first line");
    must_find(with("ledger.key", R"({"origin":"example.org/other"})"), 2, today + ":2", "the origin is not");
    must_find(with("ledger.redaction", R"({"fields":["event"],"seqs":["x"]})"), 2, today + ":2", "seqs is not a list");
    must_find(with("ledger.redaction", R"({"fields":["event"],"seqs":[["x",1]]})"), 2, today + ":2", "seqs is not a list");
    must_find(with("ledger.redaction", R"({"fields":["event"],"seqs":[[1,"x"]]})"), 2, today + ":2", "seqs is not a list");
    must_pass(with("ledger.key", "{}"));
}

TEST(a_day_that_is_sealed_as_something_else_is_found)
{
    const auto with_seal = [](const std::function<void(DayNote&)>& change, const LedgerSample::Change& line = {}) {
        Signed ledger;
        ledger.sample.add({"one", "job.done", "{}"});
        ledger.sample.change_next_line(line);
        ledger.sample.begin_day("2026-11-21", change);
        ledger.sample.add({"two", "job.done", "{}"});
        ledger.sample.publish();
        return ledger.verified();
    };
    const std::string place = tomorrow + ":1", says = "the seal of " + today + " says ";
    must_find(with_seal([](auto& seal) { seal.day = "2026-11-19"; }), 2, place, says + "day 2026-11-19");
    must_find(with_seal([](auto& seal) { seal.first = 1; }), 2, place, says + "first seq 1, but it is 0");
    must_find(with_seal([](auto& seal) { seal.last = 2, seal.size = 3; }), 2, place, says + "last seq 2, but it is 1");
    must_find(with_seal([](auto& seal) { ++seal.bytes; }), 2, place, says + "bytes");
    must_find(with_seal([](auto& seal) { seal.sha256[0] = seal.sha256[0] == '0' ? '1' : '0'; }), 2, place, says + "sha256");
    must_find(with_seal([](auto& seal) { seal.root[0] ^= 1; }), 2, today + ":2", "the root of 2 lines is not the one of the seal of");
    must_find(with_seal({}, instead("ledger.day_sealed", "job.done")), 2, place, "the first line here must be of type ledger.day_sealed");
    must_find(with_seal({}, instead(R"("bytes":)", R"("bytes":-)")), 2, place, "not the seal of a day");
    must_find(with_seal({}, instead(R"("first":0)", R"("first":"0")")), 2, place, "not the seal of a day");
    must_find(with_seal({}, instead(R"("first":0)", R"("first":0.5)")), 2, place, "not the seal of a day");
    must_find(with_seal({}, instead(R"("bytes":)", R"("bytes":1)")), 2, "days/2026-11-20.note:0", "says something else than the seal");
}

TEST(a_shard_without_lines_is_found)
{
    Signed ledger;
    ledger.sample.publish();
    ledger.put("events-2026-11-19.jsonl", "");
    must_find(ledger.verified(), 2, "events-2026-11-19.jsonl:0", "a shard without lines");
}

TEST(a_history_of_checkpoints_that_contradicts_itself_is_found)
{
    Signed ledger;
    for (const auto* id : {"one", "two"})
        ledger.sample.add({id, "job.done", "{}"});
    ledger.sample.publish();
    const std::string newest = read_file(ledger.folder / history);
    const Hash one = leaf_hash(ledger.sample.lines()[0]);
    const auto with = [&](const std::string& notes) {
        ledger.put(history, notes);
        return ledger.verified();
    };
    const std::string first = ledger.note(1, one) + "\n", forged = ledger.note(1, Hash{}) + "\n";
    must_pass(with(ledger.note(0, sha256("")) + "\n" + first + first + newest));
    must_find(with(newest + first + newest), 2, history + ":7", "a checkpoint that does not hold: its size is below");
    must_find(with(first + forged + newest), 2, history + ":7", "a checkpoint that does not hold: it has the size of the one before");
    must_find(with(forged + newest), 2, today + ":1", "the root of 1 lines is not the one of " + history);
    must_find(with(first), 2, history + ":0", "the newest checkpoint is not among them");
    must_find(with(""), 2, history + ":0", "the newest checkpoint is not among them");
    must_find(with(newest + ledger.note(4, Hash{}) + "\n"), 2, "checkpoint:0", "older than the one of 4 lines in " + history);
    ledger.put("checkpoints/2026-11-21.notes", newest);
    must_find(with(first + "garbage\n"), 2, history + ":7", "the last note does not end");
    must_find(with(first + "garbage"), 2, history + ":7", "the last note does not end");
    std::filesystem::remove(ledger.folder / "checkpoints/2026-11-21.notes");
    ledger.put("checkpoints/2026-11-21.notes", "");   // as crashes may leave them
    ledger.put("checkpoints/2026-11-22.notes", "");
    must_pass(with(newest));
    std::filesystem::remove_all(ledger.folder / "checkpoints");
    must_find(ledger.verified(), 2, "checkpoints:0", "the newest checkpoint is not among them");
}

TEST(files_of_keys_that_are_none_are_found)
{
    Signed ledger;
    ledger.sample.publish();
    const std::string key = ledger.vkey(), stranger = NoteSigner{origin, SigningKey::generate()}.verifier_key().text();
    const std::string file = "keys/log.vkeys";
    const auto with = [&](const std::string& text) {
        ledger.put(file, text);
        return ledger.verified();
    };
    must_pass(with(key + " 0 -\n"));
    must_find(with(key + " 0 -"), 2, file + ":0", "its last line does not end");
    must_find(with(key + " 0\n"), 2, file + ":0", "a line is not");
    must_find(with(key + " x -\n"), 2, file + ":0", "a line is not");
    must_find(with(key + " 0 x\n"), 2, file + ":0", "a line is not");
    must_find(with(stranger + " 0 -\n"), 2, file + ":0", "the key of keys/log.vkey is not among them");
    must_find(with(stranger + " 0 1\n" + key + " 1 -\n"), 4, "keys/log.vkey:0", "a key that the ledger's own lines do not name");
    std::filesystem::remove(ledger.folder / file);
    ledger.put("keys/log.vkey", key);
    must_find(ledger.verified(), 2, "keys/log.vkey:0", "not one line");
}

TEST(a_pinned_key_must_have_signed_for_the_one_that_follows_it)
{
    Signed ledger;
    const NoteSigner next{origin, SigningKey::generate()};
    const std::string next_key = next.verifier_key().text();
    ledger.sample.add({"key", "ledger.key", R"({"vkey":")" + next_key + "\"}"});
    ledger.sample.publish();
    const std::string text = Checkpoint{origin, 2, ledger.sample.root_hash()}.text();
    const std::string by_next = next.sign(text), by_both = ledger.sample.signer().sign(text) + next.signature_line(text);
    ledger.put("keys/log.vkey", next_key + "\n");
    ledger.put("keys/log.vkeys", ledger.vkey() + " 0 -\n" + next_key + " 2 -\n");
    const auto with = [&](const std::string& note) {
        ledger.put("checkpoint", note);
        ledger.put(history, note + "\n");
        return ledger.verified_with(ledger.vkey());
    };
    must_pass(with(by_both));
    must_pass(with(next.sign(text) + ledger.sample.signer().signature_line(text)));
    must_find(with(by_next), 4, "keys/log.vkey:0", "the line that names the key " + next.verifier_key().fingerprint() + " was not signed");
    ledger.put("keys/log.vkeys", next_key + " 2 -\n");
    must_find(with(by_both), 4, "keys/log.vkey:0", "not the pinned key");
}

TEST(private_values_that_nobody_can_open_are_missing)
{
    Signed ledger;
    ledger.sample.add({"one", "job.done", "{}", {"args"}});
    ledger.sample.add({"two", "job.done", "{}", {"args", "sub"}});
    ledger.sample.publish();
    must_pass(ledger.verified());
    const std::string sidecar = "private/2026-11-20.jsonl", keys = "private/keys/2026-11.jsonl";
    const std::string values = read_file(ledger.folder / sidecar), key = read_file(ledger.folder / keys);
    const auto with = [&](const std::string& file, const std::string& text) {
        ledger.put(file, text);
        return ledger.verified();
    };
    const std::string missing = R"(the private value "args" is missing)";
    must_find(with(sidecar, "{}\n" + values), 2, sidecar + ":1", "not a line of private values");
    must_find(with(sidecar, replace_all(values, R"("name":"args")", R"("name":"")")), 2, sidecar + ":1", "not a line of private values");
    must_find(with(sidecar, replace_all(values, R"("name":"args")", R"("name":"arks")")), 2, today + ":2", missing);
    std::filesystem::remove(ledger.folder / sidecar);
    must_find(ledger.verified(), 2, today + ":3", missing);
    ledger.put(sidecar, values);
    must_find(with(keys, "{}\n"), 2, today + ":2", missing);
    std::filesystem::remove(ledger.folder / keys);
    must_find(ledger.verified(), 2, today + ":2", missing);
    ledger.put(keys, key);
    must_pass(ledger.verified());
}

TEST(a_note_that_is_missing_or_not_signed_is_named)
{
    Signed ledger;
    ledger.sample.begin_day("2026-11-21");
    ledger.sample.publish();
    const std::string checkpoint = read_file(ledger.folder / "checkpoint");
    ledger.put("checkpoint", replace_all(checkpoint, "\n2\n", "\n3\n"));
    must_find(ledger.verified(), 2, "checkpoint:0", "does not hold: ");
    ledger.put("checkpoint", checkpoint);
    std::filesystem::remove(ledger.folder / "days/2026-11-20.note");
    must_find(ledger.verified(), 2, "days/2026-11-20.note:0", "missing: the day is sealed");
}

TEST(what_follows_a_verifiers_state_must_follow_its_last_line)
{
    Signed ledger;
    const test::ScratchFolder own;
    const VerifierFolder memory{own.path()};
    const auto verified = [&] { return verify_increment({.root = ledger.folder.path(), .patience = Millis{0}}, memory); };
    ledger.sample.add({"one", "job.done", "{}"});
    ledger.sample.publish();
    must_pass(verified());
    ledger.sample.change_next_line(with_prev([](auto prev) { return (prev[0] == '0' ? '1' : '0') + prev.substr(1); }));
    for (const auto* id : {"two", "three"})
        ledger.sample.add({id, "job.done", "{}"});
    ledger.sample.publish();
    must_find(verified(), 2, today + ":3", "prev is not the hash of the line above");
}

TEST(a_verifier_does_not_go_on_from_a_damaged_tile)
{
    Signed ledger;
    const test::ScratchFolder own;
    const VerifierFolder memory{own.path()};
    ledger.sample.add({"one", "job.done", "{}"});
    ledger.sample.publish();
    const auto verified = [&] { return verify_increment({.root = ledger.folder.path(), .patience = Millis{0}}, memory); };
    must_pass(verified());
    std::string tile = read_file(ledger.folder / "tile/0/000.p/2");
    tile[0] ^= 1;
    ledger.put("tile/0/000.p/2", tile);
    const VerifyReport report = verified();
    must_find(report, 2, "tile/0/000.p/2:0", "another hash than the lines for seq 0");
    for (const Flaw& flaw : report.findings.list())
        CHECK_EQUAL("tile/0/000.p/2"s, flaw.file);
}

TEST(the_state_of_a_verifier_has_one_form)
{
    const VerifierState state{origin, 7, Hash{1}, "2026-11-20", 3, 500, "the key"};
    const std::string text = state.text();
    CHECK_EQUAL(text, VerifierState::parse(text).text());
    for (const std::string& wrong : {""s, text + "x\n", text.substr(0, text.size() - 1), replace_all(text, "/verified", "/Verified"),
                                     replace_all(text, "\n7 ", "\n07 "), replace_all(text, "\n7 ", "\n0 "), replace_all(text, "\n7 ", "\n7"),
                                     replace_all(text, "\n7 ", "\n7 7 "), replace_all(text, " 3 500", " 3"), replace_all(text, " 3 500", " 3 500 1")})
        CHECK_THROWS(Error, VerifierState::parse(wrong));
}

TEST(a_redaction_covers_no_later_line)
{
    Signed ledger;
    for (const auto* id : {"one", "two", "three"})
        ledger.sample.add({id, "job.done", "{}", {"args"}});
    ledger.sample.add({"redaction", "ledger.redaction", R"({"fields":["args"],"seqs":[1,[2,2]]})"});
    ledger.sample.publish();
    std::filesystem::remove(ledger.folder / "private/2026-11-20.jsonl");
    const VerifyReport report = ledger.verified();
    must_find(report, 2, today + ":4", R"(the private value "args" is missing)");
    must_find(report, 2, "private/2026-11-20.jsonl:0", "missing, or without values");
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text_of(report), std::uint64_t{2}, report.findings.total());
}

TEST(a_ledger_without_its_file_of_keys_is_verified_with_the_pinned_one)
{
    Signed ledger;
    ledger.sample.add({"one", "job.done", "{}"});
    ledger.sample.publish();
    ledger.put(today, replace_all(read_file(ledger.folder / today), "job.done", "job.d0ne"));
    std::filesystem::remove_all(ledger.folder / "keys");
    const VerifyReport report = ledger.verified_with(ledger.vkey());
    must_find(report, 2, "keys/log.vkey:0", "open ");
    must_find(report, 2, today + ":2", "");
}

TEST(a_verifier_that_goes_on_notices_another_log_and_a_missing_tile)
{
    Signed ledger;
    const test::ScratchFolder own;
    const VerifierFolder memory{own.path()};
    const auto verified = [&] { return verify_increment({.root = ledger.folder.path(), .patience = Millis{0}}, memory); };
    ledger.sample.publish();
    must_pass(verified());
    std::filesystem::remove(ledger.folder / "tile/0/000.p/1");
    must_find(verified(), 2, "tile/0/000.p/1:0", "missing");
    const NoteSigner other{"example.org/other", SigningKey::generate()};
    ledger.put("keys/log.vkey", other.verifier_key().text() + "\n");
    ledger.put("checkpoint", other.sign(Checkpoint{"example.org/other", 1, ledger.sample.root_hash()}.text()));
    must_find(verified(), 4, "checkpoint:0", "of example.org/other, but what was verified before was example.org/forge");
}

TEST(lines_in_quarantine_whose_tile_is_missing_too_are_no_mere_gap)
{
    Signed ledger;
    ledger.sample.add({"one", "job.done", "{}"});
    ledger.sample.begin_day("2026-11-21");
    ledger.sample.publish();
    std::filesystem::create_directories(ledger.folder / "quarantine/x");
    ledger.put("quarantine/x/report.json", R"({"shard":"events-2026-11-20.jsonl"})");
    std::filesystem::remove(ledger.folder / today);
    must_find(ledger.verified(), 5, today + ":0", "in quarantine: seq 0 to 1");
    std::filesystem::remove(ledger.folder / "tile/0/000.p/3");
    must_find(ledger.verified(), 2, "tile/0/000.p/2:0", "missing");
}
