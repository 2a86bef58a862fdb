// Which lines of a day's file are not those that were signed.
#pragma once

#include "audit/ledger_view.h"

#include <cstdint>
#include <string>
#include <vector>

namespace forge {

struct DayDamage {
    std::string day;
    std::string file{};               // below the root; empty: there is none
    SeqRange range{};                 // the lines that it should have, as far as the checkpoint covers them
    std::vector<SeqRange> bad{};      // missing or changed
    std::string reason{};             // empty: the file is whole
    std::uint64_t bytes = 0;
    std::string sha256{};             // of the file as it stands
    bool is_sealed = false;

    bool is_whole() const noexcept { return reason.empty(); }
};

/// Reads the day's file.  Throws Error when the ledger's signed notes do not tell which lines it should have.
DayDamage examine_day(const LedgerView& ledger, AuthenticLeaves& leaves, const std::string& day);

/// All days that have a file or a note, or are in quarantine, in order.
std::vector<std::string> all_days(const std::string& root);

/// "5" or "7-9", with commas between.
std::string text_of(const std::vector<SeqRange>& ranges);

}
