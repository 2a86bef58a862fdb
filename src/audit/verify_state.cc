// What a verifier remembers outside the ledger.
#include "audit/verify_state.h"

#include "audit/log_keys.h"
#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "tlog/tile_folder.h"
#include "tlog/tile_tree.h"

#include <algorithm>

namespace forge {

namespace {

constexpr std::size_t state_limit = 64U << 10;
constexpr std::string_view verifier_name = "forge-ledger-verify";
constexpr std::string_view origin_end = "/verified";

NoteSigner own_signer(const std::string& folder)
{
    const std::string path = folder + "/key.pem";
    make_folders(folder, 0700);
    if (!exists(path))
        write_file_durably(path, SigningKey::generate().to_pem(), 0400);
    return {std::string{verifier_name}, SigningKey::from_pem(read_file(path, state_limit))};
}

// The right edge of the tree that the state speaks of, from the tiles; nothing when that is not its root.
std::optional<VerifyStart> start_of(const std::string& root, const VerifierState& state)
{
    VerifyStart start{.keys = state.keys.value(), .day = state.day, .offset = state.offset, .first = state.first};
    const TileFolder folder{root + "/tile"};
    const auto tiles = partial_tiles(state.size);
    for (auto tile = tiles.rbegin(); tile != tiles.rend(); ++tile) {
        auto hashes = folder.read(*tile);
        if (!hashes)
            return std::nullopt;
        for (const Hash& hash : *hashes)
            start.tree.append_subtree(tile->level * tile_height, hash);
        start.edges[tile->level] = std::move(*hashes);
    }
    if (start.tree.size() != state.size || start.tree.root() != state.root)
        return std::nullopt;
    const std::uint64_t last = state.size - 1;
    const auto leaves = folder.read({TileKind::hashes, 0, last / tile_width, static_cast<unsigned>(last % tile_width) + 1});
    if (!leaves)
        return std::nullopt;
    start.last = leaves->back();
    return start;
}

std::string text_of(const std::vector<KeyInTree>& keys)
{
    std::string text;
    for (const auto& [vkey, seq, retired] : keys)
        text += (text.empty() ? "" : " ") + vkey + " " + std::to_string(seq) + " " + (retired ? std::to_string(*retired) : "-");
    return text;
}

// Of any words; whether they are the keys' is seen when they are written again.
std::vector<KeyInTree> keys_of(std::string_view text)
{
    std::vector<KeyInTree> keys;
    const auto words = split(text, ' ');
    for (std::size_t i = 0; i + 2 < words.size(); i += 3)
        keys.push_back({std::string{words[i]}, parse_size(words[i + 1]),
                        words[i + 2] == "-" ? std::nullopt : std::optional{parse_size(words[i + 2])}});
    return keys;
}

// A newer key is believed only by way of all notes since the one that it follows.
bool is_signed_by_known(const VerifierState& state, const std::string& text)
{
    const Note note = Note::parse(text);
    return state.keys && std::ranges::any_of(*state.keys, [&](const KeyInTree& key) {
        return !key.retired && note.is_signed_by(VerifierKey::parse(key.vkey));
    });
}

// True when the tiles prove that the checkpoint's tree goes on from the state's.
bool is_consistent(const std::string& root, const VerifierState& state, const Checkpoint& newest)
try {
    const TileFolder folder{root + "/tile"};
    TileTree tree{newest.size, folder.reader()};
    return verify_consistency(state.size, newest.size, state.root, newest.root,
                              tree.consistency_proof(state.size, newest.size));
} catch (const SystemError&) {
    throw;
} catch (const Error&) {
    return false;
}

struct Newest : Checkpoint {
    std::string note;
};

std::optional<Newest> newest_checkpoint(const std::string& root)
try {
    const LogKeys keys{folder_key(root), folder_keys(root)};
    std::string note = read_regular(root + "/checkpoint", state_limit);
    return Newest{keys.open_checkpoint(note), std::move(note)};
} catch (const Error&) {
    return std::nullopt;   // the verification will say what is wrong
}

void save_state(const VerifierFolder& folder, const VerifyReport& report)
{
    if (report.findings.exit_code() != 0 || report.lines == 0 || report.day.empty())
        return;
    folder.save({report.origin, report.size, report.root, report.day, report.day_first, report.day_bytes, report.vkey,
                 report.keys});
}

}

std::string VerifierState::text() const
{
    return origin + std::string{origin_end} + "\n" + std::to_string(size) + " " + base64(root) + "\n" + day + " "
           + std::to_string(first) + " " + std::to_string(offset) + "\n" + vkey + "\n" + (keys ? text_of(*keys) + "\n" : "");
}

VerifierState VerifierState::parse(std::string_view text)
{
    const auto lines = split(text, '\n');
    const auto wrong = [] { return Error("not the state of a verifier"); };
    if (lines.size() < 5 || lines.size() > 6 || !lines[0].ends_with(origin_end))
        throw wrong();
    const auto tree = split(lines[1], ' '), place = split(lines[2], ' ');
    if (tree.size() != 2 || place.size() != 3)
        throw wrong();
    VerifierState state{std::string{lines[0].substr(0, lines[0].size() - origin_end.size())},
                        parse_size(tree[0]), parse_hash(tree[1]), std::string{place[0]}, parse_size(place[1]),
                        parse_size(place[2]), std::string{lines[3]}};
    if (lines.size() == 6)
        state.keys = keys_of(lines[4]);
    if (state.text() != text || state.size == 0)
        throw wrong();
    return state;
}

VerifierFolder::VerifierFolder(std::string folder) : folder_(std::move(folder)), signer_(own_signer(folder_)) {}

std::optional<VerifierState> VerifierFolder::load() const
{
    const std::string path = folder_ + "/state.note";
    if (!exists(path))
        return std::nullopt;
    try {
        const Note note = Note::parse(read_file(path, state_limit));
        if (!note.is_signed_by(signer_.verifier_key()))
            throw Error("not signed by this verifier's key");
        return VerifierState::parse(note.text);
    } catch (const SystemError&) {
        throw;
    } catch (const Error& error) {
        throw Error(path + ": " + error.what());
    }
}

void VerifierFolder::save(const VerifierState& state) const
{
    write_file_durably(folder_ + "/state.note", signer_.sign(state.text()), 0600);
}

VerifyReport verify_increment(VerifyOptions options, const VerifierFolder& folder)
{
    const auto state = folder.load();
    if (!state) {
        VerifyReport report = verify_ledger(options);
        report.warnings.emplace_back("first verification: no state of an earlier one to compare with");
        save_state(folder, report);
        return report;
    }
    if (!options.vkey)
        options.vkey = state->vkey;
    const auto newest = newest_checkpoint(options.root);
    const auto old = [&](const std::string& what) {
        VerifyReport report;
        report.origin = state->origin;
        report.size = newest->size;
        report.root = newest->root;
        report.findings.add(FlawKind::outside, "checkpoint", 0, what);
        return report;
    };
    if (newest && newest->origin != state->origin)
        return old("of " + newest->origin + ", but what was verified before was " + state->origin);
    if (newest && newest->size < state->size)
        return old("rolled back: it covers " + std::to_string(newest->size) + " lines, " + std::to_string(state->size)
                   + " were verified before");
    if (newest && newest->size == state->size && newest->root != state->root)
        return old("another history: the root of " + std::to_string(state->size) + " lines is not the one verified before");
    options.pin = PinnedRoot{state->size, state->root, "the verifier's state"};
    if (newest && is_consistent(options.root, *state, *newest)) {
        options.pin.reset();
        options.start = is_signed_by_known(*state, newest->note) ? start_of(options.root, *state) : std::nullopt;
    }
    VerifyReport report = verify_ledger(options);
    save_state(folder, report);
    return report;
}

}
