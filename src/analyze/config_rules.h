// The table of settings that do not meet PCI DSS v4.0.
#pragma once

#include "scan/risk.h"

#include <span>
#include <string_view>

namespace forge {

/// One check of one kind of configuration file, line by line, comments left out.
struct ConfigRule {
    std::string_view kind;          // of config_kind()
    std::string_view name;
    std::string_view requirement;   // of PCI DSS v4.0
    Risk risk;
    bool absent;                    // it is a finding that no line matches
    std::string_view pattern;       // RE2 on a line, either case
    std::string_view title;
    std::string_view why;
    std::string_view remedy;
};

struct ConfigRequirement {
    std::string_view number;
    std::string_view title;
};

std::span<const ConfigRule> config_rules();
/// All requirements that the rules touch, in their order.
std::span<const ConfigRequirement> config_requirements();
/// "sshd", "nginx", "apache", "firewall", "mysql", "postgresql", "pg_hba", "redis", "passwords"; empty for other files.
std::string_view config_kind(std::string_view path, std::string_view text);

}
