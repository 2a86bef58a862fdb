// Sums of what was spent.  One process at a time writes, under a lock that the kernel takes back from the dead; all read.
#include "run/budget_sums.h"

#include "base/log.h"
#include "base/text.h"
#include "lib/crypto.h"
#include "os/lock.h"
#include "tlog/slices.h"

#include <atomic>
#include <cstring>
#include <limits>

namespace forge {

struct BudgetSums::Header {
    std::uint64_t period;       // which; 0: none yet
    std::uint64_t generation;   // one more each time all begins again
    std::uint64_t is_whole;     // 1: the lines up to `next` are all that the ledger had once
    std::uint64_t next;         // the place of the next line
    std::uint64_t adding;       // 1 while a line is added
    std::uint64_t used;         // cells
    std::uint64_t reserved[2];
};

// A file of zeros is an empty table.
struct BudgetSums::Cell {
    std::uint64_t key;
    std::int64_t pico;
    std::int64_t tokens;
    std::uint64_t warned;
};

namespace {

constexpr std::size_t most_lines = 256;       // some 10 ms
constexpr std::size_t subject_digits = 16;    // of a tag, in the index

template <class Number>
Number got(const Number& number)
{
    return std::atomic_ref<Number>{const_cast<Number&>(number)}.load();
}

template <class Number>
void put(Number& number, Number value)
{
    std::atomic_ref<Number>{number}.store(value);
}

std::uint64_t number_of(const std::string& text)
{
    const Hash hash = sha256(text);
    std::uint64_t number = 0;
    std::memcpy(&number, hash.data(), sizeof number);
    return number | 1;   // 0 is none
}

std::uint64_t key_of(BudgetScope scope, std::string_view name)
{
    const std::string_view known = scope == BudgetScope::subject ? name.substr(0, subject_digits) : name;
    return number_of(std::string{name_of(scope)} + "\n" + std::string{known});
}

std::uint64_t number_of(const BudgetPeriod& period)
{
    return number_of("sums 1\n" + rfc3339(period.begin) + "\n" + period.currency);
}

void grow(std::int64_t& sum, std::int64_t by)
{
    std::int64_t result = 0;
    if (__builtin_add_overflow(sum, by, &result))
        result = std::numeric_limits<std::int64_t>::max();
    put(sum, result);
}

std::int64_t tokens_of(std::string_view usage, std::string_view name)
{
    return static_cast<std::int64_t>(std::min<std::uint64_t>(parse_unsigned(member_of(usage, name)).value_or(0), 1ULL << 62));
}

std::int64_t money_of(std::string_view usage, const std::string& currency)
{
    const std::string_view cost = member_of(usage, "cost");
    if (cost.empty() || plain_text(member_of(cost, "currency")) != currency)
        return 0;
    return parse_pico(plain_text(member_of(cost, "amount")).value_or("")).value_or(std::numeric_limits<std::int64_t>::max());
}

}

BudgetSums::BudgetSums(std::string path, std::size_t cells)
    : path_(std::move(path)), cells_(cells), mapping_(map_shared(path_, sizeof(Header) + (cells + 1) * sizeof(Cell)))
{
}

BudgetSums::Header& BudgetSums::header() const
{
    return *reinterpret_cast<Header*>(mapping_.data());
}

std::span<BudgetSums::Cell> BudgetSums::cells() const
{
    return {reinterpret_cast<Cell*>(mapping_.data() + sizeof(Header)), cells_ + 1};
}

// The key's cell, the empty one that it may have, or the one for those that find no room.
BudgetSums::Cell& BudgetSums::cell_of(std::uint64_t key) const
{
    const auto all = cells();
    for (std::size_t i = 0; i < cells_; ++i) {
        Cell& cell = all[(key + i) % cells_];
        const std::uint64_t owner = got(cell.key);
        if (owner == key || (owner == 0 && got(header().used) < cells_ / 8 * 7))
            return cell;
        if (owner == 0)
            break;
    }
    return all[cells_];
}

bool BudgetSums::has(const BudgetPeriod& period, std::uint64_t size) const
{
    return got(header().period) == number_of(period) && got(header().is_whole) == 1 && got(header().next) >= size;
}

std::optional<Spent> BudgetSums::spent(const BudgetPeriod& period, BudgetScope scope, std::string_view name) const
{
    const std::uint64_t generation = got(header().generation);
    if (!has(period))
        return std::nullopt;
    const Cell& cell = cell_of(key_of(scope, name));
    const Spent spent{got(cell.pico), got(cell.tokens)};
    const bool is_same = has(period) && got(header().generation) == generation;   // nobody began again in between
    return is_same ? std::optional{spent} : std::nullopt;
}

bool BudgetSums::first_warning(BudgetScope scope, std::string_view name)
{
    return std::atomic_ref{cell_of(key_of(scope, name)).warned}.exchange(1) == 0;
}

BudgetSums::Progress BudgetSums::follow(Events& events, const BudgetPeriod& period)
{
    const auto turn = FileLock::try_acquire(path_ + ".lock");
    if (!turn)
        return Progress::busy;
    Header& head = header();
    if (head.period != number_of(period) || head.adding != 0 || head.next > events.size())
        begin(period, events.first_since(period.begin));
    const FinishedRuns found = events.finished_runs(head.next, most_lines);
    for (const std::uint64_t seq : found.missing)
        log(Severity::error, "a run is charged to no budget: its line is missing", {{"index", std::to_string(seq)}});
    for (const LedgerLine& line : found.lines) {
        put(head.adding, std::uint64_t{1});
        add(line, period.currency);
        put(head.next, line.seq + 1);
        put(head.adding, std::uint64_t{0});
    }
    put(head.next, found.next);
    if (!found.is_end)
        return Progress::more;
    put(head.is_whole, std::uint64_t{1});
    return Progress::done;
}

void BudgetSums::begin(const BudgetPeriod& period, std::uint64_t first)
{
    Header& head = header();
    put(head.is_whole, std::uint64_t{0});
    put(head.generation, head.generation + 1);
    put(head.period, std::uint64_t{0});   // until the cells are empty: a process may die here
    for (Cell& cell : cells()) {
        put(cell.key, std::uint64_t{0});
        put(cell.pico, std::int64_t{0});
        put(cell.tokens, std::int64_t{0});
        put(cell.warned, std::uint64_t{0});
    }
    put(head.used, std::uint64_t{0});
    put(head.next, first);
    put(head.adding, std::uint64_t{0});
    put(head.period, number_of(period));
}

void BudgetSums::add(const LedgerLine& line, const std::string& currency)
{
    const std::string_view event = member_of(line.bytes, "event");
    const std::string_view usage = member_of(event, "usage");
    Spent spent{money_of(usage, currency), tokens_of(usage, "input_tokens")};
    grow(spent.tokens, tokens_of(usage, "output_tokens"));
    if (spent.pico == 0 && spent.tokens == 0)
        return;
    if (!line.subject.empty())
        add_to(BudgetScope::subject, line.subject, spent);
    if (const auto id = plain_text(member_of(member_of(event, "template"), "id")))
        add_to(BudgetScope::template_id, *id, spent);
}

void BudgetSums::add_to(BudgetScope scope, std::string_view name, Spent spent)
{
    const std::uint64_t key = key_of(scope, name);
    Cell& cell = cell_of(key);
    if (&cell != &cells()[cells_] && cell.key == 0) {
        put(cell.key, key);
        put(header().used, header().used + 1);
    }
    grow(cell.pico, spent.pico);
    grow(cell.tokens, spent.tokens);
}

}
