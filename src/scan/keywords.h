// A fast first look: where in a text any of many keywords stands.
#pragma once

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace forge {

/// Looks at each four bytes of a text through one small table (1 to 2 GB/s), and closer only where they may begin a
/// keyword.  Letters of either case are the same, and so are a few pairs of other characters: it is a filter only.
class Keywords {
public:
    /// At least three characters; `id` is what a hit reports.
    void add(std::string_view keyword, std::size_t id);

    /// Calls hit(position, id) for each place in [from, until) where a keyword begins, from left to right, until it
    /// returns false.
    template <class Hit>
    void each(std::string_view text, std::size_t from, std::size_t until, Hit&& hit) const
    {
        for (std::size_t i = from; i < until && i + 4 <= text.size(); ++i) {
            const auto window = folded(text.data() + i);
            if (!seen_[slot(window)])
                continue;
            const auto found = by_window_.find(window);
            if (found == by_window_.end())
                continue;
            for (const auto& entry : found->second)
                if (stands_at(text, i, entry.keyword) && !hit(i, entry.id))
                    return;
        }
    }

private:
    struct Entry {
        std::string keyword;
        std::size_t id;
    };

    static constexpr unsigned slot_bits = 18;   // 32 KiB: fits the first cache
    static constexpr unsigned char case_bit = 0x20;

    static std::uint32_t folded(const char* bytes)
    {
        std::uint32_t window;
        std::memcpy(&window, bytes, sizeof window);
        return window | 0x20202020u;
    }
    static std::size_t slot(std::uint32_t window) { return (window * 0x9e3779b1u) >> (32 - slot_bits); }
    static bool stands_at(std::string_view text, std::size_t position, std::string_view keyword);
    void add_window(const char* bytes, std::string_view keyword, std::size_t id);

    std::bitset<std::size_t{1} << slot_bits> seen_;
    std::unordered_map<std::uint32_t, std::vector<Entry>> by_window_;
};

/// Keywords of which a text's end may hold only the beginning.
class KeywordBeginnings {
public:
    /// Whether letters of either case are the same, as for Keywords.
    explicit KeywordBeginnings(bool either_case) : fold_(either_case ? 0x20 : 0) {}

    void add(std::string_view keyword);

    /// Calls hit(position) for each place from which the text's rest is the beginning of a keyword, from left to right,
    /// until it returns false.  A keyword that is there whole counts only if Keywords needs one more byte to see it.
    template <class Hit>
    void each(std::string_view text, Hit&& hit) const
    {
        const std::string end = folded(text.substr(text.size() - std::min(text.size(), longest_)));
        for (std::size_t i = 0; i < end.size(); ++i)
            if (starts_[static_cast<unsigned char>(end[i])] && is_beginning(std::string_view{end}.substr(i))
                && !hit(text.size() - end.size() + i))
                return;
    }

private:
    std::string folded(std::string_view text) const;
    bool is_beginning(std::string_view text) const;

    const int fold_;
    std::set<std::string, std::less<>> keywords_;   // folded
    std::bitset<256> starts_;                       // their first bytes
    std::size_t longest_ = 0;
};

}
