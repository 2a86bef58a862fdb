// Families of series and their cells.
#include "metrics/metric_set.h"

#include <algorithm>
#include <cassert>

namespace forge {

namespace {

/// A label's value as the text format wants it.
std::string escaped(std::string_view value)
{
    std::string text;
    for (const char c : value) {
        if (c == '\\' || c == '"')
            text += '\\';
        text += c == '\n' ? "\\n" : std::string(1, c);
    }
    return text;
}

void write_gauge(std::uint64_t* cells, std::int64_t value, std::uint64_t stamp)
{
    std::atomic_ref{cells[0]}.store(static_cast<std::uint64_t>(value), std::memory_order_relaxed);
    std::atomic_ref{cells[1]}.store(stamp, std::memory_order_relaxed);
}

/// When a gauge was written; the monotonic clock is the same for all processes.
std::uint64_t stamp_now()
{
    return static_cast<std::uint64_t>(steady_now().time_since_epoch().count());
}

}

Family::Family(MetricFile& file, std::string name, std::string help, SeriesShape shape, std::vector<LabelSpec> labels)
    : file_(file), name_(std::move(name)), help_(std::move(help)), shape_(std::move(shape))
{
    for (LabelSpec& spec : labels)
        size_ *= labels_.emplace_back(std::move(spec)).size();
    known_ = std::make_unique<std::atomic<std::uint64_t*>[]>(size_);
}

std::size_t Family::place(std::initializer_list<LabelValue> values)
{
    assert(values.size() == labels_.size());
    std::size_t place = 0;
    auto label = labels_.begin();
    for (const LabelValue& value : values) {
        place = place * label->size() + value.place_in(*label);
        ++label;
    }
    return place;
}

std::string Family::key(std::size_t place) const
{
    std::string inner;
    for (auto label = labels_.rbegin(); label != labels_.rend(); ++label) {
        const std::string value = label->value_at(place % label->size());
        inner = label->name() + "=\"" + escaped(value) + "\"" + (inner.empty() ? "" : ",") + inner;
        place /= label->size();
    }
    return labels_.empty() ? name_ : name_ + "{" + inner + "}";
}

std::uint64_t* Family::cells_at(std::size_t place)
{
    std::uint64_t* cells = known_[place].load(std::memory_order_acquire);
    if (!cells) {
        cells = file_.cells(key(place), shape_).data();
        known_[place].store(cells, std::memory_order_release);
    }
    return cells;
}

void Gauge::Cell::set(std::int64_t value) const noexcept
{
    write_gauge(cells_, value, stamp_now());
}

void StateGauge::set(LabelValue state) const
{
    const std::uint64_t* const chosen = family_.cells({state});
    const std::uint64_t stamp = stamp_now();
    for (std::size_t place = 0; place + 1 < family_.size(); ++place) {
        std::uint64_t* const cells = family_.cells_at(place);
        write_gauge(cells, cells == chosen, stamp);
    }
}

void Histogram::Cell::observe(Micros value) const noexcept
{
    const auto bucket = static_cast<std::size_t>(std::ranges::lower_bound(bounds_, value.count()) - bounds_.begin());
    const auto sum = static_cast<std::uint64_t>(std::max<Micros::rep>(value.count(), 0));
    std::atomic_ref{cells_[bucket]}.fetch_add(1, std::memory_order_relaxed);
    std::atomic_ref{cells_[bounds_.size() + 1]}.fetch_add(sum, std::memory_order_relaxed);
}

Family& MetricSet::family(std::string name, std::string help, SeriesShape shape, Labels labels)
{
    return families_.emplace_back(file_, std::move(name), std::move(help), std::move(shape), std::move(labels));
}

Counter MetricSet::counter(std::string name, std::string help, Labels labels)
{
    return Counter{family(std::move(name), std::move(help), {}, std::move(labels))};
}

Counter MetricSet::counter_of(int decimals, std::string name, std::string help, Labels labels)
{
    const SeriesShape shape{.decimals = static_cast<std::uint8_t>(decimals)};
    return Counter{family(std::move(name), std::move(help), shape, std::move(labels))};
}

Gauge MetricSet::gauge(std::string name, std::string help, MetricKind merged, Labels labels)
{
    return Gauge{family(std::move(name), std::move(help), {.kind = merged}, std::move(labels))};
}

StateGauge MetricSet::state(std::string name, std::string help, LabelSpec states)
{
    return StateGauge{family(std::move(name), std::move(help), {.kind = MetricKind::state}, {std::move(states)})};
}

Histogram MetricSet::histogram(std::string name, std::string help, std::vector<Micros> bounds, Labels labels)
{
    SeriesShape shape{.kind = MetricKind::histogram, .decimals = 6, .bounds = {}};
    for (const Micros bound : bounds)
        shape.bounds.push_back(bound.count());
    return Histogram{family(std::move(name), std::move(help), std::move(shape), std::move(labels))};
}

}
