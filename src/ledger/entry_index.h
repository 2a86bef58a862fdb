// Where each line stands, and which line has an id: three columns of 8 bytes an entry, derived from the shards.
//   index/off.u64      day (days since 1970, 16 bits) and byte offset in its shard (48 bits)
//   index/ids.u64      the first 8 bytes of SHA-256(id)
//   index/private.u64  1 + offset of the entry's first line in its day's sidecar, 0 where it has no private values
// Numbers are little-endian.
#pragma once

#include "ledger/growing_file.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

struct LinePlace {
    std::string day;              // "2026-11-23"
    std::uint64_t offset;
    std::optional<std::uint64_t> private_offset;
};

/// The first 8 bytes of SHA-256(id), least first.
std::uint64_t hash_of_id(std::string_view id);

class EntryIndex {
public:
    EntryIndex(Io& io, const std::string& folder);

    /// Entries that all three columns have.
    std::uint64_t size() const noexcept { return size_; }
    /// Forgets what is beyond, and reads the ids into memory.
    void start(std::uint64_t size);

    /// Makes sure that so many more can be written.  Throws as GrowingFile.
    void reserve(std::uint64_t count);
    void add(std::uint64_t id_hash, const LinePlace& place);
    /// Writes what was added.  Throws as GrowingFile; what was added stays and is written by the next call.
    void write();
    void sync();

    /// The first line among those whose id may have this hash for which `is_it` is true.
    std::optional<std::uint64_t> find(std::uint64_t id_hash, const std::function<bool(std::uint64_t)>& is_it) const;
    LinePlace place(std::uint64_t seq);

private:
    struct Column {
        Column(Io& io, const std::string& path) : file(io, path, 0640) {}
        std::uint64_t at(std::uint64_t seq);
        void write();
        GrowingFile file;
        std::string unwritten{};
    };
    void remember(std::uint64_t hash, std::uint64_t seq);
    void fill_slots(std::size_t count);

    Column offsets_;
    Column ids_;
    Column private_;
    std::uint64_t size_;
    // Open addressing: each slot has the hash's upper 24 bits and 1 + seq in the lower 40; 0 is empty.  A hash that
    // agrees in the slot's place and those bits is only a hint: the line decides.
    std::vector<std::uint64_t> slots_;
};

/// Days since 1970 of "2026-11-23", and back.
std::uint16_t day_number(const std::string& day);
std::string day_name(std::uint16_t number);

}
