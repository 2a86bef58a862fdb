// A pin of an older key holds where the ledger's lines lead to the newer ones, and only there.
#include "tests/unit/test.h"

#include "audit/pin.h"
#include "ledger/engine.h"
#include "os/file.h"

using namespace forge;

namespace {

// A ledger on the disk whose key changes.
struct Rotated {
    Rotated() { append("a"); }
    void append(const std::string& id)
    {
        engine.commit(std::vector<Submission>{{"tester", {{id, "job.test", "{}"}}}});
        engine.publish();
    }
    void change_key()
    {
        const std::string old = engine.head().keys.back().vkey;
        engine.rotate_key();
        engine.retire_key(old, true);
        append("after-" + std::to_string(engine.head().keys.size()));
    }
    std::optional<PinDifference> compare(const Pin& pin)
    {
        Checkpoint newest;
        return compare_with(pin, folder.path(), newest);
    }
    std::string reason(const Pin& pin)
    {
        const auto difference = compare(pin);
        CHECK(difference && difference->kind == FlawKind::outside);
        return difference->reason;
    }
    std::string history() { return folder / ("checkpoints/" + names_in(folder / "checkpoints").at(0)); }

    test::ScratchFolder folder;
    RealIo io;
    RealEnv env;
    Engine engine{{.root = folder.path(), .origin = "example.com/log", .rights = "dev", .space = SpaceRules::small()}, io, env};
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

}

TEST(a_pin_holds_through_two_changes_of_the_key)
{
    Rotated ledger;
    const Pin pin = pin_of(ledger.folder.path(), std::nullopt);
    ledger.engine.rotate_key();
    CHECK(!ledger.compare(pin));
    ledger.engine.retire_key(pin.key.text(), true);
    CHECK(!ledger.compare(pin));
    ledger.change_key();
    CHECK(!ledger.compare(pin));
    CHECK(!ledger.compare(pin_of(ledger.folder.path(), std::nullopt)));
}

TEST(a_pin_of_an_older_key_still_shows_a_rollback_and_another_history)
{
    Rotated ledger;
    Pin pin = pin_of(ledger.folder.path(), std::nullopt);
    ledger.change_key();
    pin.size = 1000;
    CHECK(has(ledger.reason(pin), "rolled back: "));
    pin.size = 1;
    CHECK(has(ledger.reason(pin), "another history: "));
}

TEST(a_key_that_no_line_of_the_ledger_names_is_not_the_pinned_one)
{
    Rotated ledger;
    const Pin pin = pin_of(ledger.folder.path(), std::nullopt);
    const NoteSigner stranger{"example.com/log", SigningKey::generate()};
    const Note note = Note::parse(read_file(ledger.folder / "checkpoint"));
    write_file_durably(ledger.folder / "checkpoint", stranger.sign(note.text));
    CHECK(has(ledger.reason(pin), "nor by a key that came after it"));
    for (const std::string from : {"0", "1", "2", "3", "99999999"}) {
        write_file_durably(ledger.folder / "keys/log.vkeys",
                           pin.key.text() + " 0 -\n" + stranger.verifier_key().text() + " " + from + " -\n");
        CHECK(has(ledger.reason(pin), "do not name the key "));
    }
}

TEST(a_key_that_the_one_before_did_not_sign_for_is_not_believed)
{
    Rotated ledger;
    const Pin pin = pin_of(ledger.folder.path(), std::nullopt);
    const std::string before = read_file(ledger.history());
    const NoteSigner old{"example.com/log", SigningKey::from_pem(read_file(ledger.folder / "state/log.pem"))};
    ledger.change_key();
    const std::string published = read_file(ledger.history());
    CHECK(!ledger.compare(pin));
    write_file_durably(ledger.history(), before);
    CHECK(has(ledger.reason(pin), "was not signed by the one before it"));
    // The old key signed a tree of that size, but of another history.
    Checkpoint other = Checkpoint::parse(Note::parse(read_file(ledger.folder / "checkpoint")).text);
    other.root = leaf_hash("another history");
    write_file_durably(ledger.history(), before + old.sign(other.text()) + "\n");
    CHECK(has(ledger.reason(pin), "was not signed by the one before it"));
    write_file_durably(ledger.history(), published + "a note that is just being written\n1\n\n\u2014 a");
    CHECK(!ledger.compare(pin));
}

TEST(a_pin_of_a_key_that_the_ledger_never_had_is_another_ledgers)
{
    Rotated ledger;
    Pin pin = pin_of(ledger.folder.path(), std::nullopt);
    pin.key = NoteSigner{"example.com/log", SigningKey::generate()}.verifier_key();
    ledger.change_key();
    CHECK(has(ledger.reason(pin), "is not of the pinned key"));
}
