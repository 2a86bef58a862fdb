// What a run leaves in the ledger: run.started and run.finished (docs/LEDGER-FORMAT.md).
#pragma once

#include "auth/caller.h"
#include "guard/report.h"
#include "ledger/wire.h"
#include "lib/json.h"
#include "llm/provider.h"

#include <cstdint>
#include <optional>
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
    std::string idem_key{};  // IdempotencyTags; empty: none
    std::string idem_body{};
    Json args;               // after defaults; like all that is stored, without secrets
    Json prompt;             // {"system","user"}
    Json sent{};             // the prompt as sent, where that differs: committed to and not stored
};

/// Of a run that was read back: as they stand in its line.
struct RecordedParts {
    Json attempts, usage, guards;
};

/// How it ended.
struct RunEnd {
    std::string status;      // ok | invalid | failed | cancelled | unknown
    std::string schema = "none";   // valid | repaired | invalid | none
    std::string provider;
    std::string model;
    std::vector<ProviderCall> attempts;
    std::vector<GuardReport> guards;   // of one guard and stage perhaps several
    std::string refused_by;            // a guard's name
    bool simulated = false;
    std::string basis;       // model | collector | example; empty where nothing was answered
    std::int64_t duration_us = 0;
    Json output;             // absent where nothing was answered
    Json recorded_output;    // the same without secrets
    RecordedParts recorded;
    Json evidence;           // of a run that is closed as unknown: how it is known that its worker is gone
};

/// Throws Refusal 400 where an argument has no canonical form (an integer beyond 2^53, U+0000).
LedgerEvent started_event(const RunStart& start);
LedgerEvent finished_event(const RunStart& start, const RunEnd& end);

/// What all attempts together used, failed ones too.
struct RunUsage {
    long input_tokens = 0;
    long output_tokens = 0;
    std::optional<Cost> cost{};   // where any of them has a price
};
RunUsage usage_of(const std::vector<ProviderCall>& attempts);

/// As they stand in the record and in the answer.
Json attempts_json(const std::vector<ProviderCall>& attempts);
/// {"input_tokens","output_tokens","cost"?}
Json usage_json(const std::vector<ProviderCall>& attempts);

}
