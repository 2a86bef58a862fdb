// Receipts in the acknowledgement: complete, under one signature a batch, and only where they were asked for.
#include "ledger_scratch.h"
#include "test.h"

#include "tlog/proof.h"

using namespace forge;
using forge::test::ScratchLedger;

namespace {

std::vector<Outcome> append_with_receipts(ScratchLedger& ledger, int begin, int end)
{
    std::vector<Submission> submissions;
    for (int i = begin; i < end; ++i)
        submissions.push_back({"tester", {test::test_event("r-" + std::to_string(i))}, true});
    return ledger.engine().commit(submissions);
}

TlogProof checked(ScratchLedger& ledger, const Ack& ack)
{
    const TlogProof proof = TlogProof::parse(ack.receipt);
    const VerifierKey& key = ledger.engine().identity().signer.verifier_key();
    CHECK_EQUAL(std::string{"example.com/log"}, Checkpoint::open(proof.checkpoint, key).origin);
    CHECK_EQUAL(ack.seq, proof.index);
    CHECK(leaf_hash(proof.extra.value()) == ack.leaf);
    CHECK(proof.proves(ack.leaf));
    CHECK(!proof.proves(leaf_hash("another entry")));
    CHECK_EQUAL(ack.receipt, proof.text());
    return proof;
}

}

TEST(each_ack_of_a_batch_has_a_receipt_under_the_same_checkpoint)
{
    ScratchLedger ledger;
    for (int begin = 0; begin < 600; begin += 150) {
        const auto outcomes = append_with_receipts(ledger, begin, begin + 150);
        const std::string checkpoint = checked(ledger, outcomes.front().acks.at(0)).checkpoint;
        for (const Outcome& outcome : outcomes)
            CHECK_EQUAL(checkpoint, checked(ledger, outcome.acks.at(0)).checkpoint);
        if (begin == 150)
            ledger.engine().publish();
    }
}

TEST(who_does_not_ask_gets_no_receipt)
{
    ScratchLedger ledger;
    const auto outcomes = ledger.engine().commit(
        std::vector<Submission>{{"tester", {test::test_event("a")}, false}, {"tester", {test::test_event("b"), test::test_event("c")}, true}});
    CHECK(outcomes.at(0).acks.at(0).receipt.empty());
    checked(ledger, outcomes.at(1).acks.at(0));
    checked(ledger, outcomes.at(1).acks.at(1));
}

TEST(an_old_line_asked_for_again_gets_a_receipt_under_the_newest_tree)
{
    ScratchLedger ledger;
    append_with_receipts(ledger, 0, 400);
    ledger.engine().publish();
    ledger.reopen();
    const auto again = append_with_receipts(ledger, 3, 4).at(0).acks.at(0);
    CHECK(again.dup);
    const TlogProof proof = checked(ledger, again);
    CHECK_EQUAL(ledger.engine().head().size(), Checkpoint::parse(Note::parse(proof.checkpoint).text).size);
}

TEST(nothing_is_signed_for_a_batch_that_was_refused)
{
    ScratchLedger ledger;
    ledger.io.fail_all("fallocate", ENOSPC);   // what was reserved before takes some of them
    std::vector<Submission> submissions;
    for (int i = 0; i < 12; ++i)
        submissions.push_back({"tester", {test::test_event("r-" + std::to_string(i), {}, '"' + std::string(50'000, 'x') + '"')}, true});
    const auto outcomes = ledger.engine().commit(submissions);
    CHECK(!outcomes.front().refusal && outcomes.back().refusal);
    for (const Outcome& outcome : outcomes)
        CHECK(outcome.refusal ? outcome.acks.empty() : checked(ledger, outcome.acks.at(0)).index == outcome.acks.at(0).seq);
}

TEST(a_damaged_tile_gives_no_receipt_but_the_line_is_recorded)
{
    ScratchLedger ledger;
    append_with_receipts(ledger, 0, 300);
    ledger.engine().publish();
    ledger.io.content("root/tile/0/000")[40] ^= 1;
    const auto ack = append_with_receipts(ledger, 5, 6).at(0).acks.at(0);
    CHECK(ack.dup && ack.receipt.empty());
}
