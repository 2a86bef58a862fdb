// What a collector found, and the report that is made of it.
#include "analyze/finding.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>

namespace forge {

namespace {

constexpr std::array<std::size_t, risk_names.size()> weights{0, 2, 5, 12, 30};

Json json_of(const Finding& finding, std::size_t number)
{
    std::string id = std::to_string(number);
    id.insert(0, id.size() < 3 ? 3 - id.size() : 0, '0');
    Json mappings = Json::array();
    for (const auto& mapping : finding.mappings)
        mappings.append(mapping);
    return Json::object({{"id", "F-" + id},
                         {"severity", risk_name(finding.risk)},
                         {"rule", finding.rule},
                         {"title", finding.title},
                         {"path", finding.path},
                         {"line", finding.line},
                         {"column", finding.column},
                         {"evidence", finding.excerpt},
                         {"why", finding.why},
                         {"remediation", finding.remedy},
                         {"mappings", mappings}});
}

}

void Findings::add(Finding finding)
{
    ++counts_[static_cast<std::size_t>(finding.risk)];
    if (list_.size() < limit_)
        list_.push_back(std::move(finding));
}

std::size_t Findings::all() const noexcept
{
    return std::accumulate(counts_.begin(), counts_.end(), std::size_t{0});
}

void Findings::sort()
{
    std::ranges::stable_sort(list_, [](const Finding& a, const Finding& b) {
        return std::tie(b.risk, a.path, a.line, a.column) < std::tie(a.risk, b.path, b.line, b.column);
    });
}

int Findings::score() const noexcept
{
    const auto lost = std::inner_product(counts_.begin(), counts_.end(), weights.begin(), std::size_t{0});
    return 100 - static_cast<int>(std::min<std::size_t>(lost, 100));
}

Json Findings::summary() const
{
    Json summary = Json::object();
    for (std::size_t i = counts_.size(); i-- > 0;)
        summary.set(risk_names[i], counts_[i]);
    return summary;
}

Json Findings::json() const
{
    Json findings = Json::array();
    for (std::size_t i = 0; i < list_.size(); ++i)
        findings.append(json_of(list_[i], i + 1));
    return findings;
}

}
