// What subjects and templates have spent in a period: sums of the ledger's lines, in memory that all workers share.
#pragma once

#include "ledger/events.h"
#include "os/shared_memory.h"
#include "run/budget_file.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace forge {

struct Spent {
    std::int64_t pico = 0;     // of the period's currency
    std::int64_t tokens = 0;   // input and output
};

/// A file of fixed size that follows the ledger: each line run.finished since the period's begin is added once, whoever ran
/// it and whoever adds it; what is not in the ledger is not in it.  A process that dies in the middle of a line leaves a mark, and the
/// next one begins again from the ledger.  Another period, or an empty file, begins in the same way.  Any thread, any process.
class BudgetSums {
public:
    static constexpr std::size_t standard_cells = 65'536;   // 2 MiB; those beyond seven eighths have one sum together

    explicit BudgetSums(std::string path, std::size_t cells = standard_cells);

    enum class Progress { busy, more, done };
    /// Adds the next lines, a few hundred at most.  busy: somebody else does so now; more: there are more lines.  Throws
    /// Error when there is no index of events.
    Progress follow(Events& events, const BudgetPeriod& period);

    /// Whether all lines before this place are added for this period, and none of the past is missing.
    bool has(const BudgetPeriod& period, std::uint64_t size = 0) const;
    /// Of a subject (by forge-ledgerd's tag) or a template (by id).  Nothing unless has(period).
    std::optional<Spent> spent(const BudgetPeriod& period, BudgetScope scope, std::string_view name) const;
    /// True once for each period and name.
    bool first_warning(BudgetScope scope, std::string_view name);

private:
    struct Header;
    struct Cell;
    Header& header() const;
    std::span<Cell> cells() const;
    void begin(const BudgetPeriod& period, std::uint64_t first);
    void add(const LedgerLine& line, const std::string& currency);
    void add_to(BudgetScope scope, std::string_view name, Spent spent);
    Cell& cell_of(std::uint64_t key) const;

    const std::string path_;
    const std::size_t cells_;   // and one more for those that find no room
    Mapping mapping_;
};

}
