// Lines of private/D.jsonl and private/keys/M.jsonl in their only form: one that differs in any byte is none.
#pragma once

#include "lib/crypto.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace forge {

using KeyId = std::array<unsigned char, 16>;

/// A data key as it is stored.
struct KeyLine {
    KeyId id;
    std::string_view id_text;
    std::string nonce;        // 12 bytes
    Hash subject;
    std::string wrapped;
};
std::optional<KeyLine> parse_key_line(std::string_view line);

/// A private value as it is stored, or what is left of one that was erased: then only name and seq are set.
struct ValueLine {
    std::uint64_t seq = 0;
    std::string_view name;
    KeyId key{};
    std::string nonce{};             // 12 bytes
    Hash subject{};
    std::string_view sealed{};       // base64
    bool is_erased = false;
};
std::optional<ValueLine> parse_value_line(std::string_view line);

}
