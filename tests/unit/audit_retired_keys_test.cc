// A key that the ledger's own lines retired signs nothing any more, whatever keys/ says.
#include "tests/unit/ledger_sample.h"
#include "tests/unit/test.h"
#include "tests/unit/thousand_lines.h"

#include "audit/ledger_view.h"
#include "audit/verify_state.h"
#include "base/error.h"
#include "os/file.h"
#include "tlog/checkpoint.h"

#include <filesystem>

using namespace forge;
using forge::test::LedgerSample;
using forge::test::text_of;

namespace {

const std::string origin = "example.org/forge", history = "checkpoints/2026-11-20.notes";

// Its first key is the sample's, the next one is named by seq 1; retire() retires the first.
struct TwoKeys {
    test::ScratchFolder folder, own;
    LedgerSample sample{folder.path()};
    const NoteSigner& first = sample.signer();
    NoteSigner next{origin, SigningKey::generate()};
    VerifierFolder memory{own.path()};

    TwoKeys()
    {
        put("keys/log.vkey", key(first) + "\n");
        rotate(next);
        put("keys/log.vkeys", key(first) + " 0 -\n" + key(next) + " 2 -\n");
        publish({&first, &next});
    }
    static std::string key(const NoteSigner& signer) { return signer.verifier_key().text(); }
    void put(const std::string& file, const std::string& text) const { replace_file(folder / file, text); }
    void rotate(const NoteSigner& to) { add("ledger.key", R"({"vkey":")" + key(to) + "\"}"); }
    void retire()
    {
        add("ledger.key", R"({"retire":")" + key(first) + "\"}");
        put("keys/log.vkey", key(next) + "\n");
    }
    void add(const std::string& type, const std::string& event = "{}")
    {
        sample.add({"line-" + std::to_string(sample.size()), type, event});
    }
    // The sample publishes tiles, and its own checkpoint: these signers' takes the place of that.
    void publish(const std::vector<const NoteSigner*>& signers)
    {
        const std::string file = "checkpoints/" + sample.day() + ".notes";
        const std::string before = exists(folder / file) ? read_file(folder / file) : "";
        sample.publish();
        const std::string text = Checkpoint{origin, sample.size(), sample.root_hash()}.text();
        std::string note = signers.front()->sign(text);
        for (std::size_t i = 1; i < signers.size(); ++i)
            note += signers[i]->signature_line(text);
        put("checkpoint", note);
        put(file, before + note + "\n");
    }
    VerifyReport verified(const std::optional<std::string>& vkey = {}, Thoroughness thoroughness = Thoroughness::full) const
    {
        return verify_ledger({.root = folder.path(), .vkey = vkey, .thoroughness = thoroughness, .patience = Millis{0}});
    }
    VerifyReport increment() { return verify_increment({.root = folder.path(), .patience = Millis{0}}, memory); }
};

void must_pass(const VerifyReport& report)
{
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text_of(report), 0, report.findings.exit_code());
}

void must_find(const VerifyReport& report, int exit, const std::string& what)
{
    CPPUNIT_ASSERT_EQUAL_MESSAGE("wanted: " + what + "\n" + text_of(report), exit, report.findings.exit_code());
    CPPUNIT_ASSERT_MESSAGE("wanted: " + what + "\n" + text_of(report), text_of(report).find(what) != std::string::npos);
}

const std::string by_retired = "by no key but one that the line of seq 2 retires",
                  by_none = "signed neither by the pinned key nor by one that came after";

}

TEST(a_rotation_and_a_retirement_pass_by_each_key)
{
    TwoKeys ledger;
    const auto all_pass = [&] {
        must_pass(ledger.verified());
        must_pass(ledger.verified(ledger.key(ledger.first)));
        must_pass(ledger.verified(ledger.key(ledger.next)));
        must_pass(ledger.increment());
    };
    all_pass();
    ledger.add("job.done");
    ledger.publish({&ledger.next, &ledger.first});
    all_pass();
    ledger.retire();
    ledger.publish({&ledger.next});
    all_pass();
    ledger.add("job.done");
    ledger.publish({&ledger.next});
    all_pass();
}

TEST(a_retired_key_alone_signs_no_checkpoint)
{
    TwoKeys ledger;
    must_pass(ledger.increment());
    ledger.retire();
    ledger.publish({&ledger.next});
    must_pass(ledger.increment());
    ledger.add("job.done");
    ledger.publish({&ledger.first});
    must_find(ledger.verified(), 2, "checkpoint:0: signed for 4 lines " + by_retired);
    must_find(ledger.verified({}, Thoroughness::quick), 2, "checkpoint:0: signed for 4 lines " + by_retired);
    must_find(ledger.verified(ledger.key(ledger.next)), 4, by_none);
    must_find(ledger.verified(ledger.key(ledger.first)), 4, by_none);
    must_find(ledger.increment(), 4, by_none);
    // The key of the folder alone, as before the rotation.
    std::filesystem::remove(ledger.folder / "keys/log.vkeys");
    ledger.put("keys/log.vkey", ledger.key(ledger.first) + "\n");
    must_find(ledger.verified(), 2, by_retired);
    // It may stand beside one that signs.
    ledger.put("keys/log.vkeys", ledger.key(ledger.first) + " 0 -\n" + ledger.key(ledger.next) + " 2 -\n");
    ledger.add("job.done");
    ledger.publish({&ledger.first, &ledger.next});
    must_find(ledger.verified(), 2, history + ":0: signed for 4 lines " + by_retired);
}

TEST(the_line_that_retires_a_key_ends_what_it_signs)
{
    TwoKeys ledger;
    must_pass(ledger.increment());
    ledger.retire();
    ledger.publish({&ledger.first});
    must_find(ledger.verified(), 2, "signed for 3 lines " + by_retired);
    must_find(ledger.increment(), 4, by_none);
}

TEST(an_older_key_alone_is_not_the_pinned_one)
{
    TwoKeys ledger;
    ledger.add("job.done");
    ledger.publish({&ledger.first});
    must_pass(ledger.verified(ledger.key(ledger.first)));
    must_find(ledger.verified(ledger.key(ledger.next)), 4, by_none);
}

TEST(a_retired_key_signs_for_no_next_one)
{
    TwoKeys ledger;
    must_pass(ledger.increment());
    ledger.retire();
    ledger.publish({&ledger.next});
    const NoteSigner stranger{origin, SigningKey::generate()};
    ledger.rotate(stranger);
    ledger.put("keys/log.vkeys", ledger.key(ledger.first) + " 0 3\n" + ledger.key(ledger.next) + " 2 -\n"
                                     + ledger.key(stranger) + " 4 -\n");
    ledger.publish({&ledger.first, &stranger});
    must_find(ledger.verified(ledger.key(ledger.next)), 4, "was not signed by the one before it");
    must_find(ledger.verified(ledger.key(ledger.first)), 4, "was not signed by the one before it");
    must_find(ledger.increment(), 4, "was not signed by the one before it");
}

TEST(a_verifier_that_goes_on_believes_no_key_of_the_folder)
{
    TwoKeys ledger;
    must_pass(ledger.increment());
    const NoteSigner stranger{origin, SigningKey::generate()};
    const std::string keys = read_file(ledger.folder / "keys/log.vkeys") + ledger.key(stranger) + " 3 -\n";
    ledger.put("keys/log.vkeys", keys);
    ledger.add("job.done");
    ledger.publish({&stranger});
    must_find(ledger.increment(), 4, "a key that the ledger's own lines do not name: " + stranger.verifier_key().fingerprint());
    ledger.rotate(stranger);
    ledger.publish({&stranger});
    must_find(ledger.increment(), 4, "was not signed by the one before it");
}

TEST(a_retired_key_alone_signs_no_day)
{
    TwoKeys ledger;
    ledger.retire();
    ledger.publish({&ledger.next});
    ledger.sample.begin_day("2026-11-21");
    ledger.publish({&ledger.next});
    const std::string file = "days/2026-11-20.note";
    must_find(ledger.verified(), 2, file + ":0: signed for 3 lines " + by_retired);
    ledger.put(file, ledger.next.sign(Note::parse(read_file(ledger.folder / file)).text));
    must_pass(ledger.verified());
}

TEST(tools_that_mend_and_copy_believe_no_retired_key_either)
{
    TwoKeys ledger;
    const auto why_not = [&](const std::optional<std::string>& vkey) -> std::string {
        try {
            (void)lines_of_day(open_ledger(ledger.folder.path(), vkey), "2026-11-20");
            return "";
        } catch (const Error& error) {
            return error.what();
        }
    };
    const auto must_say = [&](const std::optional<std::string>& vkey, const std::string& what) {
        const std::string why = why_not(vkey);
        CPPUNIT_ASSERT_MESSAGE("wanted: " + what + "\n" + why, why.ends_with(what));
    };
    ledger.retire();
    ledger.publish({&ledger.next});
    CHECK_EQUAL(""s, why_not({}));
    ledger.publish({&ledger.first});
    must_say({}, "checkpoint does not hold: signed for 3 lines " + by_retired);
    must_say(ledger.key(ledger.first), "checkpoint does not hold: signed for 3 lines " + by_retired);
    ledger.publish({&ledger.first, &ledger.next});
    CHECK_EQUAL(""s, why_not({}));
    ledger.sample.begin_day("2026-11-21");
    ledger.publish({&ledger.next});
    must_say({}, "days/2026-11-20.note does not hold: signed for 3 lines " + by_retired);
}

TEST(what_is_to_be_mended_does_not_say_which_key_was_retired)
{
    TwoKeys ledger;
    ledger.retire();
    ledger.publish({&ledger.next});
    const std::string file = ledger.folder / ("events-" + ledger.sample.day() + ".jsonl");
    std::string text = read_file(file);
    text[text.rfind("retire") - 20] ^= 1;
    replace_file(file, text);
    CHECK_EQUAL(std::uint64_t{3}, open_ledger(ledger.folder.path(), {}).checkpoint.size);
}

TEST(a_key_that_was_given_up_before_it_was_used_is_no_gap)
{
    TwoKeys ledger;
    ledger.add("ledger.key", R"({"retire":")" + ledger.key(ledger.next) + "\"}");
    ledger.publish({&ledger.first});
    const NoteSigner third{origin, SigningKey::generate()};
    ledger.rotate(third);
    ledger.publish({&ledger.first, &third});
    ledger.retire();
    ledger.put("keys/log.vkey", ledger.key(third) + "\n");
    ledger.put("keys/log.vkeys", ledger.key(ledger.first) + " 0 5\n" + ledger.key(ledger.next) + " 2 3\n"
                                     + ledger.key(third) + " 4 -\n");
    ledger.publish({&third});
    must_pass(ledger.verified(ledger.key(ledger.first)));
    must_pass(ledger.verified(ledger.key(third)));
}

TEST(the_state_of_an_older_verifier_does_not_know_the_keys)
{
    TwoKeys ledger;
    must_pass(ledger.increment());
    VerifierState state = ledger.memory.load().value();
    CHECK_EQUAL(std::size_t{2}, state.keys.value().size());
    CHECK_EQUAL(state.text(), VerifierState::parse(state.text()).text());
    state.keys->at(0).retired = 7;
    CHECK(VerifierState::parse(state.text()) == state);
    state.keys.reset();
    ledger.memory.save(state);
    ledger.retire();
    ledger.publish({&ledger.next});
    const VerifyReport report = ledger.increment();
    must_pass(report);
    CHECK_EQUAL(std::uint64_t{3}, report.lines);
    CHECK(ledger.memory.load()->keys->at(0).retired == std::uint64_t{2});
}
