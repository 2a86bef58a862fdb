// Native collectors: what a template's `collector` names.
#include "analyze/collector.h"

#include <algorithm>

#include "analyze/collect.h"
#include "base/error.h"

namespace forge {

namespace {

constexpr Collector table[] = {
    {"config", collect_config, "Checks configuration files against PCI DSS v4.0."},
    {"container", collect_container, "Audits Dockerfiles and compose files."},
    {"coverage", collect_coverage, "Tells which topics of a framework (`controls`) the evidence shows."},
    {"echo", collect_echo, "Gives the argument `message` back."},
    {"evidence", collect_evidence, "Lists the files of the evidence with digest and excerpt."},
    {"secrets", collect_secrets, "Finds secrets in files: keys, tokens, passwords."},
};

}

std::span<const Collector> collectors()
{
    return table;
}

const Collector* find_collector(std::string_view name)
{
    const auto found = std::ranges::find(table, name, &Collector::name);
    return found == std::end(table) ? nullptr : found;
}

Collected run_collector(const CollectorRequest& request)
{
    const auto* collector = find_collector(request.name);
    if (!collector)
        throw Error("no collector is named " + request.name);
    return collector->collect(request);
}

std::string_view evidence_argument(const Json& settings)
{
    return settings["from"].as_text();
}

}
