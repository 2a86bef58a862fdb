// Checkpoints and day notes: their exact text, and who may have signed it.
#include "tests/unit/test.h"

#include "base/error.h"
#include "ledger/day_note.h"
#include "tlog/checkpoint.h"

using namespace forge;

namespace {

const std::string sofa = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const std::string sofa_line =
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";

const std::string day_text = "example.org/log/day\n2026-11-22\n5 9\n10 CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
                             "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 1234\n";

}

TEST(checkpoint_of_the_specification_is_read_and_written)
{
    const Note note = Note::parse(sofa + "\n" + sofa_line);
    const Checkpoint checkpoint = Checkpoint::parse(note.text);
    CHECK_EQUAL("example.com/behind-the-sofa"s, checkpoint.origin);
    CHECK_EQUAL(std::uint64_t{20852163}, checkpoint.size);
    CHECK_EQUAL(sofa, checkpoint.text());
    CHECK_EQUAL(sofa + "more\n", Checkpoint::parse(sofa + "more\n").text());
}

TEST(checkpoint_refuses_any_other_form)
{
    const std::string root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    for (const std::string& text :
         {""s, "a\n"s, "a\n1\n"s, "\n1\n" + root + "\n", "a\n01\n" + root + "\n", "a\n-1\n" + root + "\n",
          "a\n+1\n" + root + "\n", "a\n1\n" + root, "a\n1\n" + root + "\n\n", "a\n1\n" + root + "\nx",
          "a\n18446744073709551616\n" + root + "\n", "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n"s,
          "a\n1\nCsUY\n"s, "a\n1 \n" + root + "\n"})
        CPPUNIT_ASSERT_THROW_MESSAGE(text, Checkpoint::parse(text), Error);
    CHECK_EQUAL(std::uint64_t{0}, Checkpoint::parse("a\n0\n" + root + "\n").size);
}

TEST(checkpoint_opens_with_the_key_of_its_origin_only)
{
    const NoteSigner log{"example.org/log", SigningKey::generate()};
    const NoteSigner stranger{"example.org/log", SigningKey::generate()};
    const Checkpoint checkpoint{"example.org/log", 3, sha256("x")};
    CHECK(Checkpoint::open(log.sign(checkpoint.text()), log.verifier_key()) == checkpoint);
    CHECK_THROWS(Error, Checkpoint::open(stranger.sign(checkpoint.text()), log.verifier_key()));
    CHECK_THROWS(Error, Checkpoint::open(log.sign(Checkpoint{"example.org/other", 3, {}}.text()), log.verifier_key()));
    CHECK_THROWS(Error, Checkpoint::open(log.sign(day_text), log.verifier_key()));
}

TEST(day_note_is_read_and_written)
{
    const DayNote note = DayNote::parse(day_text);
    CHECK_EQUAL(day_text, note.text());
    CHECK_EQUAL("example.org/log"s, note.origin);
    CHECK_EQUAL(std::uint64_t{9}, note.last);
    CHECK_EQUAL(std::uint64_t{1234}, note.bytes);
    const NoteSigner log{"example.org/log", SigningKey::generate()};
    CHECK(DayNote::open(log.sign(day_text), log.verifier_key()) == note);
    const NoteSigner other{"example.org/other", SigningKey::generate()};
    CHECK_THROWS(Error, DayNote::open(other.sign(day_text), other.verifier_key()));
    CHECK_THROWS(Error, DayNote::open(other.sign(day_text), log.verifier_key()));
}

TEST(day_note_refuses_any_other_form)
{
    const auto changed = [](std::string_view from, std::string_view to) { return replace_all(day_text, from, to); };
    for (const std::string& text :
         {""s, sofa, changed("/day", ""), changed("-11-22", "-13-22"), changed("-11-22", "-1-22"),
          changed("5 9", "5  9"), changed("5 9", "5"), changed(" 1234", " 01234"), changed("e3b0", "E3b0"),
          changed("e3b0", "e3"), day_text + "x\n", changed("example.org/log", "")})
        CPPUNIT_ASSERT_THROW_MESSAGE(text, DayNote::parse(text), Error);
}
