// The data keys of private values as a verification sees them: unwrapped, where the key-encryption key can be read.
#pragma once

#include "audit/flaws.h"
#include "audit/late_file.h"
#include "audit/private_lines.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace forge {

class ValueKeys {
public:
    struct Key {
        std::array<char, 32> bytes{};
        Hash subject{};
        std::uint64_t line = 0;      // in its file
        bool is_broken = false;      // what it holds cannot be told; that is found
        std::uint32_t same = 0;      // values of this key that have its subject, and those that have another
        std::uint32_t other = 0;
    };

    ValueKeys(std::string root, Flaws& findings);

    /// "2026-11"
    void begin_month(const std::string& month);
    /// Nothing where the month has no such key.  Keys may come while this reads, and the file may be replaced.
    Key* find(const KeyId& id);
    /// After a find(): whether state/kek could be read.
    bool can_open() const noexcept { return kek_.has_value(); }
    /// A value of the key stands in this line.
    void note_subject(const KeyId& id, Key& key, const Hash& subject, const std::string& file, std::uint64_t line);
    const std::string& file() const noexcept { return lines_.file(); }
    void finish();

private:
    struct HashOfId {
        std::size_t operator()(const KeyId& id) const noexcept
        {
            std::size_t hash = 0;
            std::memcpy(&hash, id.data(), sizeof hash);
            return hash;
        }
    };
    struct Place {
        std::string file;
        std::uint64_t line;
    };
    struct OtherSubject {
        KeyId key;
        Place place;
    };
    void read_kek();
    void take(std::string_view line);
    void unwrap(const KeyLine& line, Key& key);
    void found_broken(std::uint64_t line);
    void settle_last();
    void settle_subjects();

    const std::string root_;
    Flaws& findings_;
    std::optional<std::string> kek_;
    bool has_looked_for_kek_ = false;
    LateFile lines_;
    std::uint64_t broken_last_ = 0;     // the last line, when it is no key: a crash may have torn it before it was used
    std::unordered_map<KeyId, Key, HashOfId> keys_;
    std::uint64_t opened_ = 0;          // of all months
    std::uint64_t broken_ = 0;
    std::vector<Place> broken_places_;  // held back until one was opened
    std::vector<OtherSubject> subjects_;
};

}
