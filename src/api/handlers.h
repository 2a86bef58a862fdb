// The handlers of the route table, by the file they stand in.
#pragma once

#include "api/routes.h"

namespace forge::api {

// health.cc
Answer health(Call& call);
Task<Answer> ready(Call& call);
Answer short_health(Call& call);
Task<Answer> deep_health(Call& call);
Answer metrics(Call& call);
Answer metrics_forge(Call& call);

// templates.cc
Answer list_templates(Call& call);
Answer count_templates(Call& call);
Answer show_template(Call& call);

// execute.cc
Task<Answer> execute(Call& call);
Task<Answer> run_template(Call& call);   // POST /run/{id}

// run_streams.cc
Task<Answer> stream_run(Call& call);
Task<Answer> stream_run_by_query(Call& call);
Task<Answer> join_execution(Call& call);

// executions.cc
Task<Answer> show_execution(Call& call);
Task<Answer> cancel_execution(Call& call);
Task<Answer> list_executions(Call& call);

// evidence.cc
Answer upload_evidence(Call& call, fastcgi::Exchange& exchange);

// ledger.cc
Task<Answer> list_events(Call& call);
Task<Answer> show_event(Call& call);
Answer ledger_stats(Call& call);

// log.cc
Answer checkpoint(Call& call);
Answer log_tile(Call& call);
Answer log_entries(Call& call);
Answer log_consistency(Call& call);
Answer log_day(Call& call);
Task<Answer> event_receipt(Call& call);

// openapi.cc
Answer openapi(Call& call);

// ui_config.cc
Answer ui_config(Call& call);

// ticks.cc
Answer ticks_head(Call& call);
void ticks_start(Call call, fastcgi::Handed handed, std::string head);

// dev_signer.cc
bool dev_signer_answers(const Call& call);
Answer dev_keys(Call& call);
Answer dev_token(Call& call);

// guardian.cc
Answer guardian_mode(Call& call);
std::optional<Answer> guardian_unavailable(Call& call);
Answer guardian_probe(Call& call);
Answer guardian_ask(Call& call);

}
