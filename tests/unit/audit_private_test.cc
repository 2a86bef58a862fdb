// A full verification opens each private value and compares it with what its line commits to.
#include "tests/unit/test.h"
#include "tests/unit/thousand_lines.h"

#include "base/error.h"
#include "os/file.h"

#include <filesystem>

using namespace forge;
using forge::test::LedgerSample;
using forge::test::must_find;
using forge::test::must_pass;
using forge::test::text_of;

namespace {

namespace fs = std::filesystem;
const std::string shard = "events-2026-11-20.jsonl", sidecar = "private/2026-11-20.jsonl", keys = "private/keys/2026-11.jsonl";
const std::string subject(64, 'a');

// Lines 2 and 3 have private values: one, and two.
struct Kept {
    test::ScratchFolder folder;
    LedgerSample sample{folder.path()};

    Kept()
    {
        sample.add({"one", "job.done", "{}", {"args"}});
        sample.add({"two", "job.done", "{}", {"args", "sub"}});
        sample.publish();
    }
    VerifyReport verified() const { return verify_ledger({.root = folder.path(), .patience = Millis{0}}); }
    std::string text(const std::string& file) const { return read_file(folder / file); }
    /// With another text of the file, which is put back.
    VerifyReport with(const std::string& file, const std::string& other) const
    {
        const std::string before = text(file);
        replace_file(folder / file, other);
        VerifyReport report = verified();
        replace_file(folder / file, before);
        return report;
    }
    /// The third character of a member's value is another one of the same kind.
    VerifyReport with_member(const std::string& file, std::size_t line, const std::string& member) const
    {
        std::string other = text(file);
        std::size_t at = 0;
        for (std::size_t i = 1; i < line; ++i)
            at = other.find('\n', at) + 1;
        at = other.find("\"" + member + "\":\"", at) + member.size() + 6;
        other[at] = other[at] == '1' ? '2' : '1';
        return with(file, other);
    }
};

std::string warnings_of(const VerifyReport& report)
{
    return join(report.warnings, "\n");
}

}

TEST(a_changed_private_value_is_named_with_its_line)
{
    const Kept ledger;
    must_pass(ledger.verified());
    CHECK_EQUAL(std::uint64_t{0}, ledger.verified().private_unopened);
    must_find(ledger.with_member(sidecar, 2, "sealed"), sidecar + ":2", "the value \"args\" of seq 2 was changed");
    must_find(ledger.with_member(sidecar, 3, "nonce"), sidecar + ":3", "the value \"sub\" of seq 2 was changed");
    must_find(ledger.with_member(sidecar, 1, "subject"), sidecar + ":1", "its subject is not that of its data key");
    must_find(ledger.with_member(sidecar, 1, "dek"), sidecar + ":1", "its data key is not in " + keys);
    must_find(ledger.with(sidecar, replace_all(ledger.text(sidecar), "args", "arks")), sidecar + ":0", "missing, or without values");
    for (const auto* member : {"dek", "nonce", "wrapped"})
        must_find(ledger.with_member(keys, 1, member), keys + ":1", "no data key that can be unwrapped");
    must_find(ledger.with_member(keys, 1, "subject"), keys + ":1", "its subject is not that of its values");
    const std::string kek = ledger.text("state/kek");
    must_find(ledger.with("state/kek", "1" + kek.substr(1)), "state/kek:1", "unwraps none of 1 data keys");
    must_find(ledger.with("state/kek", "x" + kek.substr(1)), "state/kek:1", "not 64 digits");
    must_find(ledger.with("state/kek", kek.substr(0, 64)), "state/kek:1", "not 64 digits");
}

TEST(a_changed_subject_is_named_with_its_value_and_where_nobody_can_tell_with_the_key_too)
{
    const Kept ledger;
    const std::string values = ledger.text(sidecar), other(64, 'b');
    const auto last = values.rfind("\"subject\"");
    const VerifyReport two = ledger.with(sidecar, replace_all(values.substr(0, last), subject, other) + values.substr(last));
    must_find(two, sidecar + ":1", "its subject is not that of its data key");
    must_find(two, sidecar + ":2", "its subject is not that of its data key");

    test::ScratchFolder folder;
    LedgerSample alone{folder.path()};
    alone.add({"one", "job.done", "{}", {"args"}});
    alone.publish();
    replace_file(folder / sidecar, replace_all(read_file(folder / sidecar), subject, other));
    const VerifyReport report = verify_ledger({.root = folder.path(), .patience = Millis{0}});
    must_find(report, sidecar + ":1", "its subject is not that of its data key");
    must_find(report, keys + ":1", "its subject is not that of its values");
}

TEST(a_broken_data_key_is_named_before_and_behind_one_that_opens)
{
    const Kept ledger;
    const std::string good = ledger.text(keys);
    std::string broken = good;
    broken[9] = broken[9] == '1' ? '2' : '1';   // of its id, which its wrapping is bound to
    must_find(ledger.with(keys, broken + good), keys + ":1", "no data key that can be unwrapped");
    replace_file(ledger.folder / sidecar, replace_all(ledger.text(sidecar), good.substr(8, 32), std::string(32, '0')));   // looks for a key to the end
    must_find(ledger.with(keys, good + broken + broken), keys + ":2", "no data key that can be unwrapped");
}

TEST(a_private_value_in_another_form_is_none)
{
    const Kept ledger;
    const std::string values = ledger.text(sidecar);
    must_find(ledger.with(sidecar, replace_all(values, R"(,"nonce")", R"(, "nonce")")), sidecar + ":1", "not a line of private values");
    must_find(ledger.with(sidecar, replace_all(values, "\"subject\":\"aa", "\"subject\":\"Aa")), sidecar + ":1", "not a line of private values");
    must_find(ledger.with(sidecar, replace_all(values, "\"seq\":1", "\"seq\":01")), sidecar + ":1", "not a line of private values");
    must_find(ledger.with(keys, replace_all(ledger.text(keys), "\"nonce\":\"6e", "\"nonce\":\"6E")), keys + ":1", "no data key");
}

TEST(a_value_that_no_line_commits_to_is_found)
{
    Kept ledger;
    const std::string values = ledger.text(sidecar), first = values.substr(0, values.find('\n') + 1);
    must_find(ledger.with(sidecar, first + values), sidecar + ":2", "no line commits to this value of seq 1");
    // Of the newest day: a writer may be about to commit to it.
    must_pass(ledger.with(sidecar, values + replace_all(first, "\"seq\":1", "\"seq\":3")));
    ledger.sample.begin_day("2026-11-21");
    ledger.sample.publish();
    must_find(ledger.with(sidecar, values + first), sidecar + ":4", "no line commits to this value of seq 1");
}

TEST(a_value_sealed_for_another_line_is_not_the_one_that_is_committed_to)
{
    const Kept ledger;
    std::string values = ledger.text(sidecar);
    // The second line's value in the place of the first one's.
    const auto second = values.find('\n') + 1, third = values.find('\n', second) + 1;
    const std::string moved = replace_all(values.substr(second, third - second), "\"seq\":2", "\"seq\":1");
    must_find(ledger.with(sidecar, moved + values.substr(second)), sidecar + ":1", "the value \"args\" of seq 1 was changed");
}

TEST(of_a_changed_line_its_values_are_not_called_changed_too)
{
    const Kept ledger;
    const VerifyReport report = ledger.with(shard, replace_all(ledger.text(shard), R"("id":"one")", R"("id":"onf")"));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text_of(report), std::uint64_t{1}, report.findings.total());
    must_find(report, shard + ":2", "");
    const VerifyReport renamed = ledger.with(shard, replace_all(ledger.text(shard), R"("sub":{)", R"("svb":{)"));
    CHECK(!renamed.findings.has(sidecar, 0));
}

TEST(without_the_key_encryption_key_values_stay_closed_and_a_warning_says_so)
{
    const Kept ledger;
    fs::remove_all(ledger.folder / "state");
    const VerifyReport report = ledger.verified();
    must_pass(report);
    CHECK_EQUAL(std::uint64_t{3}, report.private_unopened);
    CHECK(warnings_of(report).find("3 private values not opened: state/kek cannot be read") != std::string::npos);
    must_find(ledger.with(keys, "{}\n"), keys + ":1", "no data key");
}

TEST(a_data_key_that_a_crash_tore_before_it_was_used_is_no_finding)
{
    const Kept ledger;
    const std::string text = ledger.text(keys);
    must_pass(ledger.with(keys, text + R"({"dek":"00)"));
    must_pass(ledger.with(keys, text + std::string(300, '\0') + "\n"));
    must_find(ledger.with(keys, std::string(300, '\0') + "\n" + text), keys + ":1", "no data key");
}

TEST(a_live_ledger_without_its_private_folder_lacks_its_values)
{
    const Kept ledger;
    fs::rename(ledger.folder / "private/keys", ledger.folder / "state/keys");
    must_find(ledger.verified(), keys + ":0", "missing");
    fs::remove_all(ledger.folder / "private");
    must_find(ledger.verified(), sidecar + ":0", "missing, or without values");
    must_find(ledger.verified(), shard + ":2", "the private value \"args\" is missing");
    fs::remove_all(ledger.folder / "state");
    const VerifyReport copy = ledger.verified();
    must_pass(copy);
    CHECK_EQUAL(std::uint64_t{3}, copy.private_not_looked_at);
}

TEST(a_value_that_comes_after_an_erasure_replaced_the_file_is_there)
{
    Kept ledger;
    bool is_first = true;
    const auto live = [&](const VerifyProgress&) {
        if (!std::exchange(is_first, false))
            return;
        replace_file(ledger.folder / sidecar, ledger.text(sidecar));
        ledger.sample.add({"late", "job.done", "{}", {"args"}});
        ledger.sample.publish();
    };
    const VerifyReport report = verify_ledger({.root = ledger.folder.path(), .patience = Millis{0}, .on_progress = live});
    must_pass(report);
    CHECK_EQUAL(std::uint64_t{4}, report.private_values);
}

TEST(a_private_folder_of_which_all_is_redacted_may_be_missing)
{
    Kept ledger;
    ledger.sample.add({"redaction", "ledger.redaction", R"({"fields":[],"seqs":[[1,2]]})"});
    ledger.sample.publish();
    fs::remove_all(ledger.folder / "private");
    must_pass(ledger.verified());
    CHECK_EQUAL(std::uint64_t{3}, ledger.verified().private_erased);
}

TEST(the_private_folder_of_a_frozen_ledger_may_be_gone_as_a_whole)
{
    Kept ledger;
    ledger.sample.add({"ledger.frozen", "ledger.frozen", R"({"reason":"moved","user":"root"})"});
    ledger.sample.publish();
    must_pass(ledger.verified());
    fs::remove_all(ledger.folder / "private");
    const VerifyReport report = ledger.verified();
    must_pass(report);
    CHECK(warnings_of(report).find("private/ of this frozen ledger is gone: 3 private values are erased") != std::string::npos);
    fs::create_directories(ledger.folder / "private/keys");
    must_find(ledger.verified(), sidecar + ":0", "missing, or without values");
}
