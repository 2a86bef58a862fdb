// Looks at whole texts and values for one side of a run, and keeps count.
#pragma once

#include "guard/findings.h"
#include "guard/input.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace forge {

class Screen {
public:
    /// Texts that are longer together than `limit` are not scanned.
    Screen(const GuardPolicy& policy, GuardStage stage, std::size_t limit, FinderSource finder);

    GuardedJson value(const Json& value);
    GuardedText text(std::string_view text, const GuardSet& guards);

    std::optional<GuardName> refused_by() const { return refusing_guard(reports_); }
    std::vector<GuardReport> reports() const;

private:
    bool is_asked_for(GuardName guard) const;
    void run(GuardReport& report, std::size_t bytes, const std::function<void()>& look);
    std::vector<StreamFinding> findings(GuardName guard, const NamedText& text) const;
    std::optional<std::string> look(GuardReport& report, const NamedText& text);
    template <class Value, class Make>
    std::optional<Value> recorded(const Make& make) const;
    std::vector<GuardName> kept_from_record() const;
    std::optional<std::string> without_all(const std::vector<GuardName>& guards, const NamedText& text) const;

    const GuardPolicy policy_;
    const std::size_t limit_;
    const FinderSource finder_;
    std::size_t bytes_ = 0;                // of the texts so far
    std::vector<GuardReport> reports_;     // one for each guard of this side
};

}
