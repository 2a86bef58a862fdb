// One line of the ledger: made from an event, and read back.  docs/LEDGER-FORMAT.md shows the bytes.
#pragma once

#include "ledger/wire.h"
#include "lib/crypto.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

constexpr std::size_t line_limit = 65'535;            // C2SP entry bundles have lengths of 16 bits
constexpr std::size_t private_names_limit = 16;
constexpr std::string_view daemon_prefix = "ledger.";  // types and ids that only forge-ledgerd makes

/// A private value as it stands in the line: `c` = HMAC-SHA256(32 random bytes, value), `n` = the value's bytes.
struct Commitment {
    std::string name;
    std::string c;
    std::uint64_t n;
};

/// All of a line; texts are plain (no escapes needed), hex is lower case.
struct Entry {
    std::string_view actor;
    std::string_view event;   // canonical
    std::string_view id;
    std::string_view prev;
    std::vector<Commitment> priv;   // sorted by name
    std::string_view salt;
    std::uint64_t seq;
    std::string_view ts;
    std::string_view type;
};

/// The line without its LF.  Throws Refused E_TOO_BIG beyond line_limit.
std::string entry_line(const Entry& entry);

/// What a client may ask for: throws Refused E_INVALID or E_TOO_BIG, naming the member.  The event is checked to be
/// canonical in one pass, each private value too.
void check_event(const LedgerEvent& event);

/// A line as views of its bytes.
struct EntryView {
    std::string_view actor, event, id, prev, priv, salt, ts, type;   // event and priv are JSON; priv may be empty
    std::uint64_t seq;
};

/// The parts of a line, or nothing when members are missing, unknown or of wrong form.  Canonical form is not checked.
std::optional<EntryView> parse_entry(std::string_view line);
std::vector<Commitment> parse_commitments(std::string_view priv);

/// The forms of 4.3.
bool is_type(std::string_view text);
bool is_entry_id(std::string_view text);
bool is_private_name(std::string_view text);

}
