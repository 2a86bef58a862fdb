// The versions that a ledger's runs recorded: which bytes, which run, and that nothing is read twice or taken on trust.
#include "catalog/recorded.h"

#include "base/error.h"
#include "ledger/event_index.h"
#include "ledger/event_record.h"
#include "ledger/shards.h"
#include "os/file.h"
#include "tests/unit/test.h"
#include "tlog/merkle.h"

#include <unistd.h>

using namespace forge;

namespace {

constexpr std::uint16_t first_day = 20'000;

// Shards and an index of events, as forge-ledgerd leaves them.
class ScratchRuns : public test::ScratchFolder {
public:
    ScratchRuns()
    {
        make_folders(*this / "index");
    }

    // A run's first line on some day; its second is another type with the same words.
    void add(const std::string& run, const std::string& version, const std::string& digest, std::uint16_t day = 0)
    {
        const std::string event = R"({"run":")" + run + R"(","template":{"digest":")" + digest + R"(","id":"a.b","version":")" +
                                  version + "\"}}";
        add_line(run + ".started", "run.started", event, day);
        add_line(run + ".finished", "run.finished", R"({"run":"x","template":{"digest":"other","id":"a.b","version":"1.0.0"}})", day);
    }
    void damage(std::uint16_t day)
    {
        auto text = read_file(shard(day));
        text[text.find("sha256:") + 7] = 'f';
        replace_file(shard(day), text);
    }
    void remove_all()
    {
        for (std::uint16_t day = 0; day < 3; ++day)
            ::unlink(shard(day).c_str());
        EventIndexWriter{*this / "index"}.clear();
        seq_ = 0;
    }

private:
    std::string shard(std::uint16_t day) const
    {
        return shard_path(path(), utc_day(WallTime{std::chrono::days{first_day + day}}));
    }
    void add_line(const std::string& id, const std::string& type, const std::string& event, std::uint16_t day)
    {
        const std::string line = R"({"actor":"x","event":)" + event + R"(,"id":")" + id + R"(","type":")" + type + "\"}";
        const auto before = exists(shard(day)) ? read_file(shard(day)) : std::string{};
        replace_file(shard(day), before + line + "\n");
        EventIndexWriter index{*this / "index"};
        CHECK(index.append({.seq = seq_++,
                            .day = static_cast<std::uint16_t>(first_day + day),
                            .offset = before.size(),
                            .length = line.size(),
                            .ts = WallTime{std::chrono::days{first_day + day}},
                            .key = short_hash(id),
                            .type = type,
                            .event = event,
                            .leaf = leaf_hash(line)}));
    }

    std::uint64_t seq_ = 0;
};

}

TEST(a_version_that_ran_with_other_bytes_is_known_with_its_run)
{
    ScratchRuns runs;
    runs.add("r1", "1.0.0", "sha256:aa");
    runs.add("r2", "1.0.0", "sha256:aa");
    runs.add("r3", "1.1.0", "sha256:bb", 1);
    RecordedVersions recorded;
    recorded.read(runs.path());
    CHECK(recorded.other_than("a.b", "1.0.0", "sha256:aa") == nullptr);
    CHECK(recorded.other_than("a.b", "2.0.0", "sha256:zz") == nullptr);
    CHECK(recorded.other_than("a", "1.0.0", "sha256:zz") == nullptr);
    CHECK_EQUAL("r1"s, recorded.other_than("a.b", "1.0.0", "sha256:zz")->id);
    CHECK_EQUAL("r3"s, recorded.other_than("a.b", "1.1.0", "sha256:aa")->id);
    CHECK_EQUAL("sha256:bb"s, recorded.other_than("a.b", "1.1.0", "sha256:aa")->digest);
}

TEST(only_lines_that_came_since_are_read)
{
    ScratchRuns runs;
    runs.add("r1", "1.0.0", "sha256:aa");
    RecordedVersions recorded;
    recorded.read(runs.path());
    const Json kept = recorded.to_json();
    runs.add("r2", "1.0.0", "sha256:bb", 1);
    runs.damage(0);   // is not looked at again
    RecordedVersions later{kept};
    later.read(runs.path());
    CHECK_EQUAL("r2"s, later.other_than("a.b", "1.0.0", "sha256:aa")->id);
    CHECK_EQUAL("r1"s, later.other_than("a.b", "1.0.0", "sha256:bb")->id);
}

TEST(another_ledger_in_the_same_place_is_read_from_its_begin)
{
    ScratchRuns runs;
    runs.add("r1", "1.0.0", "sha256:aa");
    RecordedVersions recorded;
    recorded.read(runs.path());
    const Json kept = recorded.to_json();
    runs.remove_all();
    runs.add("s1", "1.0.0", "sha256:bb");
    runs.add("s2", "1.0.0", "sha256:bb");
    RecordedVersions later{kept};
    later.read(runs.path());
    CHECK(later.other_than("a.b", "1.0.0", "sha256:bb") == nullptr);
    for (const char* const nonsense : {"null", "{}", R"({"lines":5})", R"({"lines":-1,"leaf":"0"})", R"({"lines":99,"leaf":"7"})"}) {
        RecordedVersions anew{parse_json(nonsense)};
        anew.read(runs.path());
        CHECK_EQUAL("s1"s, anew.other_than("a.b", "1.0.0", "sha256:aa")->id);
    }
}

TEST(a_line_that_is_not_as_it_was_recorded_is_an_error)
{
    ScratchRuns runs;
    runs.add("r1", "1.0.0", "sha256:aa");
    runs.damage(0);
    RecordedVersions recorded;
    CHECK_THROWS(Error, recorded.read(runs.path()));
    CHECK_THROWS(Error, recorded.read(runs / "nowhere"));
}
