// The index of events: written, read while it grows, taken up again after a kill.
#include "tests/unit/test.h"

#include "base/error.h"
#include "base/text.h"
#include "ledger/event_index.h"
#include "ledger/event_index_view.h"
#include "os/file.h"
#include "tlog/merkle.h"

#include <sys/wait.h>

#include <thread>

using namespace forge;

namespace {

// Lines of runs: each even line starts a run, the next one finishes it; every tenth line is a job's.
struct Sample {
    std::string id, type, event;
    IndexedLine line;

    explicit Sample(std::uint64_t seq)
    {
        const std::string run = "run-" + std::to_string(seq / 2);
        const std::string which = seq / 2 % 3 == 0 ? "a.one" : "b.two";
        const bool starts = seq % 2 == 0;
        type = seq % 10 >= 8 ? "job.done" : starts ? "run.started" : "run.finished";
        id = seq % 10 >= 8 ? "job-" + std::to_string(seq) : run + (starts ? ".started" : ".finished");
        event = R"({"profile":"vault","run":")" + run + R"(",)" + (starts ? "" : R"("status":"ok",)")
                + R"("template":{"digest":"d","id":")" + which + "\"}}";
        line = {.seq = seq,
                .day = static_cast<std::uint16_t>(20000 + seq / 100),
                .offset = seq % 100 * 300,
                .length = 299,
                .ts = WallTime{std::chrono::days{20000 + seq / 100} + Micros{seq}},
                .key = short_hash(id),
                .type = type,
                .event = event,
                .leaf = leaf_hash(id),
                .subject = seq % 4 == 0 ? "00112233445566778899aabbccddeeff" : ""};
    }
};

void fill(EventIndexWriter& writer, std::uint64_t count)
{
    while (writer.size() < count)
        CHECK(writer.append(Sample{writer.size()}.line));
}

// By looking at every record.
std::uint64_t count_of(const EventIndexView& view, Link name, NameKind kind)
{
    std::uint64_t count = 0;
    for (std::uint64_t seq = 0; seq < view.size(); ++seq)
        count += view.record(seq).names[static_cast<std::size_t>(kind)] == name;
    return count;
}

void check_whole(const EventIndexView& view, std::uint64_t count)
{
    CHECK_EQUAL(count, view.size());
    for (std::uint64_t seq = 0; seq < count; ++seq) {
        const Sample sample{seq};
        CHECK(view.find(sample.id) == seq);
        CHECK_EQUAL(sample.line.offset, view.offset(seq));
        CHECK_EQUAL(utc_day(sample.line.ts), view.day(seq));
        CHECK_EQUAL(sample.type, std::string{view.name_text(view.record(seq).names[0])});
        if (sample.type == "run.finished")
            CHECK(view.other(seq) == seq - 1 && view.other(seq - 1) == seq && view.status(seq - 1) == RunStatus::ok);
    }
    for (const Link type : view.names(NameKind::type)) {
        std::uint64_t length = 0;
        for (auto at = view.newest(type, by_type); at; at = view.previous(*at, by_type))
            ++length;
        CHECK_EQUAL(count_of(view, type, NameKind::type), length);
        CHECK_EQUAL(length, view.chain_size(type, by_type));
    }
}

}

TEST(event_index_gives_back_what_was_written)
{
    const test::ScratchFolder folder;
    EventIndex index{folder.path()};
    CHECK_THROWS(Error, index.view());
    EventIndexWriter writer{folder.path()};
    check_whole(index.view(), 0);
    fill(writer, 1);
    check_whole(index.view(), 1);
    fill(writer, 3000);   // the files grow
    const EventIndexView view = index.view();
    check_whole(view, 3000);
    CHECK(!view.find("nobody"));
    CHECK_EQUAL(Link{0}, view.name(NameKind::template_id, "job.done"));
    const Link one = view.name(NameKind::template_id, "a.one");
    std::uint64_t starts = 0;
    for (auto at = view.newest(one, by_template); at; at = view.previous(*at, by_template), ++starts)
        CHECK_EQUAL("run.started"s, std::string{view.name_text(view.record(*at).names[0])});
    CHECK_EQUAL(starts, view.chain_size(one, by_template));
    CHECK_EQUAL(std::uint64_t{400}, starts);
    const Link ok = view.name(NameKind::status, "ok");
    std::uint64_t ends = 0;
    for (auto at = view.newest(ok, by_status); at; at = view.previous(*at, by_status), ++ends)
        CHECK_EQUAL("run.finished"s, std::string{view.name_text(view.record(*at).names[0])});
    CHECK_EQUAL(ends, view.chain_size(ok, by_status));
    CHECK_EQUAL(std::uint64_t{1200}, ends);
}

TEST(event_index_finds_the_first_line_since_a_time)
{
    const test::ScratchFolder folder;
    EventIndexWriter writer{folder.path()};
    fill(writer, 500);
    const EventIndexView view = EventIndex{folder.path()}.view();
    CHECK_EQUAL(std::uint64_t{0}, view.first_since(WallTime{}));
    CHECK_EQUAL(std::uint64_t{200}, view.first_since(WallTime{std::chrono::days{20002}}));
    CHECK_EQUAL(std::uint64_t{201}, view.first_since(Sample{201}.line.ts));
    CHECK_EQUAL(std::uint64_t{500}, view.first_since(WallTime{std::chrono::days{30000}}));
}

TEST(event_index_refuses_a_line_that_is_not_the_next)
{
    const test::ScratchFolder folder;
    EventIndexWriter writer{folder.path()};
    CHECK(!writer.append(Sample{1}.line));
    fill(writer, 2);
    CHECK(!writer.append(Sample{1}.line));
    CHECK(writer.has(1, leaf_hash(Sample{1}.id)) && !writer.has(1, leaf_hash("x"))
          && !writer.has(2, leaf_hash(Sample{2}.id)));
}

TEST(event_index_goes_on_after_it_was_closed_and_follows_a_replacement)
{
    const test::ScratchFolder folder;
    EventIndex index{folder.path()};
    {
        EventIndexWriter writer{folder.path()};
        fill(writer, 50);
    }
    EventIndexWriter writer{folder.path()};
    CHECK_EQUAL(std::uint64_t{50}, writer.size());
    fill(writer, 70);
    const EventIndexView before = index.view();
    check_whole(before, 70);
    writer.clear();
    check_whole(index.view(), 0);
    fill(writer, 1200);
    check_whole(index.view(), 1200);
    check_whole(before, 70);
}

TEST(event_index_with_a_broken_file_starts_anew)
{
    for (const std::string name : {"/events.idx", "/names.idx"})
        for (const std::string& bytes : {""s, "VMFINDX2"s, std::string(200, 'x')}) {
            const test::ScratchFolder folder;
            fill(*std::make_unique<EventIndexWriter>(folder.path()), 10);
            replace_file(folder.path() + name, bytes);
            EventIndexWriter writer{folder.path()};
            CHECK_EQUAL(std::uint64_t{0}, writer.size());
        }
}

TEST(event_index_of_another_boot_that_was_not_closed_starts_anew)
{
    const test::ScratchFolder folder;
    fill(*std::make_unique<EventIndexWriter>(folder.path()), 10);
    std::string bytes = read_file(folder / "events.idx");
    auto& header = *reinterpret_cast<IndexHeader*>(bytes.data());
    header.boot[0] = '!';
    replace_file(folder / "events.idx", bytes);
    CHECK_EQUAL(std::uint64_t{10}, std::make_unique<EventIndexWriter>(folder.path())->size());
    bytes = read_file(folder / "events.idx");
    auto& open_header = *reinterpret_cast<IndexHeader*>(bytes.data());
    open_header.boot[0] = '!';
    open_header.clean = 0;
    replace_file(folder / "events.idx", bytes);
    CHECK_EQUAL(std::uint64_t{0}, std::make_unique<EventIndexWriter>(folder.path())->size());
}

TEST(event_index_bears_being_killed_in_every_step_of_a_line)
{
    // What a kill leaves: everything of the last line but the count.
    for (std::uint64_t size = 0; size < 40; ++size) {
        const test::ScratchFolder folder;
        fill(*std::make_unique<EventIndexWriter>(folder.path()), size + 1);
        std::string bytes = read_file(folder / "events.idx");
        reinterpret_cast<IndexHeader*>(bytes.data())->count = size;
        replace_file(folder / "events.idx", bytes);
        EventIndexWriter writer{folder.path()};
        fill(writer, size + 3);
        check_whole(EventIndex{folder.path()}.view(), size + 3);
    }
}

TEST(event_index_is_read_whole_while_it_grows)
{
    const test::ScratchFolder folder;
    EventIndexWriter writer{folder.path()};
    fill(writer, 1);
    std::jthread writing{[&] { fill(writer, 20000); }};
    EventIndex index{folder.path()};
    std::uint64_t size = 0;
    while (size < 20000) {
        const EventIndexView view = index.view();
        size = view.size();
        const Sample last{size - 1};
        CHECK(view.find(last.id) == size - 1);
        const Link type = view.name(NameKind::type, last.type);
        CHECK(view.newest(type, by_type) == size - 1);
    }
}

TEST(event_index_keeps_long_names_apart)
{
    CHECK_EQUAL(std::string(96, 'x'), stored_name(std::string(96, 'x')));
    CHECK_EQUAL(std::size_t{93}, stored_name(std::string(97, 'x')).size());
    CHECK(stored_name(std::string(97, 'x')) != stored_name(std::string(98, 'x')));
}

TEST(event_index_status_names)
{
    for (const auto* name : {"ok", "invalid", "failed", "cancelled", "unknown", "running"})
        CHECK_EQUAL(std::string{name}, std::string{name_of(run_status(name))});
    CHECK(run_status("x") == RunStatus::none && run_status("") == RunStatus::none);
}

TEST(event_index_forgets_whose_a_line_is)
{
    const test::ScratchFolder folder;
    EventIndexWriter writer{folder.path()};
    fill(writer, 20);   // lines 0, 4, 8, 12 and 16 have a subject
    const std::string tag = "0011223344556677";
    for (const std::uint64_t seq : {8, 16, 1})
        writer.forget_subject(seq);
    EventIndex index{folder.path()};
    std::vector<std::uint64_t> left;
    const EventIndexView some = index.view();
    for (auto at = some.newest(some.name(NameKind::subject, tag), by_subject); at; at = some.previous(*at, by_subject))
        left.push_back(*at);
    CHECK(left == (std::vector<std::uint64_t>{12, 4, 0}));
    for (const std::uint64_t seq : {0, 4, 12})
        writer.forget_subject(seq);
    CHECK_EQUAL(Link{0}, index.view().name(NameKind::subject, tag));
    CHECK(read_file(folder / "names.idx").find(tag) == std::string::npos);
    fill(writer, 40);
    check_whole(index.view(), 40);
}

// Keys that go the same way for twelve levels, two bits each, and part behind them.
TEST(a_shortcut_leads_where_the_way_from_the_root_leads)
{
    struct Item {
        std::uint64_t key = 0;
        Link children[4]{};
    };
    std::vector<Item> plain, quick;
    for (std::uint64_t i = 0; i < 300; ++i)
        plain.push_back({.key = (i * i) << 24 | (i % 5 == 0 ? 0x2D1 : 0xABCDEF), .children = {}});
    quick = plain;
    Shortcuts shortcuts;
    for (std::uint32_t i = 0; i < plain.size(); ++i) {
        link_key(i, [&](std::uint64_t at) -> Item& { return plain[at]; });
        link_key(i, [&](std::uint64_t at) -> Item& { return quick[at]; }, shortcuts.place(quick[i].key));
    }
    CHECK(shortcuts.place(0xABCDEF) != 0 && shortcuts.place(0x2D1) != 0 && shortcuts.place(1) == 0);
    for (std::size_t i = 0; i < plain.size(); ++i) {
        CHECK(std::equal(std::begin(plain[i].children), std::end(plain[i].children), std::begin(quick[i].children)));
        const auto found = find_by_key(quick[i].key, quick.size(), [&](std::uint64_t at) -> Item& { return quick[at]; },
                                       [](std::uint32_t) { return true; });
        CHECK(found.has_value() && quick[*found].key == quick[i].key);
    }
}

TEST(the_newest_run_of_an_idempotency_tag_is_found)
{
    const test::ScratchFolder folder;
    EventIndexWriter writer{folder.path()};
    const std::string tag(64, 'a');
    std::vector<std::string> events;
    for (int i = 0; i < 3; ++i)
        events.push_back(R"({"idem":{"body":"b","key":")" + (i == 2 ? std::string(64, 'b') : tag) + R"("},"run":"r)" + std::to_string(i) + R"("})");
    EventIndex index{folder.path()};
    const EventIndexView before = index.view();
    for (std::uint64_t seq = 0; seq < events.size(); ++seq) {
        const std::string id = "r" + std::to_string(seq) + ".started";
        CHECK(writer.append({.seq = seq, .day = 1, .offset = 0, .length = 1, .ts = {}, .key = short_hash(id), .type = "run.started",
                             .event = events[seq], .leaf = leaf_hash(id)}));
    }
    const EventIndexView view = index.view();
    CHECK(view.idempotent_run(tag) == std::uint64_t{1});
    CHECK(view.idempotent_run(std::string(64, 'b')) == std::uint64_t{2});
    CHECK(!view.idempotent_run(std::string(64, 'c')));
    CHECK(!before.idempotent_run(tag));
}
