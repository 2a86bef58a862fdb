// What is signed beside the newest checkpoint: checkpoint.cosigned, FROZEN, and the list of keys.
#include "tests/unit/test.h"
#include "tests/unit/thousand_lines.h"

#include "os/file.h"
#include "tlog/checkpoint.h"

#include <filesystem>

using namespace forge;
using forge::test::LedgerSample;
using forge::test::must_find;
using forge::test::must_pass;

namespace {

struct Beside {
    test::ScratchFolder folder;
    LedgerSample sample{folder.path()};

    Beside() { add("one"); }
    void add(const std::string& id, const std::string& type = "job.done", const std::string& event = "{}")
    {
        sample.add({id, type, event});
        sample.publish();
    }
    VerifyReport with(const std::string& file, const std::string& text) const
    {
        replace_file(folder / file, text);
        return verify_ledger({.root = folder.path(), .patience = Millis{0}});
    }
    std::string note(std::uint64_t size, const Hash& root) const
    {
        return sample.signer().sign(Checkpoint{"example.org/forge", size, root}.text());
    }
    std::string checkpoint() const { return read_file(folder / "checkpoint"); }
    std::string vkey() const { return sample.signer().verifier_key().text(); }
};

}

TEST(a_cosigned_checkpoint_is_one_of_the_ledgers_own_trees)
{
    Beside ledger;
    const std::string file = "checkpoint.cosigned", older = ledger.checkpoint();
    must_pass(ledger.with(file, older));
    ledger.add("two");
    must_pass(ledger.with(file, older));
    must_pass(ledger.with(file, ledger.checkpoint()));
    must_find(ledger.with(file, "garbage\n"), file + ":0", "does not hold");
    must_find(ledger.with(file, older.substr(0, older.size() - 1)), file + ":0", "does not hold");
    must_find(ledger.with(file, ledger.note(2, Hash{})), ledger.sample.shard() + ":2", "the root of 2 lines is not the one of " + file);
    must_find(ledger.with(file, ledger.note(9, Hash{})), file + ":0", "of 9 lines, the checkpoint covers 3");
}

TEST(a_frozen_ledger_says_so_in_its_lines_and_ends_there)
{
    Beside ledger;
    const std::string file = "FROZEN", older = ledger.checkpoint();
    must_find(ledger.with(file, older), file + ":0", "no line of the ledger says so");
    must_find(ledger.with(file, "frozen\n"), file + ":0", "does not hold");
    ledger.add("end", "ledger.frozen", R"({"reason":"moved","user":"root"})");
    must_find(ledger.with(file, older), file + ":0", "not the last checkpoint");
    must_pass(ledger.with(file, ledger.checkpoint()));
}

TEST(the_list_of_keys_says_what_the_lines_say_or_is_one_line_behind)
{
    Beside ledger;
    const std::string file = "keys/log.vkeys", next = NoteSigner{"example.org/forge", SigningKey::generate()}.verifier_key().text();
    must_find(ledger.with(file, ledger.vkey() + " 1 -\n"), file + ":0", "not what the ledger's lines say");
    must_find(ledger.with(file, ledger.vkey() + " 0 2\n"), file + ":0", "not what the ledger's lines say");
    must_pass(ledger.with(file, ledger.vkey() + " 0 -\n"));
    ledger.add("key", "ledger.key", R"({"vkey":")" + next + "\"}");
    must_pass(ledger.with(file, ledger.vkey() + " 0 -\n"));
    must_pass(ledger.with(file, ledger.vkey() + " 0 -\n" + next + " 3 -\n"));
    must_find(ledger.with(file, ledger.vkey() + " 0 -\n" + next + " 2 -\n"), file + ":0", "not what the ledger's lines say");
    ledger.add("gone", "ledger.key", R"({"retire":")" + next + "\"}");
    must_pass(ledger.with(file, ledger.vkey() + " 0 -\n" + next + " 3 4\n"));
    must_find(ledger.with(file, ledger.vkey() + " 0 -\n"), file + ":0", "not what the ledger's lines say");
    std::filesystem::remove(ledger.folder / file);
    must_find(ledger.with("checkpoint", ledger.checkpoint()), file + ":0", "missing");
}

TEST(the_note_of_a_sealed_day_holds_though_no_checkpoint_covers_the_seal)
{
    Beside ledger;
    ledger.sample.begin_day("2026-11-21");
    must_find(ledger.with("days/2026-11-20.note", "garbage"), "days/2026-11-20.note:0", "does not hold");
}
