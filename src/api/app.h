// The inventory of a worker: everything that lives as long as it does, in the order in which it is made.
#pragma once

#include "os/pool.h"

#include <string>

namespace forge {

class Access;
class Buckets;
class Catalog;
class CurrentConfig;
class DeniedCounts;
class DevSigner;
class Events;
class EvidenceStore;
class Idempotency;
class Guardian;
class KeyRing;
class LedgerLink;
class RunRelay;
class Runs;
class StreamSlots;
class Ticks;
struct Metrics;

namespace fastcgi {
class Server;
}

/// What handlers may use; main makes it.  Members without a note may be used by any thread.
struct App {
    const CurrentConfig& settings;   // a request uses the snapshot of its Call
    Metrics& metrics;
    Catalog& catalog;
    Access& access;
    KeyRing& keys;
    Buckets& limits;
    DeniedCounts& denied;
    StreamSlots& slots;
    Events& events;
    EvidenceStore& evidence;
    Guardian& guardian;
    Loop& loop;              // start and post: any thread; the rest: its own
    Pool& compute;           // the loop's thread
    LedgerLink& ledger;      // the loop's thread
    Ticks& ticks;            // the loop's thread
    Runs& runs;              // the loop's thread, but for prepare()
    Idempotency& idempotency;
    const std::string& worker;           // this one's life, as it stands in the record of its runs
    const std::string& subject_key;      // of subject_hash(), for logs
    fastcgi::Server* server = nullptr;   // set before the first request
    RunRelay* relay = nullptr;           // the loop's thread; set before the first request
    const DevSigner* dev_signer = nullptr;   // none unless AUTH_DEV_SIGNER=1; set before the first request
    std::atomic<bool> stopping = false;
};

}
