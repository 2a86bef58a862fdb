// The log's keys change without a break, and witnesses cosign what was published.
#include "ledger_scratch.h"
#include "test.h"

#include "base/error.h"
#include "os/file.h"
#include "tlog/policy.h"

using namespace forge;
using forge::test::ScratchLedger;
using namespace std::chrono_literals;

namespace {

Note checkpoint(ScratchLedger& ledger) { return Note::parse(ledger.io.content("root/checkpoint")); }

VerifierKey key_at(ScratchLedger& ledger, std::size_t index)
{
    return VerifierKey::parse(ledger.engine().head().keys.at(index).vkey);
}

std::string public_keys(ScratchLedger& ledger) { return ledger.io.content("root/keys/log.vkeys"); }

}

TEST(a_rotation_is_recorded_and_then_both_keys_sign)
{
    ScratchLedger ledger;
    const VerifierKey old = key_at(ledger, 0);
    ledger.append({"a"});
    ledger.engine().rotate_key();
    const VerifierKey next = key_at(ledger, 1);
    CHECK(checkpoint(ledger).is_signed_by(old) && checkpoint(ledger).is_signed_by(next));
    CHECK_EQUAL(old.text() + "\n", ledger.io.content("root/keys/log.vkey"));
    CHECK_EQUAL(old.text() + " 0 -\n" + next.text() + " 3 -\n", public_keys(ledger));
    CHECK_THROWS(Refused, ledger.engine().rotate_key());
    ledger.reopen();
    ledger.append({"b"});
    ledger.engine().publish();
    CHECK(checkpoint(ledger).is_signed_by(old) && checkpoint(ledger).is_signed_by(next));
    CHECK(ledger.lines().at(2).find("\"event\":{\"not_before\":3,\"vkey\":\"" + next.text() + "\"}") != std::string::npos);
}

TEST(the_older_key_is_retired_after_thirty_days)
{
    ScratchLedger ledger;
    const VerifierKey old = key_at(ledger, 0);
    CHECK_THROWS(Refused, ledger.engine().retire_key(old.text(), true));
    ledger.engine().rotate_key();
    const VerifierKey next = key_at(ledger, 1);
    CHECK_THROWS(Refused, ledger.engine().retire_key(old.text(), false));
    CHECK_THROWS(Refused, ledger.engine().retire_key("example.com/other+00000000+AA", true));
    ledger.env.pass(30 * 24h + 1s);
    ledger.engine().retire_key(old.text(), false);
    CHECK(!checkpoint(ledger).is_signed_by(old) && checkpoint(ledger).is_signed_by(next));
    CHECK_EQUAL(next.text() + "\n", ledger.io.content("root/keys/log.vkey"));
    const std::string size = std::to_string(ledger.engine().head().size());
    CHECK_EQUAL(old.text() + " 0 " + size + "\n" + next.text() + " 2 -\n", public_keys(ledger));
    CHECK(!ledger.io.exists("root/state/log-next.pem"));
    ledger.reopen();
    ledger.append({"b"});
    ledger.engine().publish();
    CHECK(checkpoint(ledger).is_signed_by(next));
    CHECK_THROWS(Refused, ledger.engine().retire_key(next.text(), true));
    ledger.engine().rotate_key();
    CHECK_EQUAL(std::size_t{3}, ledger.engine().head().keys.size());
}

TEST(a_new_key_can_be_given_up)
{
    ScratchLedger ledger;
    const VerifierKey old = key_at(ledger, 0);
    ledger.engine().rotate_key();
    ledger.engine().retire_key(key_at(ledger, 1).text(), false);
    CHECK(checkpoint(ledger).is_signed_by(old));
    CHECK_EQUAL(old.text() + "\n", ledger.io.content("root/keys/log.vkey"));
    ledger.engine().rotate_key();
    CHECK(key_at(ledger, 2) != key_at(ledger, 1));
}

TEST(a_crash_in_any_step_of_a_change_of_keys_is_healed_by_the_next_start)
{
    for (const bool retires : {false, true})
        for (std::uint64_t step = 0, failed = 1; failed > 0; ++step) {
            CHECK(step < 60);
            ScratchLedger ledger;
            if (retires)
                ledger.engine().rotate_key();
            ledger.io.fail_at(step, test::Failing::lost, EIO);
            failed = 0;
            try {
                retires ? ledger.engine().retire_key(key_at(ledger, 0).text(), true) : ledger.engine().rotate_key();
            } catch (const Error&) {
                failed = 1;
            }
            ledger.io.mend();
            ledger.reopen();
            ledger.append({"after"});
            ledger.engine().publish();
            std::size_t active = 0;
            for (const LogKey& key : ledger.engine().head().keys) {
                CHECK_EQUAL(!key.to, checkpoint(ledger).is_signed_by(VerifierKey::parse(key.vkey)));
                active += !key.to;
            }
            CHECK_EQUAL(active, checkpoint(ledger).signatures.size());
            CHECK_EQUAL(ledger.engine().signers().current().text() + "\n", ledger.io.content("root/keys/log.vkey"));
        }
}

TEST(cosignatures_of_the_policys_witnesses_are_kept)
{
    const test::ScratchFolder folder;
    const Cosigner witness{"witness.example/w", SigningKey::generate()};
    const Cosigner stranger{"witness.example/x", SigningKey::generate()};
    write_file_durably(folder / "policy", "witness W " + witness.verifier_key().text() + "\nquorum W\n");
    ScratchLedger ledger;
    ledger.policy = folder / "policy";
    ledger.reopen();
    ledger.append({"a"});
    ledger.engine().publish();
    const std::string first = ledger.io.content("root/checkpoint");
    const std::string text = Note::parse(first).text;
    CHECK_THROWS(Refused, ledger.engine().cosign(first));
    CHECK_THROWS(Refused, ledger.engine().cosign(first + stranger.cosign(text, 1)));
    CHECK_THROWS(Refused, ledger.engine().cosign(first + witness.cosign(text + "x\n", 1)));
    CHECK_THROWS(Refused, ledger.engine().cosign(text + "\n" + witness.cosign(text, 1)));   // not signed by the log
    ledger.engine().cosign(first + stranger.cosign(text, 1) + witness.cosign(text, 1));
    CHECK_EQUAL(first + witness.cosign(text, 1), ledger.io.content("root/checkpoint"));
    CHECK_EQUAL(first + witness.cosign(text, 1), ledger.io.content("root/checkpoint.cosigned"));
    ledger.engine().cosign(first + witness.cosign(text, 2));
    CHECK_EQUAL(first + witness.cosign(text, 2), ledger.io.content("root/checkpoint"));

    // The ledger goes on meanwhile: what was cosigned stays, and does not go back.
    ledger.append({"b"});
    ledger.engine().publish();
    const std::string second = ledger.io.content("root/checkpoint");
    ledger.engine().cosign(first + witness.cosign(text, 3));
    CHECK_EQUAL(second, ledger.io.content("root/checkpoint"));
    CHECK_EQUAL(first + witness.cosign(text, 3), ledger.io.content("root/checkpoint.cosigned"));
    const std::string text2 = Note::parse(second).text;
    ledger.engine().cosign(second + witness.cosign(text2, 4));
    ledger.engine().cosign(first + witness.cosign(text, 5));
    CHECK_EQUAL(second + witness.cosign(text2, 4), ledger.io.content("root/checkpoint.cosigned"));
    ledger.reopen();   // a cosigned checkpoint is read like any other
    ledger.check();
}

TEST(another_history_is_not_taken_from_a_witness_even_with_our_signature)
{
    const test::ScratchFolder folder;
    const Cosigner witness{"witness.example/w", SigningKey::generate()};
    write_file_durably(folder / "policy", "witness W " + witness.verifier_key().text() + "\nquorum W\n");
    ScratchLedger ledger;
    ledger.policy = folder / "policy";
    ledger.reopen();
    ledger.append({"a"});
    ledger.engine().publish();
    const NoteSigner& signer = ledger.engine().identity().signer;
    const std::string fork = Checkpoint{"example.com/log", 2, leaf_hash("x")}.text();
    CHECK_THROWS(Refused, ledger.engine().cosign(signer.sign(fork) + witness.cosign(fork, 1)));
    const std::string larger = Checkpoint{"example.com/log", 9, leaf_hash("x")}.text();
    CHECK_THROWS(Refused, ledger.engine().cosign(signer.sign(larger) + witness.cosign(larger, 1)));
}
