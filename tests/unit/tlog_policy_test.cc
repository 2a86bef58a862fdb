// Policies, cosignatures and receipts: what the specifications allow, and what they do not.
#include "tests/unit/test.h"

#include "audit/receipt.h"
#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "tlog/policy.h"
#include "tlog/proof.h"

using namespace forge;

namespace {

// A log of three entries and two witnesses.
struct Parties {
    NoteSigner log{"example.com/log", SigningKey::generate()};
    Cosigner first{"witness.example/w1", SigningKey::generate()};
    Cosigner second{"witness.example/w2", SigningKey::generate()};
    Hashes leaves{leaf_hash("a"), leaf_hash("b"), leaf_hash("c")};
    Checkpoint tree{"example.com/log", 3, root_hash(leaves)};

    std::string log_line() const { return "log " + log.verifier_key().text() + "\n"; }
    std::string witness_lines() const
    {
        return "witness W1 " + first.verifier_key().text() + " https://w1.example/\nwitness W2 " + second.verifier_key().text() + "\n";
    }
    Policy policy(const std::string& rest) const { return Policy::parse(log_line() + witness_lines() + rest); }
    std::string note(bool by_first, bool by_second) const
    {
        return log.sign(tree.text()) + (by_first ? first.cosign(tree.text(), 1'700'000'000) : "")
               + (by_second ? second.cosign(tree.text(), 1'700'000'001) : "");
    }
    bool is_good(const std::string& rest, bool by_first, bool by_second) const
    {
        return policy(rest).check(Note::parse(note(by_first, by_second))).is_good();
    }
    std::string receipt(const std::string& note) const
    {
        return TlogProof{"b", 1, inclusion_proof(1, leaves), note}.text();
    }
};

std::string fault_of(const std::string& policy)
try {
    Policy::parse(policy);
    return "none";
} catch (const Error& error) {
    return error.what();
}

}

TEST(a_cosignature_is_right_for_its_text_and_time_only)
{
    const Parties parties;
    const std::string text = parties.tree.text();
    const Note note = Note::parse(parties.note(true, false));
    const CosignerKey& key = parties.first.verifier_key();
    CHECK(key.verify(text, note.signatures.at(1)) == 1'700'000'000U);
    CHECK(!key.verify(text + "x\n", note.signatures.at(1)));
    CHECK(!key.verify(text, note.signatures.at(0)));
    CHECK(!parties.second.verifier_key().verify(text, note.signatures.at(1)));
    NoteSignature later = note.signatures.at(1);
    later.bytes[7] = static_cast<char>(later.bytes[7] ^ 1);
    CHECK(!key.verify(text, later));
    later.bytes.resize(8);
    CHECK(!key.verify(text, later));
    CHECK(CosignerKey::parse(key.text()) == key);
    CHECK_THROWS(Error, CosignerKey::parse(parties.log.verifier_key().text()));
}

TEST(the_key_ids_of_the_specifications_are_met)
{
    // The first key of RFC 8032 section 7.1 under a name; the ids are what sha256sum says.
    const std::string key = from_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a").value();
    CHECK_EQUAL(0xcc714670U, VerifierKey("example.com/log", key).key_id());
    CHECK_EQUAL(0xa740d55cU, CosignerKey("example.com/log", key).key_id());
}

TEST(a_quorum_is_met_by_enough_witnesses)
{
    const Parties parties;
    CHECK(parties.is_good("quorum none\n", false, false));
    CHECK(parties.is_good("quorum W1\n", true, false));
    CHECK(!parties.is_good("quorum W1\n", false, true));
    for (const std::string all : {"group G all W1 W2\nquorum G\n", "group G 2 W1 W2\nquorum G\n"}) {
        CHECK(parties.is_good(all, true, true));
        CHECK(!parties.is_good(all, true, false));
    }
    for (const std::string any : {"group G any W1 W2\nquorum G\n", "group\tG 1  W1 W2 \n# x\n\n  # y\n \t\nquorum G"}) {
        CHECK(parties.is_good(any, false, true));
        CHECK(!parties.is_good(any, false, false));
    }
    const std::string nested = "group G any W1\ngroup H all G W2\nquorum H\n";
    CHECK(parties.is_good(nested, true, true));
    CHECK(!parties.is_good(nested, false, true));
}

TEST(what_is_no_policy_is_refused_with_its_line)
{
    const Parties parties;
    const std::string log = parties.log_line();
    const std::string both = parties.witness_lines();
    CHECK_EQUAL("none"s, fault_of("quorum none\n"));
    CHECK_EQUAL("none"s, fault_of(log + both + "quorum none"));
    const std::pair<std::string, std::string> wrong[] = {
        {"", "no quorum line"}, {log, "no quorum line"}, {"quorum none\nquorum none\n", "line 2: a second"}, {"quorum W1\n", "line 1:"},
        {"quorum\n", "line 1:"}, {"quorum W1 W2\n", "line 1:"}, {log + log + "quorum none\n", "line 2: this key"},
        {both + both + "quorum none\n", "line 3: this key"}, {"log\nquorum none\n", "line 1:"}, {"log x\nquorum none\n", "line 1:"},
        {"log " + parties.first.verifier_key().text() + "\nquorum none\n", "line 1: the key is not of a type that logs"},
        {"witness W " + parties.log.verifier_key().text() + "\nquorum none\n", "line 1: the key is not of a type that witnesses"},
        {"witness none " + parties.first.verifier_key().text() + "\nquorum none\n", "line 1: the name none"},
        {both + "group W1 any W2\nquorum W1\n", "line 3: the name \"W1\""}, {both + "group G any\nquorum G\n", "line 3:"},
        {both + "group G 0 W1\nquorum G\n", "line 3: a group's threshold"}, {both + "group G 3 W1 W2\nquorum G\n", "line 3: a group's"},
        {both + "group G 01 W1\nquorum G\n", "line 3:"}, {both + "group G any W3\nquorum G\n", "line 3: \"W3\""},
        {both + "group G any none\nquorum G\n", "line 3: \"none\""}, {both + "group G any W1 W1\nquorum G\n", "line 3: \"W1\" is a member"},
        {both + "group G any W1\ngroup H all G W1\nquorum H\n", "line 4: \"W1\" is a member"}, {"quorum none\r\n", "control character"},
        {"quorum none\x7f\n", "control character"}, {"# \x01\nquorum none\n", "control character"}, {"qourum none\n", "line 1: a line begins"},
        {"group G any W1\n" + both + "quorum G\n", "line 1: \"W1\" is not defined"}};
    for (const auto& [text, fault] : wrong)
        CPPUNIT_ASSERT_MESSAGE(text + "\n-> " + fault_of(text), fault_of(text).find(fault) != std::string::npos);
}

TEST(names_of_a_policy_may_be_any_octets)
{
    const Parties parties;
    const std::string name = "\xE2\x84\xAA\xFF";
    const Policy policy = Policy::parse(parties.log_line() + "witness " + name + " " + parties.first.verifier_key().text()
                                        + "\nquorum " + name + "\n");
    CHECK(policy.check(Note::parse(parties.note(true, false))).is_good());
}

TEST(a_receipt_is_checked_without_the_log)
{
    const Parties parties;
    const std::string good = parties.receipt(parties.note(true, false));
    CHECK_EQUAL(0, check_receipt(good, parties.policy("quorum W1\n"), {}).exit_code());
    CHECK_EQUAL(0, check_receipt(good, parties.policy("quorum none\n"), "b").exit_code());
    CHECK_EQUAL(2, check_receipt(good, parties.policy("quorum none\n"), "c").exit_code());
    CHECK_EQUAL(5, check_receipt(good, parties.policy("quorum W2\n"), {}).exit_code());
    CHECK_EQUAL(4, check_receipt(good, Policy::parse("quorum none\n"), {}).exit_code());
    const Parties others;
    CHECK_EQUAL(4, check_receipt(good, others.policy("quorum none\n"), {}).exit_code());
    // A known key whose signature is not right spoils the whole note.
    const std::string note = parties.note(true, false);
    const std::string other_text = others.first.cosign("x\n1\n" + base64(Hash{}) + "\n", 1);
    const Policy knows = Policy::parse(parties.log_line() + "witness T " + others.first.verifier_key().text() + "\nquorum none\n");
    CHECK_EQUAL(2, check_receipt(parties.receipt(note + other_text), knows, {}).exit_code());
}

TEST(every_change_of_a_byte_of_a_receipt_is_noticed)
{
    const Parties parties;
    const Policy policy = parties.policy("group G all W1 W2\nquorum G\n");
    const std::string good = parties.receipt(parties.note(true, true));
    CHECK_EQUAL(0, check_receipt(good, policy, {}).exit_code());
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        CPPUNIT_ASSERT_MESSAGE(bad, check_receipt(bad, policy, {}).exit_code() != 0);
        CHECK(check_receipt(good.substr(0, i), policy, {}).exit_code() != 0);
    }
}

TEST(a_receipt_has_one_form)
{
    const Parties parties;
    const std::string note = parties.note(false, false);
    const std::string good = parties.receipt(note);
    CHECK_EQUAL(good, TlogProof::parse(good).text());
    const TlogProof bare{{}, 0, {}, note};
    CHECK_EQUAL(bare.text(), TlogProof::parse(bare.text()).text());
    CHECK(!TlogProof::parse(bare.text()).extra);
    const std::string start = "c2sp.org/tlog-proof@v1\n";
    const std::string wrong[] = {
        "", start, "c2sp.org/tlog-proof@v2\nindex 0\n\n" + note, start + "index 00\n\n" + note, start + "index -1\n\n" + note,
        start + "index 0 \n\n" + note, start + "index 18446744073709551616\n\n" + note, start + "index\n\n" + note,
        start + "index 0\nextra YQ==\n\n" + note, start + "extra YQ\nindex 0\n\n" + note, start + "extra YR==\nindex 0\n\n" + note,
        start + "index 0\nYQ==\n\n" + note, start + "index 0\n" + note, start + "index 0\n\n", start + "index 0\n\n" + note + "x",
        start + "index 0\n\n\n" + note, "\n" + start + "index 0\n\n" + note, start + "index 0\r\n\n" + note};
    for (const auto& text : wrong)
        CHECK_THROWS(Error, TlogProof::parse(text));
}

TEST(the_shipped_policy_needs_no_witness_and_its_examples_are_right)
{
    const std::string shipped = read_file("config/ledger.policy");
    const Policy plain = Policy::parse(shipped);
    CHECK(plain.logs().empty() && plain.witnesses().empty());
    CHECK(plain.check(Note::parse(Parties{}.note(false, false))).has_quorum);
    std::string used;
    for (const std::string_view line : split(shipped, '\n'))
        if (line != "quorum none")
            used += std::string{line.starts_with('#') && !line.starts_with("# ") ? line.substr(1) : line} + "\n";
    const Policy with_examples = Policy::parse(used);
    CHECK_EQUAL(std::size_t{1}, with_examples.logs().size());
    CHECK_EQUAL(std::size_t{1}, with_examples.witnesses().size());
    CHECK(!with_examples.check(Note::parse(Parties{}.note(false, false))).has_quorum);
}
