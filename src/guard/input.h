// The guards before a run: arguments, evidence and the rendered prompt.
#pragma once

#include "guard/findings.h"
#include "guard/policy.h"
#include "guard/report.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace forge {

/// Texts of one stage that are longer together are not scanned: the guard is "not_run".
constexpr std::size_t guard_input_limit = 32 << 20;

class Screen;

/// A value after the guards.
struct GuardedJson {
    Json sent;       // what goes on: to the prompt, or to the client
    Json recorded;   // what may be stored: `sent` without secrets, whatever the mode; null where they were not looked for
};

/// A text after the guards; as above.
struct GuardedText {
    std::string sent;
    std::string recorded;
};

/// One run's input.  Call what there is to look at in the order in which it becomes known, then look at refused_by():
/// with a guard there, nothing of it may go on.  In the mode refuse, and in redact too, a guard that could not run
/// refuses: what it did not see does not go on.  It never throws for what a text holds.  One thread at a time.
///
///     InputGuards guards{policy};
///     const GuardedJson args = guards.arguments(given);          // before rendering, which takes args.sent
///     const GuardedJson evidence = guards.evidence(collected);   // the same for what the collector gives
///     const GuardedText user = guards.prompt(rendered.user);     // once for system, once for user
///     if (const auto guard = guards.refused_by())
///         throw Refusal(422, "guard_refused", …guard_name(*guard)…);
///     run.finished.guards = guards_json(guards.reports());
///
/// Where `sent` of a prompt differs from `recorded` (observe let a secret through), the ledger commits to `sent` and
/// stores `recorded`.
class InputGuards {
public:
    explicit InputGuards(const GuardPolicy& policy, const FinderSource& finder = guard_finder);
    ~InputGuards();
    InputGuards(InputGuards&&) noexcept;
    InputGuards& operator=(InputGuards&&) noexcept;

    /// All texts of a value: strings, names of members, integers (card numbers); a member's name helps to see that its
    /// value is a password.  Keeps the value's form: an integer that is replaced becomes a text.
    GuardedJson arguments(const Json& args);
    GuardedJson evidence(const Json& collected);
    /// A text of the prompt.  Injection is not looked for: the template's own words are trusted, and the arguments and
    /// the evidence in it were looked at.
    GuardedText prompt(std::string_view text);

    /// The first guard that refuses, so far.
    std::optional<GuardName> refused_by() const;
    /// One for each guard of the policy, also one that saw nothing yet (it is then clean over 0 bytes).
    std::vector<GuardReport> reports() const;

private:
    std::unique_ptr<Screen> screen_;
};

}
