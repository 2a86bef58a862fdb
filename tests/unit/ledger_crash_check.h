// What must hold of a simulated ledger's disk.
#pragma once

#include "ledger_crash.h"

#include <cstddef>
#include <string>

namespace forge::test {

struct CheckedLines {
    Hashes leaves{};
    std::map<std::string, std::uint64_t> seqs{};   // by id
};

/// Throws Error when seq, prev, ts or ids do not fit, or a line was never asked for.
CheckedLines checked_lines(const SimIo& io, const Promises& promises);
/// The lines are those that were promised; throws Error.
void check_promises(const CheckedLines& lines, const Promises& promises);
/// I2 on a disk as a power cut left it: what its checkpoint covers is there, lines and tiles.
void check_published(const SimIo& io);
/// A digest of names and bytes.
std::size_t digest_of(const SimIo& io);
/// As real files below a folder.
void write_out(const SimIo& io, const std::string& folder);
/// What forge-ledger-verify says of the folder; throws Error unless that is nothing.
void check_with_verifier(const SimIo& io);

}
