// Finds marks of instructions that a text hides for a model that reads it.
#pragma once

#include "scan/growing_text.h"
#include "scan/pattern_finder.h"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace forge {

struct InjectionRule {
    std::string_view name;
    std::string_view pattern;   // RE2, either case
    std::string_view what;
};

struct InjectionFinding {
    const InjectionRule* rule = nullptr;
    std::size_t offset = 0;
    std::size_t length = 0;
};

std::span<const InjectionRule> injection_rules();

/// By offset, at most `limit`.  A mark is a hint, no proof: a document about injection has them too.
std::vector<InjectionFinding> find_injections(std::string_view text, std::size_t limit = 1'000);

/// The same in a text that grows, where of those that overlap the first is given.  A mark that is longer than 2 KiB
/// (blanks may be any number) may be missed.
class InjectionFinder : public StreamFinder {
public:
    InjectionFinder();

    ScanProgress look(const GrowingText& text, std::vector<StreamFinding>& findings) override;

private:
    PatternFinder finder_;
    std::size_t end_of_last_ = 0;
};

}
