// Simulated lives of a ledger: what is done, and where the power is cut.
#include "ledger_crash.h"

#include <algorithm>

#include "base/error.h"
#include "ledger/recovery.h"
#include "ledger_crash_check.h"
#include "ledger_scratch.h"

namespace forge::test {

namespace {

constexpr unsigned deepest = 3;           // a crash, a crash during recovery, and one during that
constexpr std::size_t all_subsets = 6;    // of so many choices every subset is tried
constexpr std::size_t samples = 10;       // else so many

SpaceRules tiny_space()
{
    SpaceRules rules = SpaceRules::small();
    rules.sizes.segment = 32U << 10;
    return rules;
}

std::string text_of_code(int code)
{
    return code == ENOSPC ? "ENOSPC" : "EIO";
}

}

void Promises::add_root(std::uint64_t size, const Hash& root)
{
    const auto [found, is_new] = roots.emplace(size, root);
    if (!is_new && found->second != root)
        throw Error("I3: two roots for " + std::to_string(size) + " lines");
}

CrashLife::CrashLife(std::uint64_t seed, std::uint64_t limit) : random_(seed), limit_(limit)
{
    io_.on_step = [this] { at_step({io_, env_, promises_, 0}); };
}

void CrashLife::run()
try {
    make();
    while (counts_.states < limit_) {
        deed();
        seen_.clear();
    }
} catch (const std::exception& error) {
    throw Error(what_ + ", step " + std::to_string(counts_.steps) + ": " + error.what());
}

std::unique_ptr<Engine> CrashLife::opened(SimIo& io, SimEnv& env) const
{
    return std::make_unique<Engine>(
        EngineOptions{.root = "root", .origin = "example.com/log", .rights = "dev", .space = tiny_space(), .accept_clock = true},
        io, env);
}

void CrashLife::make()
{
    what_ = "making the ledger";
    engine_ = opened(io_, env_);
    engine_->publish();
    if (once_in(3))   // the first full tile is near
        for (int i = 0; i < 250; i += 50) {
            io_.on_step = {};
            std::vector<Submission> batch;
            for (int k = 0; k < 50; ++k)
                batch.push_back({"tester", {some_event()}});
            for (std::size_t k = 0; const Outcome& outcome : engine_->commit(batch))
                promises_.acked[batch[k++].events[0].id] = outcome.acks.at(0).seq;
        }
    engine_->publish();
    io_.on_step = [this] { at_step({io_, env_, promises_, 0}); };
}

void CrashLife::deed()
{
    const std::uint64_t kind = below(20);
    if (once_in(15))
        return fail();
    if (kind < 10)
        append();
    else if (kind < 15)
        pass_time();
    else if (kind < 17) {
        what_ = "publishing";
        engine_->publish();
    } else if (kind < 19)
        crash();
    else
        erase();
    promises_.add_root(engine_->head().size(), engine_->head().tree.root());
}

LedgerEvent CrashLife::some_event()
{
    const std::string filler(once_in(8) ? below(6000) : below(300), 'x');
    LedgerEvent event = test_event("c" + std::to_string(next_id_++), once_in(4) ? "subject" + std::to_string(below(3)) : "",
                                   '"' + std::string(once_in(12) ? 9000 : below(50), 'p') + '"');
    event.event = R"({"filler":")" + filler + "\"}";
    promises_.asked.insert(event.id);
    events_.push_back(event);
    return event;
}

void CrashLife::append()
{
    std::vector<Submission> batch;
    for (std::uint64_t i = 0, count = 1 + below(4); i < count; ++i) {
        Submission submission{"tester", {}, once_in(4)};
        for (std::uint64_t k = 0, lines = 1 + below(3); k < lines; ++k)
            submission.events.push_back(!events_.empty() && once_in(10) ? events_[below(events_.size())] : some_event());
        batch.push_back(std::move(submission));
    }
    what_ = "appending " + std::to_string(batch.size());
    in_flight_ = batch;
    const auto outcomes = engine_->commit(batch);
    in_flight_.clear();
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        for (std::size_t k = 0; k < outcomes[i].acks.size(); ++k) {
            const Ack& ack = outcomes[i].acks[k];
            const auto [known, is_new] = promises_.acked.emplace(batch[i].events[k].id, ack.seq);
            if (known->second != ack.seq)
                throw Error("I1: " + known->first + " has two places");
        }
}

void CrashLife::pass_time()
{
    using namespace std::chrono_literals;
    constexpr Micros spans[] = {1ms, 300ms, 900ms, 5s, 1h, 24h};
    const Micros span = spans[below(std::size(spans))];
    what_ = "passing " + std::to_string(span.count()) + " us";
    if (once_in(10))
        env_.step_clock(once_in(2) ? -span : span);
    else
        env_.pass(span);
    engine_->tick();
}

void CrashLife::erase()
{
    what_ = "erasing";
    const Subject subject{"https://issuer.example", "subject" + std::to_string(below(3))};
    std::erase_if(events_, [&](const LedgerEvent& event) { return event.subject && event.subject->sub == subject.sub; });   // nobody can tell any more
    const auto done = engine_->redact({.subject = subject, .basis = "test", .authoriser = "tester"}, "tester");
    for (int turn = 0; turn < 20 && engine_->erasing() > 0; ++turn) {
        env_.pass(Micros{1'000'000});
        engine_->tick();
    }
    if (engine_->erasing() > 0 || (done.values > 0 && done.lines.empty()))
        throw Error("an erasure does not end");
}

// The process ends without a word, or the power does, and the life goes on with what is left.
void CrashLife::crash()
{
    const bool is_power_cut = once_in(2);
    what_ = is_power_cut ? "after a power cut" : "after a kill";
    engine_.reset();
    if (is_power_cut)
        io_.cut_power([this] { return once_in(2); });
    env_.pass(Micros{static_cast<Micros::rep>(below(3'000'000))});
    engine_ = opened(io_, env_);
    const CheckedLines lines = checked_lines(io_, promises_);
    check_promises(lines, promises_);
}

// A step of an append or a publication fails; then the same as after a crash.
void CrashLife::fail()
{
    const Failing how = once_in(2) ? Failing::lost : Failing::done;
    const int code = once_in(2) ? EIO : ENOSPC;
    io_.fail_at(below(40), how, code);
    const std::string failing = text_of_code(code) + (how == Failing::lost ? ", nothing done, " : ", but done, ");
    try {
        once_in(2) ? append() : pass_time();
        engine_->publish();
    } catch (const LedgerFailed&) {
        io_.mend();
        crash();
    } catch (const Refused&) {
        env_.pass(Micros{6'000'000});
    }
    io_.mend();
    in_flight_.clear();
    what_ = failing + what_;
    check_promises(checked_lines(io_, promises_), promises_);
}

void CrashLife::note_signed(const World& world) const
{
    if (!world.io.has("root/checkpoint"))
        return;
    const Checkpoint checkpoint = Checkpoint::parse(Note::parse(world.io.text("root/checkpoint")).text);
    world.promises.add_root(checkpoint.size, checkpoint.root);
}

void CrashLife::at_step(const World& world)
{
    if (counts_.states >= limit_)
        return;
    ++counts_.steps;
    note_signed(world);
    if (!once_in(world.depth == 0 ? 2 : 8))
        return;
    const std::size_t choices = world.io.choices();
    look_at(world, [] { return true; });
    look_at(world, [] { return false; });
    const std::size_t exact = world.depth == 0 && once_in(20) ? 2 * all_subsets : all_subsets;
    if (choices <= exact) {
        for (std::uint64_t subset = 1; subset + 1 < 1ULL << choices; ++subset)
            look_at(world, [rest = subset]() mutable { const bool keep = rest & 1U; rest >>= 1U; return keep; });
        return;
    }
    for (std::size_t i = 0; i < samples; ++i) {
        const std::uint64_t percent = i % 2 ? 50 : below(100);
        const std::uint64_t odd_one = below(choices);   // all like each other but one, or up to one
        switch (i % 4) {
        case 0: look_at(world, [&, at = 0U]() mutable { return (at++ == odd_one) == (i % 8 == 0); }); break;
        case 1: look_at(world, [&, at = 0U]() mutable { return (at++ < odd_one) == (i % 8 == 1); }); break;
        default: look_at(world, [&] { return below(100) < percent; });
        }
    }
}

void CrashLife::look_at(const World& world, const std::function<bool()>& keep)
{
    const auto disk = world.io.after_power_cut(keep);
    if (!seen_.insert(digest_of(*disk)).second)
        return;
    ++counts_.states;
    counts_.again += world.depth > 0 ? 1 : 0;
    counts_.deepest = std::max<std::uint64_t>(counts_.deepest, world.depth);
    check_published(*disk);
    recover(*disk, world);
}

void CrashLife::recover(SimIo& disk, const World& before)
{
    SimEnv env = before.env;
    env.pass(Micros{1'500'000});
    Promises more;
    const bool is_deeper = before.depth + 1 < deepest && once_in(12);
    if (is_deeper) {
        more = before.promises;
        disk.on_step = [&] { at_step({disk, env, more, before.depth + 1}); };
    }
    const auto engine = opened(disk, env);
    disk.on_step = {};
    const CheckedLines lines = checked_lines(disk, before.promises);
    check_promises(lines, before.promises);
    CompactRange tree;
    for (const Hash& leaf : lines.leaves)
        tree.append(leaf);
    if (tree != engine->head().tree)
        throw Error("the engine knows another tree than the shards have");
    if (once_in(8))
        go_on(disk, env, *engine, before.promises);
}

// What was under way is asked again and must be there once; then the whole folder is what a checkpoint says.
void CrashLife::go_on(SimIo& disk, SimEnv& env, Engine& engine, Promises promises)
{
    for (int i = 0; const Outcome& outcome : engine.commit(in_flight_)) {
        if (outcome.refusal)
            throw Error(std::string{"asked again: "} + outcome.refusal->what());
        for (std::size_t k = 0; k < outcome.acks.size(); ++k)
            promises.acked.emplace(in_flight_[static_cast<std::size_t>(i)].events[k].id, outcome.acks[k].seq);
        ++i;
    }
    promises.add_root(engine.head().size(), engine.head().tree.root());
    engine.publish();
    check_promises(checked_lines(disk, promises), promises);
    check_published(disk);
    if (once_in(40)) {
        env.pass(Micros{1'000'000});
        engine.tick();
        engine.publish();
        check_with_verifier(disk);
        ++counts_.verified;
    }
}

}
