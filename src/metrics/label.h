// A metric's label: which values it may have, so that no client can make series without end.
#pragma once

#include <algorithm>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <functional>
#include <unordered_map>
#include <vector>

namespace forge {

/// How a label is declared: its values, and how many more it may take in as they come.
struct LabelSpec {
    std::string name;
    std::vector<std::string> values;
    std::size_t room = 0;
};

/// The values in their order; what is none of them is "other", the last.
class Label {
public:
    explicit Label(LabelSpec spec);

    const std::string& name() const { return name_; }
    std::size_t size() const { return most_ + 1; }
    /// The value's place.  Any thread; no lock where the label takes in nothing.
    std::size_t place_of(std::string_view value);
    std::string value_at(std::size_t place) const;

private:
    struct HashText {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };
    std::size_t find(std::string_view value) const;
    std::size_t take_in(std::string_view value);

    const std::string name_;
    const std::size_t most_;
    const bool grows_;
    mutable std::shared_mutex mutex_;   // guards both below where the label grows
    std::vector<std::string> values_;
    std::unordered_map<std::string, std::size_t, HashText, std::equal_to<>> places_;
};

/// A value of a label: its text, or its place in the declaration (an integer or an enum), which is faster.
class LabelValue {
public:
    template <class Place>
        requires(std::is_integral_v<Place> || std::is_enum_v<Place>)
    LabelValue(Place place) noexcept : place_(static_cast<std::size_t>(place)), is_place_(true)
    {
    }
    LabelValue(std::string_view text) noexcept : text_(text) {}
    LabelValue(const std::string& text) noexcept : text_(text) {}
    LabelValue(const char* text) noexcept : text_(text) {}

    /// A place beyond the label is "other".
    std::size_t place_in(Label& label) const
    {
        return is_place_ ? std::min(place_, label.size() - 1) : label.place_of(text_);
    }

private:
    std::string_view text_;
    std::size_t place_ = 0;
    bool is_place_ = false;
};

}
