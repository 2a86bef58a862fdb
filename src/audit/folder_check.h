// What a ledger's folder may hold: names that belong to nothing, and links or pipes in the place of files, are found.
#pragma once

#include "audit/flaws.h"
#include "ledger/day_note.h"
#include "tlog/tile.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace forge {

/// False, and found, when something else stands where a ledger has a folder: then nothing in it can be read.
bool has_folders(const std::string& root, Flaws& findings);

/// Looks at every name when it is made, before the lines are read: what a name needs is among the lines then, though a
/// writer goes on.
class FolderCheck {
public:
    /// `covered`: the size of a checkpoint that was read before.
    FolderCheck(std::string root, std::uint64_t covered, Flaws& findings);

    /// The lines were read; `seals` are those that they hold, `size` is how many lines there are.
    void finish(const std::vector<DayNote>& seals, std::uint64_t size);
    /// What was not looked at, private/ apart.
    const std::vector<std::string>& warnings() const noexcept { return warnings_; }

private:
    void look_in(const std::string& folder, const std::string& pattern);
    void look_at(const std::string& folder, const std::string& pattern, const std::string& name);
    void look_in_tiles(const std::string& folder, unsigned depth);
    void look_at_tile(const std::string& path, const std::string& name, unsigned depth);
    template <class Look> void each_name_of(const std::string& folder, Look look);
    void found(const std::string& file, const std::string& reason);
    void check_notes(const std::vector<DayNote>& seals);
    void check_dates();

    const std::string root_;
    const std::uint64_t covered_;
    Flaws& findings_;
    std::set<std::string> noted_;                              // days that have a note
    std::map<std::string, std::vector<std::string>> dated_;    // other files, by their day or month
    std::vector<std::string> warnings_;
    std::vector<Tile> ahead_;                                  // tiles that `covered` lines do not fill
};

}
