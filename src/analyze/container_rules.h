// The table of what is wrong with a container's description.
#pragma once

#include "analyze/finding.h"

#include <span>
#include <string>
#include <string_view>

namespace forge {

struct ContainerRule {
    std::string_view name;
    Risk risk;
    std::string_view title;
    std::string_view why;
    std::string_view remedy;
    std::string_view mappings;   // apart by "; "
};

std::span<const ContainerRule> container_rules();

/// A finding of the rule of that name, which must be in the table.
Finding container_finding(std::string_view rule, std::string_view path, std::size_t line, std::string_view excerpt);

}
