// What somebody may do to a ledger's folder: each attack is noticed, with its exit code.
#include "tests/unit/test.h"

#include "audit/verify.h"
#include "base/error.h"
#include "os/file.h"
#include "tests/unit/thousand_lines.h"
#include "tlog/checkpoint.h"
#include "tlog/slices.h"

#include <algorithm>
#include <filesystem>
#include <functional>

using namespace forge;
using forge::test::text_of;
using forge::test::ThousandLines;
namespace fs = std::filesystem;

namespace {

struct Attack {
    std::string name;
    std::function<void(ThousandLines&)> act;
    int exit;
};

std::string with_line(const std::string& text, std::size_t number, const std::function<std::string(std::string)>& change)
{
    std::string changed;
    std::size_t at = 0;
    for (const auto line : split(std::string_view{text}.substr(0, text.size() - 1), '\n'))
        changed += at++ == number ? change(std::string{line}) : std::string{line} + "\n";
    return changed;
}

void edit(ThousandLines& ledger, const std::string& file, const std::function<std::string(std::string)>& change)
{
    const std::string before = read_file(ledger.path(file)), after = change(before);
    CHECK(before != after);
    replace_file(ledger.path(file), after);
}

const std::string middle = "events-2026-11-21.jsonl", newest = "events-2026-11-22.jsonl";

std::vector<Attack> attacks_on_lines_and_tiles()
{
    return {
        {"a shard is deleted", [](auto& l) { fs::remove(l.path(middle)); }, 2},
        {"the newest shard is deleted", [](auto& l) { fs::remove(l.path(newest)); }, 2},
        {"an older shard in the place of the newest",
         [](auto& l) { fs::copy_file(l.path(middle), l.path(newest), fs::copy_options::overwrite_existing); }, 2},
        {"another day's name", [](auto& l) { fs::rename(l.path(middle), l.path("events-2026-11-19.jsonl")); }, 2},
        {"a file that is no shard", [](auto& l) { replace_file(l.path("events-x.jsonl"), "{}\n"); }, 2},
        {"a line deleted at the end", [](auto& l) { edit(l, newest, [](auto t) { return t.substr(0, t.rfind('\n', t.size() - 2) + 1); }); }, 2},
        {"a line twice", [](auto& l) { edit(l, middle, [](auto t) { return with_line(t, 7, [](auto s) { return s + "\n" + s + "\n"; }); }); }, 2},
        {"a line of another ledger",
         [](auto& l) {
             ThousandLines other;
             const std::string line = other.sample.lines()[400];
             edit(l, middle, [&](auto t) { return with_line(t, 66, [&](const auto&) { return line + "\n"; }); });
         },
         2},
        {"a blank in a line", [](auto& l) { edit(l, middle, [](auto t) { return with_line(t, 9, [](auto s) { return s.insert(1, " ") + "\n"; }); }); }, 2},
        {"CR LF", [](auto& l) { edit(l, middle, [](auto t) { return with_line(t, 9, [](auto s) { return s + "\r\n"; }); }); }, 2},
        {"two tiles swapped",
         [](auto& l) {
             fs::rename(l.path("tile/0/000"), l.path("x"));
             fs::rename(l.path("tile/0/001"), l.path("tile/0/000"));
             fs::rename(l.path("x"), l.path("tile/0/001"));
         },
         2},
        {"garbage behind a partial tile", [](auto& l) { edit(l, "tile/0/003.p/232", [](auto t) { return t + std::string(32, '\xFF'); }); }, 2},
        {"an older tile longer than any", [](auto& l) { edit(l, "tile/0/003.p/132", [](auto t) { return t + std::string(8192, 'x'); }); }, 2},
        {"a tile of no width", [](auto& l) { replace_file(l.path("tile/0/003.p/0"), ""); }, 2},
        {"a tile of level 1 removed", [](auto& l) { fs::remove_all(l.path("tile/1")); }, 2},
        {"a tile under a name that is none", [](auto& l) { fs::copy_file(l.path("tile/0/003.p/232"), l.path("tile/0/003.p/0232")); }, 2},
    };
}

std::vector<Attack> attacks_on_what_is_signed()
{
    const auto signed_by = [](ThousandLines& ledger, const NoteSigner& signer, const std::string& origin, std::uint64_t size,
                              const Hash& root) {
        replace_file(ledger.path("checkpoint"), signer.sign(Checkpoint{origin, size, root}.text()));
    };
    return {
        {"an older checkpoint",
         [](auto& l) {
             const std::string text = read_file(l.path("checkpoints/2026-11-22.notes"));
             replace_file(l.path("checkpoint"), notes_in(text).front());
         },
         2},
        {"no checkpoint", [](auto& l) { fs::remove(l.path("checkpoint")); }, 2},
        {"the signature stripped", [](auto& l) { edit(l, "checkpoint", [](auto t) { return t.substr(0, t.find("\n\n") + 2); }); }, 2},
        {"a checkpoint of another key",
         [=](auto& l) { signed_by(l, {"example.org/forge", SigningKey::generate()}, "example.org/forge", 1000, l.sample.root_hash()); }, 2},
        {"a checkpoint of another origin",
         [=](auto& l) { signed_by(l, l.sample.signer(), "example.org/other", 1000, l.sample.root_hash()); }, 2},
        {"a root that the key signed but the lines have not", [=](auto& l) { signed_by(l, l.sample.signer(), "example.org/forge", 1000, Hash{}); }, 2},
        {"a size that the lines have not", [=](auto& l) { signed_by(l, l.sample.signer(), "example.org/forge", 1001, l.sample.root_hash()); }, 2},
        {"a day's note deleted", [](auto& l) { fs::remove(l.path("days/2026-11-20.note")); }, 2},
        {"the day's note of another day",
         [](auto& l) { fs::copy_file(l.path("days/2026-11-21.note"), l.path("days/2026-11-20.note"), fs::copy_options::overwrite_existing); }, 2},
        {"the key replaced",
         [](auto& l) {
             const NoteSigner stranger{"example.org/forge", SigningKey::generate()};
             replace_file(l.path("keys/log.vkey"), stranger.verifier_key().text() + "\n");
         },
         2},
        {"no key", [](auto& l) { fs::remove(l.path("keys/log.vkey")); }, 2},
        {"half a line at the end", [](auto& l) { edit(l, newest, [](auto t) { return t + "{\"actor"; }); }, 5},
        {"a line that nobody signed", [](auto& l) { l.sample.add({"late", "job.done", "{}"}); }, 5},
        {"a tombstone that no redaction covers",
         [](auto& l) {
             edit(l, middle, [](auto t) {
                 return with_line(t, 9, [](auto s) {
                     const std::string seq = std::string{member_of(s, "seq")};
                     return R"({"leaf":")" + hex(leaf_hash(s)) + R"(","redacted":true,"seq":)" + seq + "}\n";
                 });
             });
         },
         2},
    };
}

// The tombstone stands last, for the tests that want it alone.
std::vector<Attack> attacks()
{
    std::vector<Attack> all = attacks_on_lines_and_tiles();
    std::ranges::move(attacks_on_what_is_signed(), std::back_inserter(all));
    return all;
}

}

TEST(every_attack_on_a_ledger_has_its_exit_code)
{
    ThousandLines ledger;
    const test::ScratchFolder good;
    fs::copy(ledger.folder.path(), good / "copy", fs::copy_options::recursive);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text_of(ledger.verified()), 0, ledger.verified().findings.exit_code());
    for (const Attack& attack : attacks()) {
        attack.act(ledger);
        const VerifyReport report = ledger.verified();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(attack.name + "\n" + text_of(report), attack.exit, report.findings.exit_code());
        if (attack.name == "a line that nobody signed")
            break;   // the sample goes on behind it
        fs::remove_all(ledger.folder.path());
        fs::copy(good / "copy", ledger.folder.path(), fs::copy_options::recursive);
    }
    const Attack tombstone = attacks().back();
    ThousandLines another;
    tombstone.act(another);
    CHECK_EQUAL(tombstone.exit, another.verified().findings.exit_code());
}

TEST(a_tombstone_that_a_later_redaction_names_is_incomplete_and_no_contradiction)
{
    ThousandLines ledger;
    attacks().back().act(ledger);
    const std::string text = read_file(ledger.path(middle));
    const auto at = text.find(R"("redacted":true,"seq":)");
    const std::string seq = text.substr(at + 22, text.find('}', at) - at - 22);
    ledger.sample.add({"redaction", "ledger.redaction", R"({"fields":["event"],"seqs":[)" + seq + "]}"});
    ledger.sample.publish();
    const VerifyReport report = ledger.verified();
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text_of(report), 5, report.findings.exit_code());
}

TEST(a_folder_of_yesterday_contradicts_the_pin_of_today_and_so_does_a_fork_with_the_right_key)
{
    ThousandLines ledger;
    const test::ScratchFolder yesterday;
    fs::copy(ledger.folder.path(), yesterday / "copy", fs::copy_options::recursive);
    ledger.sample.add({"more", "job.done", "{}"});
    ledger.sample.publish();
    const PinnedRoot pin{ledger.sample.size(), ledger.sample.root_hash(), "the pin"};
    const auto exit_of = [&](const std::string& root) {
        return verify_ledger({.root = root, .pin = pin, .patience = Millis{0}}).findings.exit_code();
    };
    CHECK_EQUAL(0, exit_of(ledger.folder.path()));
    CHECK_EQUAL(4, exit_of(yesterday / "copy"));
    const PinnedRoot fork{500, Hash{}, "the pin"};
    CHECK_EQUAL(4, verify_ledger({.root = ledger.folder.path(), .pin = fork, .patience = Millis{0}}).findings.exit_code());
}
