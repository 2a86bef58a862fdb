// Uploaded evidence: what is taken, what is refused, who may see it, and until when.
#include "analyze/evidence_store.h"

#include "archive_maker.h"
#include "os/file.h"
#include "os/random.h"
#include "test.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <string>

using namespace forge;
using test::MadeFormat;
using test::MadeMember;
using test::made_archive;
using Kind = MadeMember::Kind;
using Reason = EvidenceRefused::Reason;

namespace {

constexpr std::string_view owner = "https://issuer/\nalice";

class Store {
public:
    explicit Store(EvidenceLimits limits = {}) : store_(folder_ / "evidence", limits) {}

    StoredEvidence take(const std::string& bytes, std::string_view filename = "")
    {
        replace_file(folder_ / "upload", bytes);
        const Fd fd = open_file(folder_ / "upload", O_RDONLY);
        return store_.store(fd.get(), filename, owner);
    }

    /// Why an upload is refused; nothing when it is taken.
    std::optional<Reason> refusal(const std::string& bytes, std::string_view filename = "")
    {
        try {
            take(bytes, filename);
            return std::nullopt;
        } catch (const EvidenceRefused& refused) {
            CHECK(names_in(folder_ / "evidence").empty());   // nothing is left behind
            return refused.reason;
        }
    }

    std::unique_ptr<EvidenceTree> open(const StoredEvidence& stored) { return store_.open(stored.handle, owner); }
    EvidenceStore& operator*() { return store_; }
    std::string path() const { return folder_ / "evidence"; }

private:
    test::ScratchFolder folder_;
    EvidenceStore store_;
};

std::string listing(const EvidenceTree& tree)
{
    std::string list;
    for (const auto& file : tree.files())
        list += file.path + "=" + tree.read(file, 100).value_or("?") + ";";
    return list;
}

/// "path: reason" of each, in order.
std::string left_out(const StoredEvidence& stored)
{
    std::string list;
    for (const auto& item : stored.skips.json()["items"].items())
        list += std::string{item["path"].as_text()} + ": " + std::string{item["reason"].as_text()} + ";";
    return list;
}

}

TEST(an_upload_is_read_back_file_by_file_in_each_format)
{
    for (const auto format :
         {MadeFormat::tar, MadeFormat::tar_gzip, MadeFormat::tar_zstd, MadeFormat::tar_bzip2, MadeFormat::zip}) {
        Store store;
        const auto stored =
            store.take(made_archive({{"./b/", "", Kind::folder}, {"./b/two.txt", "2"}, {"a.txt", "one"}}, format));
        CHECK_EQUAL("a.txt=one;b/two.txt=2;"s, listing(*store.open(stored)));
        CHECK_EQUAL(std::size_t{2}, stored.files);
        CHECK_EQUAL(std::size_t{0}, stored.skips.count());
    }
}

TEST(what_is_no_archive_is_one_file_under_its_name)
{
    Store store;
    CHECK_EQUAL("notes.md=text;"s, listing(*store.open(store.take("text", "notes.md"))));
    CHECK_EQUAL("passwd=text;"s, listing(*store.open(store.take("text", "../../etc/passwd"))));
    CHECK_EQUAL("upload=text;"s, listing(*store.open(store.take("text", ".."))));
}

// printf 'a' and 'bb' under these names, then the pipeline of tree_digest's contract.
TEST(the_digest_is_that_of_sha256sum_and_does_not_depend_on_the_archive)
{
    Store store;
    const auto one = store.take(made_archive({{"x/a", "a"}, {"b", "bb"}}));
    const auto other = store.take(made_archive({{"b", "bb"}, {"./x/a", "a"}}, MadeFormat::zip));
    CHECK_EQUAL("sha256:de566cb17e21c72f1c815ac0fbbce57a8d4a59390ce6b46bd21032e53552a710"s, one.digest);
    CHECK_EQUAL(one.digest, other.digest);
}

TEST(what_could_lead_out_of_the_folder_is_left_out_and_named)
{
    Store store;
    const auto stored = store.take(made_archive({{"ok", "1"},
                                                 {"/etc/passwd", "x"},
                                                 {"../up", "x"},
                                                 {"a/../../up", "x"},
                                                 {"link", "/etc/passwd", Kind::symlink},
                                                 {"hard", "ok", Kind::hard_link},
                                                 {"pipe", "", Kind::fifo},
                                                 {"null", "", Kind::device},
                                                 {"ok", "again"},
                                                 {"a\nb", "x"},
                                                 {std::string(1100, 'p'), "x"}}));
    CHECK_EQUAL("ok=1;"s, listing(*store.open(stored)));
    CHECK_EQUAL("/etc/passwd: absolute path;../up: leaves the folder;a/../../up: leaves the folder;link: symbolic "
                "link;hard: hard link;"
                "pipe: FIFO;null: device;ok: path given twice;a?b: control character in its name;"s
                    + std::string(300, 'p') + ": path longer than 1024 bytes;",
                left_out(stored));
}

TEST(no_name_of_an_archive_becomes_a_name_on_disk)
{
    Store store;
    const auto stored = store.take(made_archive({{"../../evil", "x"}, {"deep/er/file", "x"}}));
    const auto id = stored.handle.substr(stored.handle.find(':') + 1);
    CHECK(names_in(store.path()) == std::vector<std::string>{id});
    CHECK(names_in(store.path() + "/" + id) == (std::vector<std::string>{"content", "manifest.json"}));
    struct stat status{};
    CHECK(::stat((store.path() + "/" + id + "/content").c_str(), &status) == 0 && (status.st_mode & 077) == 0);
}

TEST(ten_thousand_members_are_taken_and_one_more_is_not)
{
    std::vector<MadeMember> members;
    for (int i = 0; i < 10'000; ++i)
        members.push_back({"f" + std::to_string(i), "x"});
    CHECK(!Store{}.refusal(made_archive(members)));
    members.push_back({"one-more", "x"});
    CHECK(Store{}.refusal(made_archive(members)) == Reason::too_large);
}

TEST(an_archive_that_expands_without_end_is_stopped)
{
    const std::string zeros(8 << 20, '\0');
    const EvidenceLimits small{.expanded_bytes = 4 << 20};
    for (const auto format : {MadeFormat::tar_gzip, MadeFormat::tar_zstd, MadeFormat::tar_bzip2, MadeFormat::zip})
        CHECK(Store{small}.refusal(made_archive({{"bomb", zeros}}, format)) == Reason::too_large);

    const EvidenceLimits narrow{.ratio_free_bytes = 1 << 20};
    CHECK(Store{narrow}.refusal(made_archive({{"bomb", zeros}}, MadeFormat::tar_zstd)) == Reason::too_large);
}

TEST(what_is_left_out_is_not_expanded_without_end_either)
{
    const EvidenceLimits small{.expanded_bytes = 1 << 20, .ratio_free_bytes = 1 << 20};
    CHECK(Store{small}.refusal(made_archive({{"../bomb", std::string(8 << 20, '\0')}}, MadeFormat::tar_zstd))
          == Reason::too_large);
}

TEST(the_hole_of_a_sparse_file_counts)
{
    const EvidenceLimits small{.expanded_bytes = 4 << 20};
    CHECK(Store{small}.refusal(made_archive({{"sparse", "x", Kind::file, 64 << 20}})) == Reason::too_large);
}

TEST(a_damaged_archive_is_refused)
{
    const auto bytes = made_archive({{"a", random_bytes(100'000)}}, MadeFormat::tar_gzip);
    CHECK(Store{}.refusal(bytes.substr(0, bytes.size() / 2)) == Reason::broken);
    const auto tar = made_archive({{"a", std::string(100'000, 'x')}});
    CHECK(Store{}.refusal(tar.substr(0, 50'000)) == Reason::broken);
    CHECK(Store{}.refusal("no archive", "evidence.tar.gz") == Reason::broken);
    CHECK(Store{}.refusal(made_archive({{"a", "x"}}, MadeFormat::tar_xz)) == Reason::broken);
}

TEST(an_upload_without_a_file_is_refused)
{
    CHECK(Store{}.refusal(made_archive({{"only", "x", Kind::symlink}})) == Reason::empty);
    CHECK(Store{}.refusal(made_archive({})) == Reason::empty);
}

TEST(an_upload_that_is_too_large_is_refused_before_it_is_read)
{
    CHECK(Store{EvidenceLimits{.packed_bytes = 10}}.refusal("12345678901") == Reason::too_large);
    CHECK(!Store{EvidenceLimits{.packed_bytes = 10}}.refusal("1234567890"));
}

TEST(a_full_store_takes_no_more)
{
    Store store{EvidenceLimits{.expanded_bytes = 1000, .store_bytes = 1500}};
    store.take(std::string(600, 'x'));
    CHECK_THROWS(EvidenceRefused, store.take("x"));
}

TEST(a_handle_opens_for_its_owner_only)
{
    Store store;
    const auto stored = store.take("secret plans", "plan");
    CHECK(store.open(stored));
    CHECK(!(*store).open(stored.handle, "https://issuer/\nbob"));
    CHECK(!(*store).open("evidence:00000000000000000000000000000000", owner));
    CHECK(!(*store).open("evidence:../../etc", owner));
    CHECK(!(*store).open("", owner));
    const auto manifest = read_file(store.path() + "/" + stored.handle.substr(9) + "/manifest.json");
    CHECK(manifest.find("alice") == manifest.npos);
}

TEST(evidence_is_gone_after_a_day)
{
    Store store;
    const auto stored = store.take("x", "a");
    const auto later = wall_now() + std::chrono::hours{25};
    CHECK((*store).open(stored.handle, owner, wall_now() + std::chrono::hours{23}));
    CHECK(!(*store).open(stored.handle, owner, later));
    CHECK_EQUAL(std::size_t{0}, (*store).remove_expired());
    CHECK_EQUAL(std::size_t{1}, (*store).remove_expired(later));
    CHECK(names_in(store.path()).empty());
}

TEST(what_an_interrupted_upload_left_is_removed_after_an_hour)
{
    Store store;
    make_folders(store.path() + "/.new-0123");
    CHECK_EQUAL(std::size_t{0}, (*store).remove_expired());
    CHECK_EQUAL(std::size_t{1}, (*store).remove_expired(wall_now() + std::chrono::hours{2}));
}

TEST(names_in_utf8_survive_each_format)
{
    for (const auto format : {MadeFormat::tar, MadeFormat::zip}) {
        Store store;
        const auto stored = store.take(made_archive({{"Verträge/Übersicht.md", "x"}}, format));
        CHECK_EQUAL("Verträge/Übersicht.md=x;"s, listing(*store.open(stored)));
    }
}
