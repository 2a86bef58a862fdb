// Reads the index of events (event_record.h) while its writer goes on.
#pragma once

#include "base/clock.h"
#include "base/guarded.h"
#include "ledger/event_record.h"
#include "os/shared_memory.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// The index as it is at one moment: lines below size() do not change but in their status.  Any thread.
class EventIndexView {
public:
    std::uint64_t size() const noexcept { return size_; }
    const EventRecord& record(std::uint64_t seq) const noexcept;

    /// The day ("2026-11-23") and byte offset of a line.
    std::string day(std::uint64_t seq) const;
    std::uint64_t offset(std::uint64_t seq) const noexcept;
    RunStatus status(std::uint64_t seq) const noexcept;
    /// The line that finished the run started here, or started the one finished here; below size().
    std::optional<std::uint64_t> other(std::uint64_t seq) const noexcept;

    /// A line that has this id; by 8 bytes of its hash: the line itself decides.
    std::optional<std::uint64_t> find(std::string_view id) const;
    /// The first line at or after a time.
    std::uint64_t first_since(WallTime time) const;

    /// A name's number, 0 where no line has it.
    Link name(NameKind kind, std::string_view text) const;
    std::string_view name_text(Link name) const noexcept;
    /// The newest run that was started with this idempotency tag (hex).
    std::optional<std::uint64_t> idempotent_run(std::string_view tag) const;
    /// Every name of a kind.
    std::vector<Link> names(NameKind kind) const;
    /// The newest line of a name's chain, then the ones before it; nothing at the end.
    std::optional<std::uint64_t> newest(Link name, Chain chain) const noexcept;
    std::optional<std::uint64_t> previous(std::uint64_t seq, Chain chain) const noexcept;
    /// How many lines a name's chain has.
    std::uint64_t chain_size(Link name, Chain chain) const noexcept;

private:
    friend class EventIndex;
    struct Files {
        Mapping events;
        Mapping names;
    };
    const NameRecord& name_record(std::uint64_t ordinal) const noexcept;
    std::uint64_t name_count() const noexcept;
    bool is_in_chain(std::uint64_t seq, Link name, Chain chain) const noexcept;

    std::shared_ptr<const Files> files_;
    std::uint64_t size_ = 0;
};

/// The index in a folder; follows its growth and its replacement.  Any thread.
class EventIndex {
public:
    explicit EventIndex(std::string folder) : folder_(std::move(folder)) {}

    /// Throws Error when there is no index, or no whole one.
    EventIndexView view();

private:
    struct Current {
        std::shared_ptr<const EventIndexView::Files> files{};
        std::uint64_t inode = 0;
    };
    std::shared_ptr<const EventIndexView::Files> mapped() const;

    std::string folder_;
    Guarded<Current> current_;
};

}
