// The base of a table of metrics: each is declared by one line, and adding to it is one atomic addition.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "metrics/label.h"
#include "metrics/store.h"

namespace forge {

/// All series of one name.  A series gets its cells in the file when it is first used.
class Family {
public:
    Family(MetricFile& file, std::string name, std::string help, SeriesShape shape, std::vector<LabelSpec> labels);

    const std::string& name() const { return name_; }
    const std::string& help() const { return help_; }
    const SeriesShape& shape() const { return shape_; }

    /// The cells of the series with these label values, in the order of the declaration.  Any thread.
    std::uint64_t* cells(std::initializer_list<LabelValue> values) { return cells_at(place(values)); }
    std::uint64_t* cells_at(std::size_t place);
    /// How many series there can be; places go from 0 to it.
    std::size_t size() const { return size_; }

private:
    std::size_t place(std::initializer_list<LabelValue> values);
    std::string key(std::size_t place) const;

    MetricFile& file_;
    const std::string name_;
    const std::string help_;
    const SeriesShape shape_;
    std::deque<Label> labels_;
    std::size_t size_ = 1;
    std::unique_ptr<std::atomic<std::uint64_t*>[]> known_;
};

/// `++metrics.requests(route, status)`, `metrics.bytes() += n`
class Counter {
public:
    class Cell {
    public:
        explicit Cell(std::uint64_t* cell) noexcept : cell_(cell) {}
        void operator++() const noexcept { *this += 1; }
        void operator+=(std::uint64_t count) const noexcept
        {
            std::atomic_ref{*cell_}.fetch_add(count, std::memory_order_relaxed);
        }

    private:
        std::uint64_t* cell_;
    };

    explicit Counter(Family& family) : family_(family) {}
    template <class... Labels>
    Cell operator()(Labels&&... labels) const { return Cell{family_.cells({LabelValue{labels}...})}; }

private:
    Family& family_;
};

/// `++metrics.connections()`, `metrics.entries().set(n)`
class Gauge {
public:
    class Cell {
    public:
        explicit Cell(std::uint64_t* cells) noexcept : cells_(cells) {}
        void set(std::int64_t value) const noexcept;
        void operator++() const noexcept { add(1); }
        void operator--() const noexcept { add(-1); }
        void add(std::int64_t count) const noexcept
        {
            std::atomic_ref{*cells_}.fetch_add(static_cast<std::uint64_t>(count), std::memory_order_relaxed);
        }

    private:
        std::uint64_t* cells_;
    };

    explicit Gauge(Family& family) : family_(family) {}
    template <class... Labels>
    Cell operator()(Labels&&... labels) const { return Cell{family_.cells({LabelValue{labels}...})}; }

private:
    Family& family_;
};

/// `metrics.mode.set(GuardianMode::agent)`: of the label's values one is 1, the others are 0.
class StateGauge {
public:
    explicit StateGauge(Family& family) : family_(family) {}
    void set(LabelValue state) const;

private:
    Family& family_;
};

/// `metrics.duration(route).observe(took)`
class Histogram {
public:
    class Cell {
    public:
        Cell(std::uint64_t* cells, std::span<const std::int64_t> bounds) noexcept : cells_(cells), bounds_(bounds) {}
        void observe(Micros value) const noexcept;

    private:
        std::uint64_t* cells_;
        std::span<const std::int64_t> bounds_;
    };

    explicit Histogram(Family& family) : family_(family) {}
    template <class... Labels>
    Cell operator()(Labels&&... labels) const
    {
        return {family_.cells({LabelValue{labels}...}), family_.shape().bounds};
    }

private:
    Family& family_;
};

/// Derive from it, one member per metric.
class MetricSet {
public:
    MetricSet(const std::string& folder, const std::string& name) : file_(folder, name) {}
    MetricSet(const MetricSet&) = delete;
    MetricSet& operator=(const MetricSet&) = delete;

    /// What all processes with metrics in the folder have counted, in Prometheus' text format (0.0.4).  Any thread.
    std::string exposition() const;

protected:
    using Labels = std::vector<LabelSpec>;

    Counter counter(std::string name, std::string help, Labels labels = {});
    /// Counts in units of 10^-decimals of what it shows.
    Counter counter_of(int decimals, std::string name, std::string help, Labels labels);
    Gauge gauge(std::string name, std::string help, MetricKind merged, Labels labels = {});
    StateGauge state(std::string name, std::string help, LabelSpec states);
    /// Of durations, shown in seconds.
    Histogram histogram(std::string name, std::string help, std::vector<Micros> bounds, Labels labels = {});

private:
    Family& family(std::string name, std::string help, SeriesShape shape, Labels labels);

    MetricFile file_;
    std::deque<Family> families_;
};

constexpr const char* exposition_type = "text/plain; version=0.0.4; charset=utf-8";

}
