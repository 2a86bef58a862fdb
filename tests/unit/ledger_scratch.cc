// A ledger on a disk in memory.
#include "ledger_scratch.h"

#include <algorithm>

#include "base/error.h"
#include "ledger/recovery.h"
#include "tlog/jcs.h"

namespace forge::test {

SpaceRules test_space()
{
    SpaceRules rules = SpaceRules::small();
    rules.sizes.segment = 256U << 10;
    return rules;
}

ScratchLedger::ScratchLedger()
{
    reopen().publish();
}

Engine& ScratchLedger::reopen()
{
    engine_.reset();
    engine_ = std::make_unique<Engine>(
        EngineOptions{.root = "root", .origin = "example.com/log", .rights = "dev", .space = test_space(),
                      .on_line = [this](const CommittedLine& line) { told.emplace_back(line.entry.id); },
                      .policy = policy},
        io, env);
    return *engine_;
}

LedgerEvent test_event(const std::string& id, const std::string& subject, const std::string& content)
{
    LedgerEvent event{id, "job.test", R"({"content":)" + content + "}"};
    if (!subject.empty()) {
        event.priv.push_back({"sub", '"' + subject + '"'});
        event.subject = Subject{"https://issuer.example", subject};
    }
    return event;
}

std::vector<Outcome> ScratchLedger::append(const std::vector<std::string>& ids, const std::string& subject)
{
    std::vector<Submission> submissions;
    for (const std::string& id : ids)
        submissions.push_back({"tester", {test_event(id, subject)}});
    return engine_->commit(submissions);
}

std::vector<std::string> ScratchLedger::lines()
{
    std::vector<std::string> all;
    for (const std::string& name : io.names("root"))
        if (name.starts_with("events-")) {
            std::string_view text = io.text("root/" + name);
            if (text.empty())
                continue;   // a refused first batch leaves an empty file
            if (!text.ends_with('\n'))
                throw Error(name + " ends within a line");
            for (const auto line : split(text.substr(0, text.size() - 1), '\n'))
                all.emplace_back(line);
        }
    return all;
}

void ScratchLedger::check()
{
    Hash prev{};
    WallTime time{};
    CompactRange tree;
    const auto checkpoint = read_checkpoint(io, "root", engine_->identity().signer.verifier_key());
    for (const std::string& line : lines()) {
        const auto entry = parse_entry(line);
        if (canonical_error(line) || !entry || entry->seq != tree.size() || entry->prev != hex(prev)
            || *parse_rfc3339(entry->ts) < time)
            throw Error("line " + std::to_string(tree.size()) + " does not follow: " + line);
        time = *parse_rfc3339(entry->ts);
        prev = leaf_hash(line);
        tree.append(prev);
        if (checkpoint && checkpoint->size == tree.size() && checkpoint->root != tree.root())
            throw Error("the checkpoint has another root");
    }
    if (checkpoint && checkpoint->size > tree.size())
        throw Error("the checkpoint covers more than there is");
    if (tree != engine_->head().tree)
        throw Error("the engine knows another tree");
}

std::size_t ScratchLedger::count(const std::string& id)
{
    const auto all = lines();
    return static_cast<std::size_t>(std::ranges::count_if(all, [&](const std::string& line) { return parse_entry(line)->id == id; }));
}

}
