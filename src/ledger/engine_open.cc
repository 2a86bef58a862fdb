// The ledger's engine: opening, and the clock.
#include "base/log.h"
#include "ledger/engine.h"
#include "ledger/tile_start.h"
#include "ledger/wal.h"
#include "tlog/jcs.h"

namespace forge {

namespace {

constexpr std::chrono::seconds clock_tolerance{2};
constexpr std::chrono::days clock_gap{1};

// The folder is ours from here on, and as the last process's crash left it.
Fd locked(Io& io, const std::string& root)
try {
    io.make_folder(root, 0755);
    io.make_folder(root + "/state", 0700);
    Fd lock = io.lock(root + "/state/LOCK");
    mend_failure(io, root);
    tidy_folders(io, root);
    return lock;
} catch (const SystemError&) {
    rethrow_classified();
}

Identity opened_identity(Io& io, Env& env, const std::string& root, const std::string& origin)
try {
    return open_identity(io, env, root, origin);
} catch (const SystemError&) {
    rethrow_classified();
}

SpaceRules with_sizes(SpaceRules rules, const std::optional<SpaceSizes>& sizes)
{
    rules.sizes = sizes.value_or(rules.sizes);
    return rules;
}

}

Engine::Engine(EngineOptions options, Io& io, Env& env)
try : options_(std::move(options)), io_(io), env_(env), lock_(locked(io, options_.root)),
      identity_(opened_identity(io, env, options_.root, options_.origin)),
      keys_(io, env, options_.root + "/private/keys", identity_.key_encryption_key),
      values_(env, keys_, identity_.index_key), shards_(io, options_.root), index_(io, options_.root + "/index"),
      signers_(io, options_.root, identity_.origin),
      publisher_(io, env, options_.root, identity_, signers_, read_checkpoint(io, options_.root, identity_.signer.verifier_key())),
      tiles_(io, options_.root), space_(io, options_.root, with_sizes(options_.space, identity_.sizes)),
      erasure_(io, options_.root, keys_, values_, shards_, [this](std::uint64_t seq) { return leaf(seq); })
{
    const auto found = read_log();
    Recovered recovered = recover_head({io_, env_, options_.root, shards_, index_, publisher_.newest(), found ? &*found : nullptr,
                                        options_.on_loss});
    head_ = std::move(recovered.head);
    check_clock();
    start_tiles(tiles_, {shards_, index_, head_, publisher_.newest(), env_.steady(), recovered.leaves});
    check_known();
    sign_days_again();
    start_log(found);
    note_incidents(recovered);
    is_frozen_ = head_.is_frozen();
    first_lines();
    signers_.follow(head_.keys);
    publisher_.note_commit(head_.size());
    publisher_.hurry();
    resume_erasure();
} catch (const SystemError&) {
    rethrow_classified();
}

// Before anything is signed or recorded.
void Engine::check_known()
{
    const auto root_of = [this](std::uint64_t size) {
        TileTree tree = tiles_.tree();
        const Hash root = tree.root(size);
        if (size > 0 && !verify_consistency(size, tree.size(), root, head_.tree.root(), tree.consistency_proof(size, tree.size())))
            throw LedgerDamaged("tile: the tiles of the first " + std::to_string(size) + " lines contradict the others");
        return root;
    };
    std::function<void(const KnownTree&)> give_up_known;
    if (options_.accept_rollback)
        give_up_known = [this](const KnownTree& known) { give_up(known); };
    is_witnessed_ = compare_with_known(options_.known, identity_.origin, head_.size(), root_of, give_up_known);
    if (options_.require_witness && !is_witnessed_)
        throw LedgerUnwitnessed("no witness says anything of this ledger, and FORGE_REQUIRE_WITNESS is on: run forge-ledger-witness, "
                                "which also works while forge-ledgerd is stopped, or start it once with FORGE_REQUIRE_WITNESS=off");
}

void Engine::give_up(const KnownTree& known)
{
    if (head_.is_frozen())
        throw Refused(Fault::read_only, "frozen: no line can say any more that what " + known.from + " knows is given up");
    const Json theirs = Json::object({{"by", known.is_cosigned ? "witness" : "pin"}, {"root", base64(known.tree.root)},
                                      {"size", known.tree.size}});
    incidents_.push_back(canonical_json(Json::object({{"kind", "rollback"}, {"known", theirs}, {"root", base64(head_.tree.root())},
                                                      {"size", head_.size()}})));
    given_up_.push_back(known);
}

// Days whose seals were committed and whose notes a crash prevented: the newest ones.
void Engine::sign_days_again()
{
    std::vector<DayNote> missing;
    std::uint64_t next = head_.day_first;
    for (auto day = head_.days.rbegin(); day != head_.days.rend() && !io_.exists(options_.root + "/days/" + day->day + ".note"); ++day) {
        if (auto note = seal_at(next))
            missing.push_back(std::move(*note));
        next = day->first;
    }
    for (auto note = missing.rbegin(); note != missing.rend(); ++note)
        publisher_.note_sealed(std::move(*note));
}

std::optional<WalContents> Engine::read_log()
{
    if (!identity_.sizes)
        return std::nullopt;
    return read_wal({io_, options_.root, identity_.uuid, identity_.sizes->segment, publisher_.size(), options_.on_loss});
}

// A ledger without a write-ahead log, or whose log is not believed any more, gets one when all of its lines are published.
void Engine::start_log(const std::optional<WalContents>& found)
{
    const std::uint64_t segment = space_.rules().sizes.segment;
    if (!found || options_.on_loss == OnLoss::accept) {
        publisher_.note_commit(head_.size());
        publish();
        create_wal(io_, env_, options_.root, identity_.uuid, segment, head_.size());
        save_sizes(io_, options_.root, space_.rules().sizes);
        identity_.sizes = space_.rules().sizes;
        const auto made = read_log();
        log_ = std::make_unique<WriteAheadLog>(io_, env_, options_.root, segment, *made);
        return;
    }
    if (found->torn)
        set_torn_aside(*found->torn);
    log_ = std::make_unique<WriteAheadLog>(io_, env_, options_.root, segment, *found);
}

void Engine::set_torn_aside(const TornFrame& torn)
{
    const std::string name = torn.place.path.substr(options_.root.size() + 1);
    const std::string folder = quarantine(io_, env_, options_.root,
                                          {name, torn.place.offset, "torn-frame", "never acknowledged"}, torn.bytes);
    log(Severity::warning, "a torn frame of the write-ahead log was moved to quarantine",
        {{"file", name}, {"offset", std::to_string(torn.place.offset)}, {"folder", folder}});
}

void Engine::note_incidents(const Recovered& recovered)
{
    for (const Removed& removed : recovered.foreign)
        incidents_.push_back(canonical_json(Json::object({{"file", removed.file}, {"kind", "foreign"}, {"offset", removed.offset}})));
    lost_ = recovered.lost;
    if (recovered.lost)
        incidents_.push_back(canonical_json(Json::object({{"from", *recovered.lost}, {"kind", "lost"}})));
}

void Engine::record_incidents()
{
    while (!incidents_.empty() && !is_frozen_) {
        record("ledger.incident", incidents_.front());
        incidents_.erase(incidents_.begin());
    }
}

void Engine::first_lines()
{
    if (head_.size() == 0)
        make_genesis();
    else if (!options_.rights.empty() && head_.rights != options_.rights && !is_frozen_)
        record("ledger.rights", canonical_json(Json::object({{"rights", options_.rights}})));
    try {
        record_incidents();
    } catch (const Refused& refused) {
        log(Severity::warning, "an incident waits to be recorded", {{"error", refused.what()}});
    }
}

void Engine::make_genesis()
{
    Json genesis = Json::object({{"format", 1}, {"origin", identity_.origin}, {"rights", options_.rights},
                                 {"uuid", identity_.uuid}, {"vkey", identity_.signer.verifier_key().text()}});
    if (!options_.frozen.empty())
        genesis.set("frozen", options_.frozen);
    commit_own({"ledger.genesis", "ledger.genesis", canonical_json(genesis)});
}

// A wrong clock would seal days that are yet to come, and nothing could take that back.
void Engine::check_clock()
{
    const WallTime now = env_.wall();
    if (head_.size() > 0 && now > head_.ts + clock_gap && !options_.accept_clock && !env_.wall_is_synchronised())
        throw Refused(Fault::clock, "the clock says " + rfc3339(now) + ", the last line is of " + rfc3339(head_.ts)
                                        + ", and the kernel has no time server: set the clock, or start forge-ledgerd once with --accept-clock");
    wall_seen_ = now;
    steady_seen_ = env_.steady();
}

// Against the other clock, and against the last line, once.
bool Engine::clock_stepped_back(WallTime now) const
{
    const WallTime expected = wall_seen_ + std::chrono::floor<Micros>(env_.steady() - steady_seen_);
    return head_.size() > 0 && (now + clock_tolerance < expected || (now + clock_tolerance < head_.ts && !clock_is_back_));
}

void Engine::follow_clock()
{
    wall_seen_ = env_.wall();
    steady_seen_ = env_.steady();
    clock_is_back_ = wall_seen_ + clock_tolerance < head_.ts;
}

}
