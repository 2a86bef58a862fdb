// The offline provider: answers without any model, and never pretends.
#pragma once

#include "catalog/template.h"
#include "config/config.h"
#include "run/record.h"

namespace forge {

struct Prepared;

/// Whether an offline answer is to be had: a collector's findings, else the template's own example.
/// Throws Refusal 503: offline_no_answer where there is neither, simulated_not_allowed for an example in production.
void check_offline(const CatalogTemplate& source, const Config& config);

/// The output, not judged yet; `end` gets the provider and the basis: collector, or example and simulated.
Json answer_offline(const Prepared& run, RunEnd& end);

}
