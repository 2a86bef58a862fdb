// Our own witness answers as c2sp.org/tlog-witness has it, and never forgets.
#include "tests/unit/test.h"

#include "audit/witness_book.h"
#include "audit/witness_round.h"
#include "base/error.h"
#include "ledger/engine.h"
#include "os/file.h"
#include "tests/unit/scripted_server.h"

#include <atomic>
#include <filesystem>
#include <thread>

using namespace forge;

namespace {

// A log of nine leaves and a witness that knows it.
struct Hall {
    Hall()
    {
        for (int i = 0; i < 9; ++i)
            leaves.push_back(leaf_hash(std::to_string(i)));
        open();
    }
    void open()
    {
        book.emplace(Policy::parse("log " + log.verifier_key().text() + "\nquorum none\n"),
                     Cosigner{"witness.example/w", SigningKey::from_pem(pem)}, folder.path());
    }
    CosignerKey key() const { return Cosigner{"witness.example/w", SigningKey::from_pem(pem)}.verifier_key(); }
    Checkpoint tree(std::uint64_t size) const
    {
        return {"example.com/log", size, root_hash(std::span{leaves}.first(size))};
    }
    std::string request(std::uint64_t from, std::uint64_t to) const
    {
        AddCheckpoint request{from, {}, log.sign(tree(to).text())};
        if (from > 0 && from <= to)
            request.proof = consistency_proof(from, std::span{leaves}.first(to));
        return request.text();
    }
    HttpAnswer ask(const std::string& body) { return book->add_checkpoint(body, now); }
    int status(const std::string& body) { return ask(body).status; }
    std::string file() const { return folder / names_in(folder.path()).at(0); }

    test::ScratchFolder folder;
    const WallTime now = parse_rfc3339("2026-11-24T00:00:00Z").value();
    const std::string pem = SigningKey::generate().to_pem();
    const NoteSigner log{"example.com/log", SigningKey::generate()};
    Hashes leaves;
    std::optional<WitnessBook> book;
};

bool is_cosigned(const Hall& hall, const HttpAnswer& answer, std::uint64_t size)
{
    const std::string text = hall.tree(size).text();
    const Note note = Note::parse(text + "\n" + answer.body);
    return answer.status == 200 && note.signatures.size() == 1
           && hall.key().verify(text, note.signatures.front()) == 1'795'478'400U;
}

bool is_conflict(const HttpAnswer& answer, std::uint64_t size)
{
    return answer.status == 409 && answer.body == std::to_string(size) + "\n" && answer.content_type == "text/x.tlog.size";
}

}

TEST(the_witness_cosigns_what_contains_all_that_it_has_seen)
{
    Hall hall;
    std::uint64_t size = 0;
    for (const std::uint64_t next : {0U, 0U, 1U, 1U, 4U, 7U, 9U, 9U}) {
        CHECK(is_cosigned(hall, hall.ask(hall.request(size, next)), next));
        size = next;
    }
}

TEST(an_old_size_that_the_witness_did_not_cosign_is_a_conflict)
{
    Hall hall;
    CHECK(is_conflict(hall.ask(hall.request(3, 7)), 0));
    CHECK_EQUAL(200, hall.status(hall.request(0, 5)));
    for (const std::uint64_t old : {0U, 4U, 6U})
        CHECK(is_conflict(hall.ask(hall.request(old, 7)), 5));
    CHECK(is_conflict(hall.ask(hall.request(0, 3)), 5));   // rolled back
    CHECK(is_cosigned(hall, hall.ask(hall.request(5, 7)), 7));
}

TEST(another_root_of_the_same_size_is_a_conflict)
{
    Hall hall;
    hall.ask(hall.request(0, 5));
    hall.leaves.front() = leaf_hash("another history");
    CHECK(is_conflict(hall.ask(hall.request(5, 5)), 5));
    CHECK_EQUAL(422, hall.status(hall.request(5, 7)));
    Checkpoint nothing = hall.tree(0);
    nothing.root = leaf_hash("something");
    Hall other;
    CHECK(is_conflict(other.ask(AddCheckpoint{0, {}, other.log.sign(nothing.text())}.text()), 0));
}

TEST(a_proof_that_proves_nothing_is_not_processed)
{
    Hall hall;
    const std::string first = hall.log.sign(hall.tree(5).text());
    CHECK_EQUAL(422, hall.status(AddCheckpoint{0, {leaf_hash("a")}, first}.text()));
    CHECK_EQUAL(200, hall.status(hall.request(0, 5)));
    CHECK_EQUAL(422, hall.status(AddCheckpoint{5, {leaf_hash("a")}, first}.text()));
    const std::string next = hall.log.sign(hall.tree(7).text());
    Hashes proof = consistency_proof(5, std::span{hall.leaves}.first(7));
    CHECK_EQUAL(422, hall.status(AddCheckpoint{5, {}, next}.text()));
    for (Hash& hash : proof) {
        hash[0] ^= 1;
        CHECK_EQUAL(422, hall.status(AddCheckpoint{5, proof, next}.text()));
        hash[0] ^= 1;
    }
    proof.push_back(leaf_hash("more"));
    CHECK_EQUAL(422, hall.status(AddCheckpoint{5, proof, next}.text()));
    CHECK_EQUAL(200, hall.status(hall.request(5, 7)));
}

TEST(a_log_that_is_not_known_is_not_found)
{
    Hall hall;
    Checkpoint tree = hall.tree(5);
    tree.origin = "example.com/other";
    const NoteSigner other{tree.origin, SigningKey::generate()};
    CHECK_EQUAL(404, hall.status(AddCheckpoint{0, {}, other.sign(tree.text())}.text()));
    CHECK_EQUAL(404, hall.status(AddCheckpoint{0, {}, hall.log.sign(tree.text())}.text()));
    CHECK(names_in(hall.folder.path()).empty());
}

TEST(a_checkpoint_that_no_known_key_signed_is_forbidden)
{
    Hall hall;
    const std::string text = hall.tree(5).text();
    const NoteSigner same_name{"example.com/log", SigningKey::generate()};
    const NoteSigner other_name{"example.com/other", SigningKey::generate()};
    CHECK_EQUAL(403, hall.status(AddCheckpoint{0, {}, same_name.sign(text)}.text()));
    CHECK_EQUAL(403, hall.status(AddCheckpoint{0, {}, other_name.sign(text)}.text()));
    std::string wrong = hall.log.sign(text);
    wrong[text.size() - 3] ^= 1;   // a digit of the root
    CHECK(hall.status("old 0\n\n" + wrong) >= 400);
    CHECK_EQUAL(403, hall.status(AddCheckpoint{0, {}, text + "\n" + hall.log.signature_line(hall.tree(4).text())}.text()));
    const std::string beside = AddCheckpoint{0, {}, same_name.sign(text) + hall.log.signature_line(text)
                                                        + other_name.signature_line(text)}.text();
    CHECK(is_cosigned(hall, hall.ask(beside), 5));   // keys that are not known are nothing to it
}

TEST(each_key_of_a_log_that_is_changing_it_counts)
{
    Hall hall;
    const NoteSigner next{"example.com/log", SigningKey::generate()};
    hall.book.emplace(Policy::parse("log " + hall.log.verifier_key().text() + "\nlog " + next.verifier_key().text() + "\nquorum none\n"),
                      Cosigner{"witness.example/w", SigningKey::from_pem(hall.pem)}, hall.folder.path());
    CHECK_EQUAL(200, hall.status(hall.request(0, 5)));
    CHECK_EQUAL(200, hall.status(AddCheckpoint{5, {}, next.sign(hall.tree(5).text())}.text()));
    CHECK_EQUAL(200, hall.status(AddCheckpoint{5, {}, next.sign(hall.tree(5).text()) + hall.log.signature_line(hall.tree(5).text())}.text()));
    hall.open();
    CHECK(is_conflict(hall.ask(hall.request(0, 7)), 5));
}

TEST(what_is_no_request_is_a_bad_one)
{
    Hall hall;
    const std::string note = hall.log.sign(hall.tree(5).text());
    std::string many;
    for (int i = 0; i < 64; ++i)
        many += base64(leaf_hash("a")) + "\n";
    const std::string wrong[] = {"", "old 0\n" + note, "old 00\n\n" + note, "old -1\n\n" + note, "old\n\n" + note, "old 0\n\n",
                                 "old 0\r\n\r\n" + note, "old 0\nx\n\n" + note, "old 0\n" + many + "\n" + note,
                                 "old 0\n\n" + note + "\n", "old 0\n\n" + hall.tree(5).text(), "old 18446744073709551616\n\n" + note,
                                 hall.request(6, 5), hall.request(9, 0)};
    for (const std::string& body : wrong)
        CHECK_EQUAL(400, hall.status(body));
    CHECK(names_in(hall.folder.path()).empty());
}

TEST(a_witness_that_starts_again_knows_what_it_cosigned)
{
    Hall hall;
    hall.ask(hall.request(0, 5));
    write_file_durably(hall.folder / ".tmp-of a crash", "half a no");
    hall.open();
    CHECK(!exists(hall.folder / ".tmp-of a crash"));
    CHECK(is_conflict(hall.ask(hall.request(0, 3)), 5));
    CHECK(is_cosigned(hall, hall.ask(hall.request(5, 7)), 7));
    hall.open();
    CHECK(is_conflict(hall.ask(hall.request(0, 3)), 7));
    const Note kept = Note::parse(read_file(hall.file()));   // evidence for anybody: the log's signature and ours
    CHECK(kept.is_signed_by(hall.log.verifier_key()) && hall.key().verify(kept.text, kept.signatures.back()));
}

TEST(a_witness_with_a_damaged_memory_does_not_start)
{
    Hall hall;
    hall.ask(hall.request(0, 5));
    const std::string kept = read_file(hall.file());
    std::string other_size = kept;
    other_size[kept.find("\n5\n") + 1] = '3';
    for (const std::string& wrong : {other_size, kept.substr(0, kept.size() / 2), ""s, hall.log.sign(hall.tree(3).text())}) {
        write_file_durably(hall.file(), wrong);
        CHECK_THROWS(Error, hall.open());
    }
    write_file_durably(hall.file(), kept);
    write_file_durably(hall.folder / (std::string(64, '0') + ".note"), kept);
    CHECK_THROWS(Error, hall.open());
}

TEST(nothing_is_cosigned_that_the_disk_did_not_take)
{
    Hall hall;
    hall.ask(hall.request(0, 5));
    std::filesystem::rename(hall.folder.path(), hall.folder.path() + ".away");
    CHECK_THROWS(SystemError, hall.ask(hall.request(5, 7)));
    std::filesystem::rename(hall.folder.path() + ".away", hall.folder.path());
    CHECK_THROWS(Error, hall.ask(hall.request(5, 7)));   // what the disk has is not known any more
    hall.open();
    CHECK(is_conflict(hall.ask(hall.request(7, 9)), 5));
}

TEST(times_of_cosignatures_do_not_go_back)
{
    Hall hall;
    CHECK(is_cosigned(hall, hall.ask(hall.request(0, 4)), 4));
    const WallTime before = hall.now - std::chrono::hours{1};
    CHECK(is_cosigned(hall, hall.book->add_checkpoint(hall.request(4, 5), before), 5));
    hall.open();
    CHECK(is_cosigned(hall, hall.book->add_checkpoint(hall.request(5, 6), before), 6));
}

TEST(of_two_requests_at_a_time_one_goes_first)
{
    Hall hall;
    hall.ask(hall.request(0, 4));
    std::atomic<int> cosigned = 0;
    {
        std::vector<std::jthread> askers;
        for (const std::uint64_t size : {5U, 6U, 7U, 8U})
            askers.emplace_back([&hall, &cosigned, body = hall.request(4, size)] { cosigned += hall.status(body) == 200; });
    }
    CHECK_EQUAL(1, cosigned.load());
}

TEST(our_witness_and_our_ledger_understand_one_another)
{
    test::ScratchFolder ledger;
    test::ScratchFolder folder;
    RealIo io;
    RealEnv env;
    Engine engine{{.root = ledger.path(), .origin = "example.com/log", .rights = "dev", .space = SpaceRules::small()}, io, env};
    const std::string pem = SigningKey::generate().to_pem();
    const CosignerKey key = Cosigner{"witness.example/w", SigningKey::from_pem(pem)}.verifier_key();
    WitnessBook book{Policy::parse("log " + engine.identity().signer.verifier_key().text() + "\nquorum none\n"),
                     Cosigner{"witness.example/w", SigningKey::from_pem(pem)}, folder.path()};
    test::ScriptedServer server{[&](const test::Received& received) {
        const HttpAnswer answer = book.add_checkpoint(received.body, wall_now());
        return test::answer(answer.status, answer.body, "content-type: " + answer.content_type + "\r\n");
    }};
    const Policy policy = Policy::parse("witness W " + key.text() + " " + server.url("/w") + "\nquorum W\n");
    PublicLog log{ledger.path()};
    WebClient web;
    std::map<std::string, std::uint64_t> known;
    engine.publish();
    for (int i = 0; i < 5; ++i) {
        const WitnessAnswer answer = ask_witnesses(log, log.newest().value(), policy, web, Millis{10'000}, known).at(0);
        CHECK_EQUAL(""s, answer.reason);
        CHECK(policy.check(Note::parse(log.newest()->note + answer.line)).has_quorum);
        if (i == 2)
            known.clear();   // the witness says it itself
        engine.commit(std::vector<Submission>{{"tester", {{"line-" + std::to_string(i), "job.test", "{}"}}}});
        engine.publish();
    }
}
