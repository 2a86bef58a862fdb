// How bad a finding is.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace forge {

enum class Risk { info, low, medium, high, critical };

constexpr std::array<std::string_view, 5> risk_names{"info", "low", "medium", "high", "critical"};

constexpr std::string_view risk_name(Risk risk) noexcept
{
    return risk_names[static_cast<std::size_t>(risk)];
}

}
