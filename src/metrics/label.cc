// A metric's label.
#include "metrics/label.h"

#include <mutex>

namespace forge {

Label::Label(LabelSpec spec)
    : name_(std::move(spec.name)), most_(spec.values.size() + spec.room), grows_(spec.room != 0),
      values_(std::move(spec.values))
{
    for (std::size_t i = 0; i < values_.size(); ++i)
        places_.emplace(values_[i], i);
}

std::size_t Label::find(std::string_view value) const
{
    const auto at = places_.find(value);
    return at == places_.end() ? most_ : at->second;
}

std::size_t Label::place_of(std::string_view value)
{
    if (!grows_)
        return find(value);
    {
        const std::shared_lock lock{mutex_};
        if (const auto place = find(value); place != most_ || values_.size() == most_)
            return place;
    }
    return take_in(value);
}

std::size_t Label::take_in(std::string_view value)
{
    const std::lock_guard lock{mutex_};
    if (const auto place = find(value); place != most_ || values_.size() == most_)
        return place;
    values_.emplace_back(value);
    places_.emplace(value, values_.size() - 1);
    return values_.size() - 1;
}

std::string Label::value_at(std::size_t place) const
{
    const std::shared_lock lock{mutex_};
    return place < values_.size() ? values_[place] : "other";
}

}
