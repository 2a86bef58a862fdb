// JSON values, on jansson: used as parser and as tree.  The canonical form is tlog/jcs.h, not dump().
#pragma once

#include <jansson.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace forge {

/// A JSON value.  A copy shares the value with the original (jansson counts references, atomically);
/// so a value that others may hold is not changed any more: build it, then hand it on.  A default Json is absent,
/// which is not null.  Objects keep the order in which their members were set.
class Json {
public:
    using Member = std::pair<std::string_view, Json>;

    Json() noexcept = default;
    Json(const Json& other) noexcept : value_(json_incref(other.value_)) {}
    Json(Json&& other) noexcept : value_(std::exchange(other.value_, nullptr)) {}
    Json& operator=(Json other) noexcept { std::swap(value_, other.value_); return *this; }
    ~Json() { json_decref(value_); }

    // Scalars.  A text must be UTF-8 without NUL, else Error.
    Json(std::nullptr_t) : value_(json_null()) {}
    Json(bool value) : value_(json_boolean(value)) {}
    Json(int value) : value_(json_integer(value)) {}
    Json(long value) : value_(json_integer(value)) {}
    Json(long long value) : value_(json_integer(value)) {}
    Json(unsigned value) : value_(json_integer(value)) {}
    Json(unsigned long value) : value_(json_integer(static_cast<json_int_t>(value))) {}
    Json(unsigned long long value) : value_(json_integer(static_cast<json_int_t>(value))) {}
    Json(double value);
    Json(const char* text) : Json(std::string_view{text}) {}
    Json(const std::string& text) : Json(std::string_view{text}) {}
    Json(std::string_view text);

    static Json object(std::initializer_list<Member> members = {});
    static Json array(std::initializer_list<Json> items = {});
    /// Takes over a reference that the caller owns.
    static Json adopt(json_t* value) noexcept { Json json; json.value_ = value; return json; }
    /// Shares a value that somebody else owns.
    static Json share(const json_t* value) noexcept { return adopt(json_incref(const_cast<json_t*>(value))); }

    const json_t* get() const noexcept { return value_; }
    json_t* get() noexcept { return value_; }

    explicit operator bool() const noexcept { return value_ != nullptr; }   // present
    bool is_null() const noexcept { return json_is_null(value_); }
    bool is_bool() const noexcept { return json_is_boolean(value_); }
    bool is_integer() const noexcept { return json_is_integer(value_); }
    bool is_number() const noexcept { return json_is_number(value_); }
    bool is_string() const noexcept { return json_is_string(value_); }
    bool is_array() const noexcept { return json_is_array(value_); }
    bool is_object() const noexcept { return json_is_object(value_); }

    // The value, or the given one where it has another type.
    bool as_bool(bool otherwise = false) const noexcept { return is_bool() ? json_is_true(value_) : otherwise; }
    std::int64_t as_integer(std::int64_t otherwise = 0) const noexcept { return is_integer() ? json_integer_value(value_) : otherwise; }
    double as_number(double otherwise = 0) const noexcept { return is_number() ? json_number_value(value_) : otherwise; }
    /// A view into the value: it lives as long as the value does.
    std::string_view as_text(std::string_view otherwise = {}) const noexcept;

    /// Items of an array, members of an object; else 0.
    std::size_t size() const noexcept;
    /// A member, or an absent value (also when this is no object).
    Json operator[](std::string_view name) const noexcept;
    Json operator[](const char* name) const noexcept { return (*this)[std::string_view{name}]; }
    /// An item, or an absent value (also when this is no array).
    Json at(std::size_t index) const noexcept;
    /// The members of an object in their order, the items of an array; else empty.
    std::vector<std::pair<std::string, Json>> members() const;
    std::vector<Json> items() const;

    Json& set(std::string_view name, Json value);   // an absent value is not set
    Json& remove(std::string_view name);
    Json& append(Json value);
    /// The same tree, shared with nobody.
    Json deep_copy() const { return adopt(json_deep_copy(value_)); }

    /// Equal by type and value; 1 and 1.0 differ, the order of members does not matter.
    friend bool operator==(const Json& a, const Json& b) noexcept { return json_equal(a.value_, b.value_) != 0; }

private:
    json_t* value_ = nullptr;
};

struct JsonLimits {
    int depth = 64;
    bool unique_keys = true;   // a duplicate member is an error
};

/// RFC 8259, one whole value of any type; throws Error "line 2, column 5: …".  Refused: invalid UTF-8, U+0000 in texts,
/// integers beyond 64 bits, numbers beyond double, and what the limits say.
Json parse_json(std::string_view text, JsonLimits limits = {});

/// Compact, members in their order.
std::string dump(const Json& json);
/// Indented by two blanks, for people.
std::string dump_pretty(const Json& json);

}
