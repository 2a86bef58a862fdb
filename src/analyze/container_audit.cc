// The container audit: every Dockerfile and every compose file.
#include "analyze/collect.h"
#include "analyze/reading.h"
#include "base/text.h"
#include "os/file.h"
#include "scan/judge.h"
#include "scan/lines.h"
#include "scan/secrets.h"

#include <algorithm>

namespace forge {

namespace {

bool is_dockerfile(std::string_view path)
{
    const std::string name = lower(base_name(std::string{path}));
    return name == "dockerfile" || name == "containerfile" || name.ends_with(".dockerfile")
        || (name.starts_with("dockerfile.") && !name.ends_with(".dockerignore") && !name.ends_with(".md"));
}

bool is_compose(std::string_view path)
{
    const std::string name = lower(base_name(std::string{path}));
    return (name.ends_with(".yml") || name.ends_with(".yaml"))
        && (name.starts_with("docker-compose") || name.starts_with("compose"));
}

/// A comment allows a secret here too.
bool is_allowed(const Finding& finding, std::string_view text, const LineIndex& lines)
{
    return finding.rule.find("-secret-in-env") != finding.rule.npos && finding.line <= lines.count()
        && is_secret_allowed(text, lines.offset(finding.line));
}

}

bool is_written_out_secret(std::string_view name, std::string_view value)
{
    constexpr std::size_t shortest = 4;
    const auto digits = std::ranges::count_if(value, [](unsigned char c) { return std::isdigit(c); });
    return is_secret_name(name) && value.size() >= shortest && !is_placeholder(value) && !value.starts_with('$')
        && !value.starts_with('/') && static_cast<std::size_t>(digits) < value.size()
        && !equal_ignoring_case(value, "true") && !equal_ignoring_case(value, "false");
}

bool has_fixed_version(std::string_view image)
{
    if (image == "scratch" || image.find("@sha256:") != image.npos)
        return true;
    const auto slash = image.rfind('/');
    const auto name = image.substr(slash == image.npos ? 0 : slash + 1);
    const auto colon = name.find(':');
    if (colon == name.npos)
        return false;
    const auto tag = name.substr(colon + 1);
    return !tag.empty() && !tag.ends_with(":-latest}") && tag != "latest" && tag != "stable" && tag != "edge"
        && tag != "main" && tag != "master" && tag != "nightly";
}

Collected collect_container(const CollectorRequest& request)
{
    EvidenceReader reader{request};
    Findings findings{request.limits.findings};
    reader.each([&](const EvidenceFile& file, std::string_view text) {
        Findings of_file{request.limits.findings};
        (is_dockerfile(file.path) ? audit_dockerfile : audit_compose)(file.path, text, of_file);
        const LineIndex lines{text};
        for (const auto& finding : of_file.list())
            if (!is_allowed(finding, text, lines))
                findings.add(finding);
    }, [](std::string_view path) { return is_dockerfile(path) || is_compose(path); });
    const Json report = audit_report(findings, reader);
    return {report, report, reader.read_any()};
}

}
