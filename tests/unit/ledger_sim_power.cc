// What a power cut leaves of the disk in memory, and copies of it.
#include "ledger_sim.h"

#include <algorithm>

namespace forge::test {

namespace {

constexpr std::uint64_t sector = 512;

}

std::vector<SimIo::Change> SimIo::sectors(const Change& change)
{
    if (change.is_resize)
        return {change};
    std::vector<Change> parts;
    for (std::uint64_t at = change.offset, end = at + change.bytes.size(); at < end;) {
        const std::uint64_t next = std::min(end, (at / sector + 1) * sector);
        parts.push_back({at, change.bytes.substr(at - change.offset, next - at), false});
        at = next;
    }
    return parts;
}

std::shared_ptr<SimIo::Node> SimIo::Node::after_power_cut(const std::function<bool()>& keep) const
{
    auto left = std::make_shared<Node>();
    left->mode = mode;
    left->durable = is_tampered ? data : durable;
    if (!is_tampered)
        for (const Change& change : unsynced)
            for (const Change& part : sectors(change))
                if (keep())
                    apply(left->durable, part);
    if (left->durable.size() < data.size() && keep())
        left->durable.resize(data.size());
    left->data = left->durable;
    return left;
}

std::unique_ptr<SimIo> SimIo::after_power_cut(const std::function<bool()>& keep) const
{
    Names names = durable_names_;
    for (const NameChange& change : name_changes_)
        if (keep())
            change.apply(names);
    auto left = std::make_unique<SimIo>();
    for (const auto& [path, node] : names)
        left->files_[path] = node->after_power_cut(keep);
    left->durable_names_ = left->files_;
    left->folders_ = folders_;
    left->free_ = free_;
    return left;
}

void SimIo::cut_power(const std::function<bool()>& keep)
{
    const auto left = after_power_cut(keep);
    files_ = std::move(left->files_);
    durable_names_ = std::move(left->durable_names_);
    name_changes_.clear();
}

std::size_t SimIo::choices() const
{
    std::size_t count = name_changes_.size();
    for (const auto& [path, node] : files_) {
        for (const Change& change : node->unsynced)
            count += sectors(change).size();
        count += node->data.size() > node->durable.size() ? 1 : 0;
    }
    return count;
}

std::unique_ptr<SimIo> SimIo::copy() const
{
    auto twin = std::make_unique<SimIo>(*this);
    twin->on_step = {};
    std::map<const Node*, std::shared_ptr<Node>> twins;
    const auto twin_of = [&](std::shared_ptr<Node>& node) {
        if (!node)
            return;
        auto& made = twins[node.get()];
        if (!made)
            made = std::make_shared<Node>(*node);
        node = made;
    };
    for (Names* const names : {&twin->files_, &twin->durable_names_})
        for (auto& [path, node] : *names)
            twin_of(node);
    for (NameChange& change : twin->name_changes_)
        twin_of(change.node);
    return twin;
}

}
