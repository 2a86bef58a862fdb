// What a run leaves in the ledger: run.started and run.finished (docs/LEDGER-FORMAT.md).
#pragma once

#include "auth/caller.h"
#include "ledger/wire.h"
#include "lib/json.h"

#include <cstdint>
#include <string>
#include <vector>

namespace forge {

struct TemplateName {
    std::string id;
    std::string version;
    std::string digest;
};

/// Digests of what decides over a run, "sha256:…"; empty ones are null in the record.
struct PolicyDigests {
    std::string schema;      // JCS of the resolved output schema
    std::string guards;      // file bytes
    std::string rbac;        // file bytes
    std::string providers;   // file bytes
    std::string build;       // git commit, hex
};

/// The intent, recorded before anybody is asked.
struct RunStart {
    std::string run;         // the run's id, a UUIDv7
    TemplateName name;
    std::string profile;
    std::string mode;        // offline | live
    std::string worker;      // which instance
    PolicyDigests digests;
    Caller caller;
    std::string request_id;
    Json args;               // after defaults
    std::string system;      // the prompt
    std::string user;
};

struct Attempt {
    std::string provider;
    std::string model;
    std::string status;      // ok | timeout | refused | error | cancelled
    std::int64_t ms = 0;
    std::string request_id;  // the provider's, if it gave one
    std::string peer;        // of the TLS connection, if there was one
};

/// How it ended.
struct RunEnd {
    std::string status;      // ok | invalid | failed | cancelled | unknown
    std::string schema = "none";   // valid | repaired | invalid | none
    std::string provider;
    std::string model;
    std::vector<Attempt> attempts;
    std::int64_t input_tokens = 0;
    std::int64_t output_tokens = 0;
    Json guards = Json::array();
    bool simulated = false;
    std::string basis;       // model | collector | example; empty where nothing was answered
    std::int64_t duration_us = 0;
    Json output;             // absent where nothing was answered
};

/// Throws Refusal 400 where an argument has no canonical form (an integer beyond 2^53, U+0000).
LedgerEvent started_event(const RunStart& start);
LedgerEvent finished_event(const RunStart& start, const RunEnd& end);

/// As they stand in the record and in the answer.
Json attempts_json(const std::vector<Attempt>& attempts);
Json usage_json(const RunEnd& end);

}
