// A start with a pin, and with what witnesses cosigned: an older ledger or another one is not opened.
#include "tests/unit/test.h"

#include "audit/pin.h"
#include "audit/start_check.h"
#include "audit/witness_state.h"
#include "base/error.h"
#include "ledger/engine.h"
#include "ledger/refusal.h"
#include "ledger/requests.h"
#include "lib/json.h"
#include "os/file.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

using namespace forge;

namespace {

// A ledger on the disk with what is kept of it elsewhere.
struct Kept {
    Kept()
    {
        open();
        append("a");
        append("b");
    }
    EngineOptions options()
    {
        EngineOptions options{.root = root, .origin = "example.com/log", .rights = "dev", .space = SpaceRules::small()};
        options.known = known_from_outside({.root = root, .origin = options.origin, .pin = pin, .witnessed = witnessed});
        options.require_witness = is_required;
        return options;
    }
    void open()
    {
        engine.reset();
        engine.emplace(options(), io, env);
    }
    void append(const std::string& id)
    {
        engine->commit(std::vector<Submission>{{"tester", {{id, "job.test", "{}"}}}});
        engine->publish();
    }
    void write_pin()
    {
        pin = folder / "pin";
        write_file_durably(pin, pin_of(root, std::nullopt).text() + "\n");
    }
    void write_witnessed(const Checkpoint& tree)
    {
        WitnessState state;
        state.take(tree, {{.name = "W", .line = "a cosignature"}});
        write_file_durably(witnessed, state.text());
    }
    Checkpoint newest() { return PublicLog{root}.newest().value().checkpoint; }
    void copy(const std::string& from, const std::string& to)
    {
        engine.reset();
        std::filesystem::remove_all(to);
        std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
    }
    std::string why_not()
    {
        try {
            open();
            return "";
        } catch (const LedgerRolledBack& error) {
            return error.what();
        }
    }

    test::ScratchFolder folder;
    const std::string root = folder / "ledger";
    std::string pin{};
    std::string witnessed = folder / "witness.json";
    bool is_required = false;
    RealIo io;
    RealEnv env;
    std::optional<Engine> engine;
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

}

TEST(a_ledger_that_has_grown_since_it_was_pinned_and_cosigned_is_opened)
{
    Kept ledger;
    CHECK(!ledger.engine->is_witnessed());
    ledger.write_pin();
    ledger.write_witnessed(ledger.newest());
    ledger.open();
    CHECK(ledger.engine->is_witnessed());
    ledger.append("c");
    ledger.open();
    CHECK_EQUAL(std::uint64_t{4}, ledger.engine->head().size());
    CHECK(decode_reply(encode_stats_reply(*ledger.engine)).body["witnessed"].as_bool());
    CHECK(decode_reply(encode_head_reply(*ledger.engine)).body["witnessed"].as_bool());
}

TEST(a_ledger_that_was_put_back_is_not_opened)
{
    for (const bool is_pinned : {true, false}) {
        Kept ledger;
        ledger.copy(ledger.root, ledger.folder / "yesterday");
        ledger.open();
        ledger.append("c");
        is_pinned ? ledger.write_pin() : ledger.write_witnessed(ledger.newest());
        ledger.copy(ledger.folder / "yesterday", ledger.root);
        const std::string why = ledger.why_not();
        CHECK(has(why, "rolled back: it has 3 lines, ") && has(why, " knows of 4; put the newest copy"));
        CHECK(has(why, is_pinned ? ledger.pin : ledger.witnessed));
        CHECK_EQUAL(std::uint64_t{3}, ledger.newest().size);   // nothing was added
    }
}

TEST(another_history_of_the_same_length_is_not_opened)
{
    for (const bool is_pinned : {true, false}) {
        Kept ledger;
        ledger.copy(ledger.root, ledger.folder / "yesterday");
        ledger.open();
        ledger.append("c");
        is_pinned ? ledger.write_pin() : ledger.write_witnessed(ledger.newest());
        const std::string pin = std::exchange(ledger.pin, "");
        const std::string witnessed = std::exchange(ledger.witnessed, "");
        ledger.copy(ledger.folder / "yesterday", ledger.root);
        ledger.open();
        ledger.append("x");
        ledger.append("y");
        ledger.pin = pin;
        ledger.witnessed = witnessed;
        CHECK(has(ledger.why_not(), "another history: its first 4 lines "));
    }
}

TEST(no_ledger_is_made_where_one_is_known_to_have_been)
{
    for (const bool is_pinned : {true, false}) {
        Kept ledger;
        is_pinned ? ledger.write_pin() : ledger.write_witnessed(ledger.newest());
        ledger.engine.reset();
        std::filesystem::remove_all(ledger.root);
        CHECK(has(ledger.why_not(), "rolled back: it has 0 lines"));
        CHECK(!exists(ledger.root));
    }
}

TEST(a_pin_of_another_ledger_stops_the_start_and_what_was_cosigned_of_another_says_nothing)
{
    Kept ledger;
    Checkpoint other = ledger.newest();
    other.origin = "example.com/before";
    ledger.write_witnessed(other);
    ledger.open();
    CHECK(!ledger.engine->is_witnessed());
    Pin pin = pin_of(ledger.root, std::nullopt);
    pin.key = NoteSigner{"example.com/before", SigningKey::generate()}.verifier_key();
    ledger.pin = ledger.folder / "pin";
    write_file_durably(ledger.pin, pin.text());
    CHECK(has(ledger.why_not(), "another ledger: example.com/log, and "));
}

TEST(a_pin_that_cannot_be_read_is_a_wrong_setting)
{
    Kept ledger;
    ledger.pin = ledger.folder / "pin";
    CHECK_THROWS(ConfigError, ledger.open());
    write_file_durably(ledger.pin, "1 2 3\n");
    CHECK_THROWS(ConfigError, ledger.open());
}

TEST(a_spoilt_statement_of_witnesses_says_nothing)
{
    Kept ledger;
    for (const char* const spoilt : {"", "{", "[]", R"({"cosigned":{"origin":"example.com/log","size":-1,"root":""}})"}) {
        write_file_durably(ledger.witnessed, spoilt);
        ledger.open();
        CHECK(!ledger.engine->is_witnessed());
    }
}

TEST(where_a_witness_is_required_none_is_not_enough)
{
    Kept ledger;
    ledger.is_required = true;
    CHECK_THROWS(LedgerUnwitnessed, ledger.open());
    Checkpoint other = ledger.newest();
    other.origin = "example.com/before";
    ledger.write_witnessed(other);
    CHECK_THROWS(LedgerUnwitnessed, ledger.open());
    ledger.write_witnessed(ledger.newest());
    ledger.open();
    CHECK(ledger.engine->is_witnessed());
}

TEST(the_largest_cosigned_tree_is_kept_for_the_start)
{
    const Checkpoint small{"example.com/log", 3, leaf_hash("a")};
    const Checkpoint large{"example.com/log", 5, leaf_hash("b")};
    const Checkpoint other{"example.com/next", 1, leaf_hash("c")};
    const std::vector<WitnessAnswer> refused{{.name = "W"}};
    const std::vector<WitnessAnswer> cosigned{{.name = "V"}, {.name = "W", .line = "a cosignature"}};
    WitnessState state;
    state.sizes["W+key"] = 7;
    state.take(small, refused);
    CHECK(!state.cosigned);
    state.take(small, cosigned);
    state.take(large, refused);
    CHECK(state.cosigned == small);
    state.take(large, cosigned);
    state.take(small, cosigned);
    CHECK(state.cosigned == large);
    const WitnessState again = WitnessState::parse(state.text());
    CHECK(again.cosigned == large && again.sizes == state.sizes);
    state.take(other, cosigned);
    CHECK(state.cosigned == other);
    CHECK(WitnessState::parse(R"({"origin":"example.com/log","root":"","size":3,"sizes":{"W+key":3}})").sizes.at("W+key") == 3);
}

TEST(a_pin_of_another_ledger_says_nothing_of_a_folder_that_is_not_the_settings)
{
    Kept ledger;
    ledger.write_pin();
    ::setenv("FORGE_LEDGER_PIN", ledger.pin.c_str(), 1);
    const test::ScratchFolder other;
    std::filesystem::create_directories(other / "keys");
    std::filesystem::create_directories(other / "state");
    write_file_durably(other / "state/meta", "");
    const NoteSigner stranger{"example.com/other", SigningKey::generate()};
    write_file_durably(other / "keys/log.vkey", stranger.verifier_key().text() + "\n");
    const auto pins = [](const std::string& root) {
        return std::ranges::count(known_by_settings(root), false, &KnownTree::is_cosigned);
    };
    CHECK_EQUAL(0L, static_cast<long>(pins(other.path())));
    CHECK_EQUAL(1L, static_cast<long>(pins(ledger.root)));
    ::setenv("VMESH_LEDGER_ROOT", other.path().c_str(), 1);
    CHECK_THROWS(LedgerRolledBack, compare_with_known(known_by_settings(other.path()), "example.com/other", 0, {}));
    ::unsetenv("VMESH_LEDGER_ROOT");
    ::unsetenv("FORGE_LEDGER_PIN");
}
