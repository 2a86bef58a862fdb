// Merging the series of all processes, and Prometheus' text format.
#include <algorithm>
#include <map>

#include "metrics/metric_set.h"

namespace forge {

namespace {

struct Merged {
    SeriesShape shape;
    std::vector<std::uint64_t> cells;
};

using MergedSeries = std::map<std::string, Merged>;   // sorted: the series of a family follow each other

std::string family_of(const std::string& key)
{
    return key.substr(0, key.find('{'));
}

bool same_shape(const SeriesShape& a, const SeriesShape& b)
{
    return a.kind == b.kind && a.decimals == b.decimals && a.bounds == b.bounds;
}

void merge(Merged& into, const std::vector<std::uint64_t>& cells)
{
    switch (into.shape.kind) {
    case MetricKind::counter:
    case MetricKind::histogram:
    case MetricKind::sum:
        for (std::size_t i = 0; i < cells.size(); ++i)
            into.cells[i] += cells[i];
        break;
    case MetricKind::most:
        if (static_cast<std::int64_t>(cells[0]) > static_cast<std::int64_t>(into.cells[0]))
            into.cells = cells;
        break;
    case MetricKind::latest:
    case MetricKind::state:
        if (cells[1] > into.cells[1])
            into.cells = cells;
        break;
    }
}

/// Of the series of a state, all but the one set last become 0.
void settle_states(MergedSeries& all)
{
    std::map<std::string, Merged*> newest;
    for (auto& [key, series] : all)
        if (series.shape.kind == MetricKind::state) {
            Merged*& best = newest[family_of(key)];
            if (!best || series.cells[1] > best->cells[1])
                best = &series;
        }
    for (auto& [key, series] : all)
        if (series.shape.kind == MetricKind::state)
            series.cells[0] = newest[family_of(key)] == &series && series.cells[1] != 0;
}

/// Whether what the series says still holds.
bool holds(const Series& series)
{
    switch (series.shape.kind) {
    case MetricKind::counter:
    case MetricKind::histogram: return true;
    case MetricKind::sum: return series.alive;
    default: return series.alive && series.cells[1] != 0;   // a stamp of 0: taken over from a dead process, not set yet
    }
}

MergedSeries merged(std::vector<Series> all)
{
    MergedSeries result;
    for (Series& series : all) {
        if (!holds(series))
            continue;
        if (series.shape.kind == MetricKind::state && series.cells[0] == 0)
            series.cells[1] = 0;   // only a series that is 1 competes
        const auto [at, is_new] = result.try_emplace(series.key, Merged{series.shape, series.cells});
        if (!is_new && same_shape(at->second.shape, series.shape))
            merge(at->second, series.cells);
    }
    settle_states(result);
    return result;
}

/// An integer in units of 10^-decimals.
std::string decimal(std::int64_t value, int decimals)
{
    std::string digits = std::to_string(value < 0 ? -value : value);
    if (decimals != 0) {
        const auto places = static_cast<std::size_t>(decimals);
        digits.insert(0, std::max(places + 1, digits.size()) - digits.size(), '0');
        digits.insert(digits.size() - places, ".");
        digits.erase(digits.find_last_not_of('0') + 1);
        if (digits.ends_with('.'))
            digits.pop_back();
    }
    return value < 0 ? "-" + digits : digits;
}

void write_histogram(std::string& out, const std::string& key, const Merged& series)
{
    const std::string name = family_of(key);
    const std::string braced = key.substr(name.size());
    const std::string labels = braced.empty() ? "" : braced.substr(1, braced.size() - 2);
    const std::size_t buckets = series.shape.bounds.size();
    std::uint64_t count = 0;
    for (std::size_t i = 0; i <= buckets; ++i) {
        count += series.cells[i];
        const std::string bound = i < buckets ? decimal(series.shape.bounds[i], series.shape.decimals) : "+Inf";
        out += name + "_bucket{" + labels + (labels.empty() ? "" : ",") + "le=\"" + bound + "\"} "
               + std::to_string(count) + "\n";
    }
    const auto sum = static_cast<std::int64_t>(series.cells[buckets + 1]);
    out += name + "_sum" + braced + " " + decimal(sum, series.shape.decimals) + "\n";
    out += name + "_count" + braced + " " + std::to_string(count) + "\n";
}

const char* type_of(MetricKind kind)
{
    return kind == MetricKind::counter ? "counter" : kind == MetricKind::histogram ? "histogram" : "gauge";
}

}

std::string MetricSet::exposition() const
{
    std::string out;
    std::string current;
    for (const auto& [key, series] : merged(read_metric_files(file_.folder()))) {
        if (const std::string name = family_of(key); name != current) {
            current = name;
            const auto known = std::ranges::find(families_, name, &Family::name);
            if (known != families_.end())   // else: a metric of another version that still runs
                out += "# HELP " + name + " " + known->help() + "\n";
            out += "# TYPE " + name + " " + type_of(series.shape.kind) + "\n";
        }
        if (series.shape.kind == MetricKind::histogram)
            write_histogram(out, key, series);
        else
            out += key + " " + decimal(static_cast<std::int64_t>(series.cells[0]), series.shape.decimals) + "\n";
    }
    return out;
}

}
