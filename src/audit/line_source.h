// Lines from wherever they can be had: shards, archives, exports, backup folders, static mirrors.  Nothing is believed.
#pragma once

#include "audit/ledger_view.h"

#include <functional>
#include <string>
#include <string_view>

namespace forge {

/// Called with each line, without LF.
using OnLine = std::function<void(std::string_view line)>;

/// All lines of a file: plain, or zstd by its name.  What has no LF at its end is given too.  Lines too long to be the
/// ledger's are left out; a damaged compressed file gives what comes before the damage.
/// Throws SystemError.
void read_lines_of_file(const std::string& path, const OnLine& on_line);

/// The entries of a bundle of a static log, as far as it reaches (c2sp.org/tlog-tiles).
void read_lines_of_bundle(std::string_view bytes, const OnLine& on_line);

/// What a source has that may be lines of a day: a file as it is; in a folder the day's shard, its archive, and the
/// entry bundles of a static log (`range` says which).
/// Throws Error when it is neither file nor folder.
void read_lines_of_source(const std::string& source, const std::string& day, SeqRange range, const OnLine& on_line);

}
