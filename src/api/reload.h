// What a worker does on SIGHUP: settings, secrets, roles, providers and budgets as they are now, all of them or none.
#pragma once

#include <string>

#include "config/current.h"
#include "config/secret.h"
#include "ledger/packet.h"
#include "os/loop.h"
#include "ops/reload_desk.h"

namespace forge {

class Access;
class Budgets;
class CurrentTargets;
class IssuerKeys;
class LedgerLink;
struct Metrics;

/// forge_unsafe_setting for what `now` has of unsafe settings, and 0 for what only `before` had.
void show_unsafe(Metrics& metrics, const Config& now, const Config* before = nullptr);

/// The loop's thread only.
class Reloads {
public:
    struct Parts {
        CurrentConfig& settings;
        Access& access;
        CurrentTargets& targets;
        Budgets& budgets;
        IssuerKeys& issuer;
        LedgerLink& ledger;
        Metrics& metrics;
        Loop& loop;
        std::string name;   // of the process and its instance: "worker.1"
    };
    /// Throws Error when the files of the desk or the key for digests cannot be made.
    explicit Reloads(Parts parts);

    /// Reads, checks, swaps, records, answers.  One that comes while another is under way follows it.
    void reload();

private:
    Task<void> run();
    ReloadAnswer swapped();
    Task<bool> recorded(const std::vector<Change>& changed);
    Task<void> record_later(Packet packet);

    Parts parts_;
    const Secret key_;
    ReloadDesk desk_;
    bool is_running_ = false;
    bool is_wanted_ = false;
    int late_ = 0;   // records that are on their way
};

}
