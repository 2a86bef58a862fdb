// What a collector found, and the report that is made of it.
#pragma once

#include "lib/json.h"
#include "scan/risk.h"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace forge {

struct Finding {
    std::string rule;          // "docker-root-user"
    Risk risk = Risk::info;
    std::string path;
    std::size_t line = 0;      // from 1; 0: the file as a whole
    std::size_t column = 0;    // from 1; 0: the line as a whole
    std::string title;
    std::string excerpt;       // never with a secret in it
    std::string why;
    std::string remedy;
    std::vector<std::string> mappings;   // "CWE-798", "PCI DSS 8.6.2"
};

/// At most `limit` findings; `all` counts also those that were not kept.
class Findings {
public:
    explicit Findings(std::size_t limit) : limit_(limit) {}

    void add(Finding finding);
    const std::vector<Finding>& list() const noexcept { return list_; }
    std::size_t count(Risk risk) const noexcept { return counts_[static_cast<std::size_t>(risk)]; }
    std::size_t all() const noexcept;
    bool has_all() const noexcept { return all() == list_.size(); }

    /// The worst first, else by path and line.
    void sort();
    /// 100 for nothing found; each finding takes off 30, 12, 5, 2 or 0 by its risk, down to 0.
    int score() const noexcept;
    /// {"critical":1,"high":0,…}
    Json summary() const;
    Json json() const;

private:
    std::size_t limit_;
    std::vector<Finding> list_;
    std::array<std::size_t, risk_names.size()> counts_{};
};

}
