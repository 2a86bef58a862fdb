// The witness protocol from the log's side: over real HTTP, with a witness that follows c2sp.org/tlog-witness.
#include "tests/unit/test.h"

#include "audit/witness_round.h"
#include "base/error.h"
#include "ledger/engine.h"
#include "tests/unit/scripted_server.h"
#include "tlog/witness.h"

using namespace forge;

namespace {

// A witness of one log, as the specification has it.
class TestWitness {
public:
    explicit TestWitness(VerifierKey log) : log_(std::move(log)) {}

    const CosignerKey& key() const { return signer_.verifier_key(); }
    test::Script answer(const test::Received& received)
    {
        if (received.method != "POST" || received.path != "/w/add-checkpoint")
            return test::answer(404, "");
        const AddCheckpoint request = AddCheckpoint::parse(received.body);
        const Note note = Note::parse(request.checkpoint);
        const Checkpoint tree = Checkpoint::parse(note.text);
        if (!note.is_signed_by(log_))
            return test::answer(403, "");
        if (request.old_size > tree.size)
            return test::answer(400, "");
        if (request.old_size != size || (size == tree.size && tree.root != root))
            return test::answer(409, std::to_string(size) + "\n", "content-type: text/x.tlog.size\r\n");
        if (size > 0 && !verify_consistency(size, tree.size, root, tree.root, request.proof))
            return test::answer(422, "");
        if (size == 0 && !request.proof.empty())
            return test::answer(422, "");
        size = tree.size;
        root = tree.root;
        return test::answer(200, stranger_.cosign(note.text, 1) + signer_.cosign(note.text, 1'700'000'000));
    }

    std::uint64_t size = 0;
    Hash root{};

private:
    VerifierKey log_;
    Cosigner signer_{"witness.example/w", SigningKey::generate()};
    Cosigner stranger_{"witness.example/x", SigningKey::generate()};
};

// A ledger on the disk, a witness on a port, and a round between them.
struct Meeting {
    Meeting()
    {
        append("a");
        policy = Policy::parse("log " + engine.identity().signer.verifier_key().text() + "\nwitness W " + witness.key().text() + " "
                               + server.url("/w") + "\nquorum W\n");
    }
    void append(const std::string& id)
    {
        engine.commit(std::vector<Submission>{{"tester", {{id, "job.test", "{}"}}}});
        engine.publish();
    }
    WitnessAnswer round()
    {
        WebClient web;
        return ask_witnesses(log, log.newest().value(), policy, web, Millis{10'000}, known).at(0);
    }

    test::ScratchFolder folder;
    RealIo io;
    RealEnv env;
    Engine engine{{.root = folder.path(), .origin = "example.com/log", .rights = "dev", .space = SpaceRules::small()}, io, env};
    TestWitness witness{engine.identity().signer.verifier_key()};
    test::ScriptedServer server{[this](const test::Received& received) { return witness.answer(received); }};
    PublicLog log{folder.path()};
    Policy policy = Policy::parse("quorum none\n");
    std::map<std::string, std::uint64_t> known;
};

}

TEST(a_witness_cosigns_a_ledger_that_grows)
{
    Meeting meeting;
    for (int i = 0; i < 6; ++i) {
        const WitnessAnswer answer = meeting.round();
        CHECK_EQUAL(""s, answer.reason);
        const std::string note = meeting.log.newest().value().note + answer.line;
        CHECK(meeting.policy.check(Note::parse(note)).is_good());
        CHECK_EQUAL(meeting.witness.size, meeting.known.begin()->second);
        for (int j = 0; j <= i; ++j)
            meeting.append("b-" + std::to_string(i) + "-" + std::to_string(j));
    }
}

TEST(a_witness_says_itself_how_far_it_is)
{
    Meeting meeting;
    meeting.round();
    meeting.append("b");
    meeting.known.clear();
    CHECK_EQUAL(""s, meeting.round().reason);
    CHECK_EQUAL(std::size_t{3}, meeting.server.received().size());   // one, and two: from 0, then from what it said
}

TEST(what_a_witness_only_says_is_not_kept)
{
    Meeting meeting;
    meeting.round();
    meeting.append("b");
    meeting.witness.size = ~std::uint64_t{0};
    const auto known = meeting.known;
    const WitnessAnswer answer = meeting.round();
    CHECK(answer.flaw == FlawKind::outside && answer.line.empty());
    CHECK(meeting.known == known);
}

TEST(the_same_checkpoint_is_cosigned_again)
{
    Meeting meeting;
    meeting.round();
    CHECK_EQUAL(""s, meeting.round().reason);
}

TEST(a_witness_that_knows_more_or_something_else_is_evidence)
{
    Meeting meeting;
    meeting.round();
    meeting.witness.root = leaf_hash("another history");
    CHECK(meeting.round().flaw == FlawKind::outside);
    meeting.append("b");
    CHECK(meeting.round().flaw == FlawKind::outside);
    meeting.witness.size = 1000;
    const WitnessAnswer rolled_back = meeting.round();
    CHECK(rolled_back.flaw == FlawKind::outside && rolled_back.line.empty());
    CHECK_EQUAL("it has cosigned 1000 lines, the ledger has 3"s, rolled_back.reason);
}

TEST(a_witness_that_does_not_answer_so_is_only_missing)
{
    Meeting meeting;
    meeting.policy = Policy::parse("witness W " + meeting.witness.key().text() + " " + meeting.server.url("/elsewhere") + "\nquorum W\n");
    CHECK(meeting.round().flaw == FlawKind::incomplete);
    meeting.policy = Policy::parse("witness W " + meeting.witness.key().text() + " http://127.0.0.1:1/\nquorum W\n");
    CHECK(meeting.round().flaw == FlawKind::incomplete);
    const Cosigner other{"witness.example/w", SigningKey::generate()};
    meeting.policy = Policy::parse("witness W " + other.verifier_key().text() + " " + meeting.server.url("/w") + "\nquorum W\n");
    const WitnessAnswer wrong_key = meeting.round();
    CHECK(wrong_key.flaw == FlawKind::incomplete && wrong_key.line.empty());
}

TEST(a_request_to_a_witness_has_one_form)
{
    Meeting meeting;
    const std::string note = meeting.log.newest().value().note;
    const AddCheckpoint request{7, {leaf_hash("a"), leaf_hash("b")}, note};
    CHECK_EQUAL(request.text(), AddCheckpoint::parse(request.text()).text());
    const std::string hash = base64(leaf_hash("a")) + "\n";
    std::string many;
    for (int i = 0; i < 64; ++i)
        many += hash;
    const std::string wrong[] = {"", "old 7\n" + note, "old 07\n\n" + note, "old -1\n\n" + note, "new 7\n\n" + note, "old 7 \n\n" + note,
                                 "old 7\nx\n\n" + note, "old 7\n" + many + "\n" + note, "old 7\n\n", "old 7\n\n" + note + "x"};
    for (const auto& text : wrong)
        CHECK_THROWS(Error, AddCheckpoint::parse(text));
    CHECK(parse_witness_size("20852014\n") == 20852014U);
    for (const std::string text : {"", "1", "01\n", "x\n", "-1\n", "1\n\n"})
        CHECK(!parse_witness_size(text));
}
