// A file of items of one size behind a header of the same size, mapped for its one writer.
#pragma once

#include "ledger/event_record.h"
#include "os/shared_memory.h"

#include <string>

namespace forge {

class IndexTable {
public:
    IndexTable(std::string path, std::size_t item_size) : path_(std::move(path)), item_size_(item_size) {}

    /// Maps the file; false when it is missing, no such table, or may have lost bytes in a power cut.
    bool open();
    /// An empty table in the place of the file, which readers may still have mapped.  Throws SystemError.
    void create(std::uint64_t generation);
    /// Makes room for `count` items; false when the disk does not give it.
    bool reserve(std::uint64_t count);
    /// The items below `count` are complete.
    void publish(std::uint64_t count);
    /// Notes that a writer is at work, or that all is on disk.  Throws SystemError.
    void mark_clean(bool clean);

    std::uint64_t count() const { return header().count; }
    std::uint64_t generation() const { return header().generation; }
    template <class Item>
    Item& at(std::uint64_t ordinal)
    {
        return *reinterpret_cast<Item*>(mapping_.data() + (ordinal + 1) * item_size_);
    }

private:
    const IndexHeader& header() const { return *reinterpret_cast<const IndexHeader*>(mapping_.data()); }
    IndexHeader& header() { return *reinterpret_cast<IndexHeader*>(mapping_.data()); }

    std::string path_;
    std::size_t item_size_;
    Mapping mapping_;
};

/// True when a mapping begins with the header of a table with such items.
bool is_index_table(const Mapping& mapping, std::size_t item_size);

}
