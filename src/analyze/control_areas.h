// The table of topics that evidence must show, by framework.
#pragma once

#include "scan/risk.h"

#include <span>
#include <string_view>

namespace forge {

struct ControlArea {
    std::string_view framework;    // "dora_third_party", "dora_ict"
    std::string_view id;           // "TPR-01"
    std::string_view title;
    std::string_view reference;    // the articles and controls it answers
    int weight;                    // 1 to 3
    std::string_view pattern;      // RE2 on a line, either case: what speaks of the topic
    std::string_view ask;          // what to ask for when it is missing
};

/// The areas of a framework, in order; empty for an unknown one.
std::span<const ControlArea> control_areas(std::string_view framework);

}
