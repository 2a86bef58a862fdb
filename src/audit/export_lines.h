// Lines and proofs taken out of a ledger, and the whole of it as a static log.
#pragma once

#include "audit/ledger_view.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace forge {

struct LineFilter {
    std::uint64_t first = 0;
    std::uint64_t end = ~std::uint64_t{0};
    std::string type{};       // the type or its beginning: "run."
    std::string id{};
    std::string since{};      // as time_beginning gives it
    std::string until{};      // below this time
};

/// What the lines' times are compared with, from RFC 3339 in UTC, like "2026-11-23T10:00:00Z", or its beginning up to a year,
/// month, day, hour, minute or second; nothing for anything else.
std::optional<std::string> time_beginning(std::string_view text);

/// Called with the lines that pass, in order, as far as the checkpoint covers them; each has its signed hash.
/// Days in quarantine are passed over.  Throws Error naming a line that is not as it was signed.
void for_each_line(const LedgerView& ledger, const LineFilter& filter,
                   const std::function<void(std::uint64_t seq, std::string_view line)>& on_line);

/// "seq,ts,type,actor,id,event,leaf" of RFC 4180, without the line's end; and of a line.
std::string csv_header();
std::string csv_row(std::string_view line);

/// The complete static log (c2sp.org/tlog-tiles) of the checkpoint's size: checkpoint, tiles and entry bundles, into a
/// folder that is there and empty.  Gives the number of files.  Throws Error.
std::uint64_t export_tiles(const LedgerView& ledger, const std::string& folder);

}
