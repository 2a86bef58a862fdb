// The bytes of the index of events: what queries need of each line, derived from the shards.  Two files below index/:
//   events.idx   a header of 96 bytes and one record of 96 bytes a line, in order
//   names.idx    a header of 128 bytes and 128 bytes for each type, template, profile, subject tag and idempotency tag that occurs
// Numbers are little-endian.  A header's count is written last; what is below it changes in links and status only.
// Nothing is synced while it grows: after a power cut it is made anew, after a killed process it goes on.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

enum class RunStatus : std::uint32_t { none, running, ok, invalid, failed, cancelled, unknown };
std::string_view name_of(RunStatus status);   // "ok"; empty for none
RunStatus run_status(std::string_view name);  // none for any other text

/// Of idem, the tag of an Idempotency-Key (its first 32 hex digits), a name has the newest run only.
enum class NameKind : std::uint16_t { type, template_id, profile, subject, status, idem };
constexpr std::size_t name_kinds = 4;   // that stand in a line's record; its status stands there as a number
constexpr std::size_t idem_digits = 32;

/// At the begin of both files; the rest up to the first item is zero.
struct IndexHeader {
    char magic[8];
    std::uint64_t generation;   // random, the same in both files
    std::uint64_t count;        // items that may be read
    std::uint32_t clean;        // 1: closed and synced
    std::uint32_t item_size;
    char boot[40];              // /proc/sys/kernel/random/boot_id of the last writer
};

/// A link is 1 + ordinal of another item, 0 where there is none.
using Link = std::uint32_t;

/// One line.
struct EventRecord {
    std::uint64_t key;            // first 8 bytes of SHA-256(id)
    std::uint64_t place;          // days since 1970 (16 bits), byte offset in the day's shard (48)
    std::int64_t ts;              // microseconds since 1970
    std::uint64_t leaf;           // first 8 bytes of the leaf hash
    std::uint32_t length;         // of the line without its LF
    Link names[name_kinds];
    Link other;                   // run.started: its run.finished, and the other way
    std::uint32_t status;         // RunStatus; of run.started: as it is now
    Link children[4];             // the keys are a digital search tree, two bits a level, lowest first
    Link previous[3];             // the line before with the same type; template (run.started) or status (run.finished); subject
    std::uint32_t ordinal[2];     // how many lines the first two of these chains have up to here
};
static_assert(sizeof(EventRecord) == 96);

/// Which of `previous` and `ordinal` belongs to a kind of name.
/// A run.started has a template in the second one, a run.finished its status: no line has both.
enum Chain : std::size_t { by_type, by_template, by_subject, by_status = by_template };

/// One name.
struct NameRecord {
    std::uint64_t key;            // first 8 bytes of SHA-256(kind, text)
    Link newest;                  // the newest line of its chain
    std::uint16_t kind;
    std::uint16_t length;
    Link children[4];
    char text[96];                // a longer one: see stored_name
};
static_assert(sizeof(NameRecord) == 128);

/// The first 8 bytes of SHA-256, first byte uppermost.
std::uint64_t short_hash(std::string_view text);
std::uint64_t name_key(NameKind kind, std::string_view text);
/// The text itself, or the first 60 bytes, "#" and 32 hex digits of a long one's hash.
std::string stored_name(std::string_view text);

/// Links and counts that one process changes while others read them.
template <class Number>
Number loaded(const Number& number) noexcept
{
    return std::atomic_ref<Number>{const_cast<Number&>(number)}.load(std::memory_order_acquire);
}
template <class Number>
void store(Number& number, Number value) noexcept
{
    std::atomic_ref<Number>{number}.store(value, std::memory_order_release);
}

/// The ordinal of an item below `count` with this key for which `is_it` is true; `item(i)` gives item i.
template <class GiveItem, class IsIt>
std::optional<std::uint32_t> find_by_key(std::uint64_t key, std::uint64_t count, GiveItem item, IsIt is_it)
{
    std::uint64_t bits = key;
    for (std::uint64_t at = 0; at < count; bits >>= 2) {
        if (item(at).key == key && is_it(static_cast<std::uint32_t>(at)))
            return static_cast<std::uint32_t>(at);
        const Link child = loaded(item(at).children[bits & 3]);
        if (child == 0)
            break;
        at = child - 1;
    }
    return std::nullopt;
}

/// The items of a tree's level `shortcut_levels` by the bits that lead there, as far as a writer has met them: the way
/// from the root would be as many misses of the processor's cache.  4 MiB.
constexpr unsigned shortcut_levels = 10;
class Shortcuts {
public:
    Link& place(std::uint64_t key) { return links_[key & (links_.size() - 1)]; }

private:
    std::vector<Link> links_ = std::vector<Link>(std::size_t{1} << 2 * shortcut_levels);
};

/// Hangs item `ordinal` into the tree of those before it; again does nothing.  `shortcut` is the place for its key.
template <class GiveItem>
void link_key(std::uint32_t ordinal, GiveItem item, Link& shortcut)
{
    unsigned level = shortcut == 0 ? 0 : shortcut_levels;
    std::uint32_t at = shortcut == 0 ? 0 : shortcut - 1;
    for (std::uint64_t bits = item(ordinal).key >> 2 * level; at != ordinal; bits >>= 2) {
        Link& child = item(at).children[bits & 3];
        if (child == 0)
            store(child, ordinal + 1);
        at = child - 1;
        if (++level == shortcut_levels)
            shortcut = child;
    }
}
template <class GiveItem>
void link_key(std::uint32_t ordinal, GiveItem item)
{
    Link none = 0;
    link_key(ordinal, item, none);
}

}
