// What a verification found, and the exit code that follows (forge-ledger-verify(8)).
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace forge {

/// The value is the exit code of what was found.
enum class FlawKind {
    contradiction = 2,   // the folder contradicts itself
    log = 3,             // the write-ahead log is damaged
    outside = 4,         // the folder contradicts evidence from outside it
    incomplete = 5,      // lines that could not be checked to the end
};

struct Flaw {
    FlawKind kind;
    std::string file;      // below the ledger's root
    std::uint64_t line;    // from 1; 0: the file as a whole
    std::string reason;
};

/// Keeps the first reason for each line, and at most a thousand findings; counts all.
class Flaws {
public:
    void add(FlawKind kind, std::string file, std::uint64_t line, std::string reason);
    /// Something was found about this line, or another line of the file when `line` is 0.
    bool has(const std::string& file, std::uint64_t line) const;

    const std::vector<Flaw>& list() const noexcept { return list_; }
    std::uint64_t total() const noexcept { return total_; }
    /// 0 when nothing was found, else the first of 4, 2, 3, 5.
    int exit_code() const noexcept;

private:
    std::vector<Flaw> list_;
    std::set<std::pair<std::string, std::uint64_t>> places_;
    std::set<FlawKind> kinds_;
    std::uint64_t total_ = 0;
};

}
