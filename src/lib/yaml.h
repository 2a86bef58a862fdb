// YAML files, on yaml-cpp's event parser, as JSON values that know where in the file they stand.
#pragma once

#include "base/error.h"
#include "lib/json.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// A place in a text, both from 1; columns count bytes.
struct Position {
    int line = 1;
    int column = 1;

    friend bool operator==(const Position&, const Position&) = default;
};

/// A text that is refused: where, and why.  what() is "line 3, column 5: reason".
struct YamlError : Error {
    YamlError(Position at, const std::string& reason_);

    int line;
    int column;
    std::string reason;
};

struct YamlLimits {
    std::size_t bytes = 1 << 20;
    std::size_t nodes = 10'000;   // after aliases are expanded
    int depth = 64;
};

/// One document.  Copies share the value, as Json does.
class YamlDocument {
public:
    /// A place of the value tree in document order; `end` is the index behind its last descendant.
    struct Place {
        Position key;
        Position value;
        std::uint32_t end = 0;
    };

    YamlDocument() = default;
    YamlDocument(Json value, std::vector<Place> places) : value_(std::move(value)), places_(std::move(places)) {}

    const Json& value() const noexcept { return value_; }

    /// Where the node of a JSON pointer (RFC 6901) stands: the key of a member, the first byte of an item.
    /// For a pointer to nothing: its nearest ancestor.
    Position at(std::string_view pointer) const { return place(pointer).key; }
    /// As above, but where a member's value begins ("|" of a block text).
    Position value_at(std::string_view pointer) const { return place(pointer).value; }

private:
    Place place(std::string_view pointer) const;

    Json value_{nullptr};
    std::vector<Place> places_;
};

/// One YAML 1.2 document with the core schema: plain null, true, false, integers and floats in their 1.2 forms, all
/// else is text.  Throws YamlError for broken YAML and for: bytes, nodes or depth beyond the limits, anything that is
/// not UTF-8, duplicate or non-text keys, merge keys, tags other than !!str, !!map and !!seq, several documents,
/// numbers that JSON cannot hold, control characters.  An empty text is null.
YamlDocument parse_yaml(std::string_view text, YamlLimits limits = {});

/// A strict RFC 8259 text, with the same limits but that of nodes, and the same errors.
YamlDocument parse_json_document(std::string_view text, YamlLimits limits = {});

/// "a~1b" for "a/b": one step of a JSON pointer.
std::string pointer_step(std::string_view name);

}
