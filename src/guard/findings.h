// One guard's look at one text.
#pragma once

#include "guard/policy.h"
#include "scan/growing_text.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// What a guard looks for, in a text that grows.
std::unique_ptr<StreamFinder> guard_finder(GuardName guard, const GuardPolicy& policy);

/// The same; a test has one that fails.
using FinderSource = std::function<std::unique_ptr<StreamFinder>(GuardName guard, const GuardPolicy& policy)>;

/// A text, and the name of the member of which it is the value, if it is one.
struct NamedText {
    std::string_view value;
    std::string_view name{};
};

/// All that a guard's finder finds in a whole text: by offset, none overlapping another.
std::vector<StreamFinding> findings_in(std::string_view text, StreamFinder& finder);

/// The value of a member of which the name says that it is a secret: {"password": "…"}; alone it does not look like one.
std::vector<StreamFinding> secrets_by_name(const NamedText& text, StreamFinder& secrets);

/// Their bytes.
std::size_t length_of(const std::vector<StreamFinding>& findings);

/// True when what a guard finds is taken out.  A mark of injection is not: the text around it would go on.
constexpr bool is_replaced(GuardName guard, GuardMode mode)
{
    return mode == GuardMode::redact && guard != GuardName::injection;
}

/// The text with "[redacted:NAME]" in place of each finding.
std::string without(std::string_view text, const std::vector<StreamFinding>& findings);

}
