// What a verification found.
#include "audit/flaws.h"

namespace forge {

namespace {

constexpr std::size_t kept = 1000;
constexpr FlawKind by_weight[] = {FlawKind::outside, FlawKind::contradiction, FlawKind::log,
                                     FlawKind::incomplete};
}

void Flaws::add(FlawKind kind, std::string file, std::uint64_t line, std::string reason)
{
    kinds_.insert(kind);
    if (line != 0 && has(file, line))
        return;
    ++total_;
    if (list_.size() >= kept)
        return;
    places_.emplace(file, line);
    list_.push_back({kind, std::move(file), line, std::move(reason)});
}

bool Flaws::has(const std::string& file, std::uint64_t line) const
{
    const auto found = places_.lower_bound({file, line});
    return found != places_.end() && found->first == file && (line == 0 || found->second == line);
}

int Flaws::exit_code() const noexcept
{
    for (const FlawKind kind : by_weight)
        if (kinds_.contains(kind))
            return static_cast<int>(kind);
    return 0;
}

}
