// Signed notes: the published examples, and what the specification refuses.
#include "tests/unit/test.h"

#include "base/error.h"
#include "tlog/note.h"

using namespace forge;

namespace {

// The example key pair and note of Go's package note: others made these bytes.
const std::string neumann_vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const std::string neumann_seed = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const std::string neumann_text =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const std::string neumann_line =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

const std::string quasimodo =
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

// PKCS#8 of an Ed25519 seed is a fixed beginning and the seed (RFC 8410).
SigningKey key_of_seed(const std::string& seed)
{
    return SigningKey::from_pem("-----BEGIN PRIVATE KEY-----\n"
                                + base64(*from_hex("302e020100300506032b657004220420") + seed)
                                + "\n-----END PRIVATE KEY-----\n");
}

}

TEST(note_signs_byte_for_byte_as_the_reference_does)
{
    const NoteSigner signer{"PeterNeumann", key_of_seed(from_base64(neumann_seed)->substr(1))};
    CHECK_EQUAL(neumann_vkey, signer.verifier_key().text());
    CHECK_EQUAL(neumann_text + "\n" + neumann_line, signer.sign(neumann_text));
    CHECK(Note::parse(signer.sign(neumann_text)).is_signed_by(VerifierKey::parse(neumann_vkey)));
}

TEST(note_of_the_specification_is_taken_apart_at_its_last_empty_line)
{
    const Note note = Note::parse(quasimodo);
    CHECK_EQUAL(quasimodo.substr(0, quasimodo.find("\n—")), note.text);
    CHECK_EQUAL("quasimodo.example/salvatore"s, note.signatures.at(0).name);
    CHECK_EQUAL(0x367ba04bU, note.signatures.at(0).key_id);
    CHECK_EQUAL(std::size_t{64}, note.signatures.at(0).bytes.size());
}

TEST(note_refuses_what_is_no_note)
{
    const std::string good = neumann_text + "\n" + neumann_line;
    CHECK_EQUAL(neumann_text, Note::parse(good).text);
    const std::string bad[] = {"",
                               neumann_text,
                               neumann_text + "\n",
                               neumann_text + neumann_line,
                               good + "\n",
                               good + "x\n",
                               good.substr(0, good.size() - 1),
                               "a\tb\n" + good,
                               "\xFF\n" + good,
                               good + "— name\n",
                               good + "—  x08go/ZJ\n",
                               good + "— a+b x08go/ZJ\n",
                               good + "— a\u00A0b x08go/ZJ\n",
                               good + "— a x08g=\n",
                               good + "— a x08goA==\n",
                               good + "- a x08go/ZJ\n",
                               std::string(1 << 20, 'x') + "\n" + good};
    for (const auto& text : bad)
        CPPUNIT_ASSERT_THROW_MESSAGE(text.substr(0, 100), Note::parse(text), Error);
}

TEST(note_ignores_unknown_keys_and_rejects_a_wrong_signature_of_a_known_one)
{
    const NoteSigner log{"example.org/log", SigningKey::generate()};
    const NoteSigner other{"example.org/log", SigningKey::generate()};
    const std::string text = "one\n";
    const std::string both = other.sign(text) + log.signature_line(text);
    CHECK(Note::parse(both).is_signed_by(log.verifier_key()));
    CHECK(Note::parse(both).is_signed_by(other.verifier_key()));
    CHECK(!Note::parse(other.sign(text)).is_signed_by(log.verifier_key()));
    CHECK(!Note::parse(log.sign(text) + log.signature_line("two\n")).is_signed_by(log.verifier_key()));
    CHECK(!Note::parse(log.signature_line("two\n").insert(0, text + "\n")).is_signed_by(log.verifier_key()));
}

TEST(note_every_changed_byte_is_refused_or_not_signed)
{
    const NoteSigner log{"example.org/log", SigningKey::generate()};
    const std::string good = log.sign("example.org/log\n17\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n");
    for (std::size_t i = 0; i < good.size(); ++i)
        for (int bit = 0; bit < 8; ++bit) {
            std::string bad = good;
            bad[i] = static_cast<char>(bad[i] ^ (1 << bit));
            bool is_signed = false;
            try {
                is_signed = Note::parse(bad).is_signed_by(log.verifier_key());
            } catch (const Error&) {   // refused
            }
            CPPUNIT_ASSERT_MESSAGE(bad, !is_signed);
        }
}

TEST(note_verifier_key_has_one_text)
{
    CHECK_EQUAL(neumann_vkey, VerifierKey::parse(neumann_vkey).text());
    for (const auto& vkey :
         {"PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"s, neumann_vkey + "\n",
          "Peter Neumann" + neumann_vkey.substr(12), "PeterNeumann+C74F20A3" + neumann_vkey.substr(21),
          "PeterNeumann+c74f20a3"s, "+c74f20a3+ARpc"s, ""s,
          "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"s})
        CPPUNIT_ASSERT_THROW_MESSAGE(vkey, VerifierKey::parse(vkey), Error);
    CHECK_THROWS(Error, VerifierKey("a b", std::string(32, 'x')));
    CHECK_THROWS(Error, VerifierKey("ab", std::string(31, 'x')));
}

TEST(notes_in_a_file_are_found_one_after_the_other)
{
    const std::string one = neumann_text + "\n" + neumann_line;
    const std::string file = one + "\n" + quasimodo + "\n";
    const auto notes = notes_in(file);
    CHECK_EQUAL(std::size_t{2}, notes.size());
    CHECK_EQUAL(one, std::string{notes[0]});
    CHECK_EQUAL(quasimodo, std::string{notes[1]});
    CHECK(notes_in("").empty());
    CHECK_THROWS(Error, notes_in(one));
    CHECK_THROWS(Error, notes_in(one + "\nx"));
}
