// A pin of an older key holds where the ledger's lines lead to the newer ones, and only there.
#include "tests/unit/test.h"

#include "audit/pin.h"
#include "base/error.h"
#include "ledger/engine.h"
#include "os/file.h"

#include <filesystem>

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
    NoteSigner signer() const { return {"example.com/log", SigningKey::from_pem(read_file(folder / "state/log.pem"))}; }
    // The newest checkpoint, and the list of keys, as whoever has another key may write them.
    void forge_with(const NoteSigner& signer, const std::string& keys)
    {
        const Note note = Note::parse(read_file(folder / "checkpoint"));
        write_file_durably(folder / "checkpoint", signer.sign(note.text));
        write_file_durably(history(), read_file(history()) + signer.sign(note.text) + "\n");
        write_file_durably(folder / "keys/log.vkeys", keys);
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

TEST(the_order_of_the_keys_is_that_of_the_lines_whatever_the_list_says)
{
    Rotated ledger;
    const std::string first = ledger.signer().verifier_key().text();
    ledger.change_key();
    const NoteSigner old = ledger.signer();
    const std::string old_key = old.verifier_key().text();
    ledger.change_key();
    const Pin pin = pin_of(ledger.folder.path(), std::nullopt);
    const std::string key = pin.key.text();
    const std::string honest = read_file(ledger.folder / "keys/log.vkeys");
    const auto from = [&](const std::string& vkey) { return honest.substr(honest.find(vkey) + vkey.size(), 3); };
    ledger.append("added");
    CHECK(!ledger.compare(pin));
    ledger.forge_with(old, key + " 0 -\n" + old_key + from(old_key) + "-\n" + first + " 0 -\n");
    CHECK(has(ledger.reason(pin), "do not name the key " + pin.key.fingerprint()));
    ledger.forge_with(old, key + from(key) + "-\n" + old_key + from(old_key) + "-\n" + first + " 0 -\n");
    CHECK(has(ledger.reason(pin), "is older than the one before it"));
    ledger.forge_with(old, key + from(key) + "-\n" + old_key + " 99 -\n");
    CHECK(has(ledger.reason(pin), "do not name the key " + old.verifier_key().fingerprint()));
    ledger.forge_with(old, honest);
    CHECK(has(ledger.reason(pin), "nor by a key that came after it"));
}

TEST(a_retired_key_signs_for_nothing_any_more)
{
    Rotated ledger;
    const NoteSigner old = ledger.signer(), stranger{"example.com/log", SigningKey::generate()};
    const Pin pin = pin_of(ledger.folder.path(), std::nullopt);
    ledger.change_key();
    const std::string honest = read_file(ledger.folder / "keys/log.vkeys");
    CHECK(!ledger.compare(pin));
    ledger.forge_with(old, pin.key.text() + " 0 -\n");
    CHECK(has(ledger.reason(pin), "retired by the line of seq "));
    ledger.forge_with(old, honest);
    CHECK(has(ledger.reason(pin), "retired by the line of seq "));
    // Nor for a key that a line names after it was retired.
    const std::string vkey = stranger.verifier_key().text();
    ledger.engine.record("ledger.key", R"({"vkey":")" + vkey + "\"}");
    ledger.engine.publish();
    const std::string size = std::to_string(ledger.engine.head().size());
    ledger.forge_with(old, pin.key.text() + " 0 -\n" + vkey + " " + size + " -\n");
    write_file_durably(ledger.folder / "checkpoint", stranger.sign(Note::parse(read_file(ledger.folder / "checkpoint")).text));
    CHECK(has(ledger.reason(pin), "was not signed by the one before it"));
}

TEST(a_pin_holds_where_a_key_was_given_up_before_it_was_used)
{
    Rotated ledger;
    const Pin pin = pin_of(ledger.folder.path(), std::nullopt);
    ledger.engine.rotate_key();
    ledger.engine.retire_key(ledger.engine.head().keys.back().vkey, true);
    ledger.append("between");
    CHECK(!ledger.compare(pin));
    ledger.engine.rotate_key();
    ledger.engine.retire_key(pin.key.text(), true);
    ledger.append("later");
    CHECK(!ledger.compare(pin));
}

TEST(a_compare_says_which_file_it_lacks_or_cannot_read)
{
    Rotated ledger;
    const Pin pin = pin_of(ledger.folder.path(), std::nullopt);
    ledger.change_key();
    const std::string index = ledger.folder / "index/off.u64";
    std::filesystem::rename(index, ledger.folder / "kept");
    std::filesystem::create_directory(index);
    try {
        ledger.compare(pin);
        CPPUNIT_FAIL("a folder was read");
    } catch (const SystemError& error) {
        CHECK(has(error.what(), index));
    }
    std::filesystem::remove(index);
    const auto difference = ledger.compare(pin);
    CHECK(difference && difference->kind == FlawKind::incomplete);
    CHECK(has(difference->reason, index + " is not there"));
    std::filesystem::rename(ledger.folder / "kept", index);
    CHECK(!ledger.compare(pin));
}
