// One value held against one compiled schema, in bounded steps and depth.
#include "schema/evaluation.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace forge::schema {

namespace {

// "must have evidence or text" where each alternative lacks one member only; nothing elsewhere.
std::string missing_members(const std::vector<std::vector<Issue>>& alternatives, const std::string& path)
{
    std::vector<std::string> names;
    for (const auto& issues : alternatives) {
        if (issues.size() != 1 || issues.front().message != "is required" || !issues.front().path.starts_with(path + "/"))
            return {};
        names.push_back(issues.front().path.substr(path.size() + 1));
    }
    return "must have " + join(names, " or ");
}

// Sets a variable for as long as the scope lasts.
template <class T>
class Restored {
public:
    Restored(T& variable, T value) : variable_(variable), old_(std::exchange(variable, std::move(value))) {}
    ~Restored() { variable_ = std::move(old_); }
    Restored(const Restored&) = delete;
    Restored& operator=(const Restored&) = delete;

private:
    T& variable_;
    T old_;
};

template <class T>
void append(std::vector<T>& to, std::vector<T>&& from)
{
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}

bool Evaluated::has(std::string_view name) const
{
    return all || std::ranges::find(members, name) != members.end();
}

bool Evaluated::has(std::size_t index) const
{
    return all || index < first_items || std::ranges::find(items, index) != items.end();
}

void Evaluated::add(Evaluated&& other)
{
    all = all || other.all;
    append(members, std::move(other.members));
    first_items = std::max(first_items, other.first_items);
    append(items, std::move(other.items));
}

std::string pointer_of(const Instance& at)
{
    if (!at.holder)
        return {};
    return pointer_to(pointer_of(*at.holder), at.name.data() ? std::string{at.name} : std::to_string(at.index));
}

void Evaluation::spend(std::size_t steps)
{
    steps_ += steps;
    if (steps_ > limits_.steps)
        throw TooComplex{};
}

bool Evaluation::apply(const Node& node, const Instance& at)
{
    if (!tracks_)
        return run(node, at);
    Evaluated own;
    bool valid = false;
    {
        const Restored scope{evaluated_, &own};
        valid = run(node, at);
    }
    if (valid && evaluated_)
        evaluated_->add(std::move(own));
    return valid;
}

bool Evaluation::descend(const Node& node, const Instance& at)
{
    if (!tracks_)
        return run(node, at);
    Evaluated own;
    const Restored scope{evaluated_, &own};
    return run(node, at);
}

bool Evaluation::quietly_applies(const Node& node, const Instance& at)
{
    const Restored quiet{quiet_, true};
    return apply(node, at);
}

bool Evaluation::quietly_descends(const Node& node, const Instance& at)
{
    const Restored quiet{quiet_, true};
    return descend(node, at);
}

bool Evaluation::run(const Node& node, const Instance& at)
{
    spend(1);
    if (++depth_ > limits_.depth)
        throw TooComplex{};
    const bool enters = scope_.empty() || scope_.back() != node.resource;
    if (enters)
        scope_.push_back(node.resource);
    const auto found_before = found_.size();

    const bool valid = check_all(node, at);

    if (!valid)
        found_.resize(found_before);
    if (enters)
        scope_.pop_back();
    --depth_;
    return valid;
}

bool Evaluation::check_all(const Node& node, const Instance& at)
{
    const Restored current{node_, &node};
    const Restored keyword{keyword_, std::string_view{}};
    bool valid = true;
    for (const auto& assertion : node.assertions) {
        keyword_ = assertion.keyword;
        valid = assertion.check(*this, at) && valid;
        if (!valid && (quiet_ || issues_.size() >= limits_.issues))
            break;
    }
    return valid;
}

bool Evaluation::fail(const Instance& at, const std::string& message)
{
    if (!quiet_ && issues_.size() < limits_.issues)
        issues_.push_back(
            {pointer_of(at), message, keyword_.empty() ? node_->location : pointer_to(node_->location, keyword_)});
    return false;
}

bool Evaluation::fail_member(const Instance& at, std::string_view name, const std::string& message)
{
    return fail({.value = at.value, .holder = &at, .name = name}, message);
}

std::vector<Issue> Evaluation::issues_of(const Node& node, const Instance& at)
{
    const Restored aside{issues_, std::vector<Issue>{}};
    descend(node, at);
    return std::move(issues_);
}

bool Evaluation::fail_alternatives(const std::vector<const Node*>& alternatives, const Instance& at)
{
    if (quiet_)
        return false;
    const std::string path = pointer_of(at);
    std::vector<std::vector<Issue>> within;       // of alternatives that only the inside of the value fails
    std::vector<std::string> asked;               // by the others, of the value itself
    for (const auto* node : alternatives) {
        auto issues = issues_of(*node, at);
        const auto own = std::ranges::find(issues, path, &Issue::path);
        if (own == issues.end())
            within.push_back(std::move(issues));
        else if (std::ranges::find(asked, own->message) == asked.end())
            asked.push_back(own->message);
    }
    if (within.size() == 1 && !within.front().empty()) {
        const std::size_t room = limits_.issues - std::min(limits_.issues, issues_.size());
        within.front().resize(std::min(within.front().size(), room));
        append(issues_, std::move(within.front()));
        return false;
    }
    if (asked.empty() && within.size() <= 5)
        if (const std::string missing = missing_members(within, path); !missing.empty())
            return fail(at, missing);
    const bool is_short = within.empty() && asked.size() <= 3;
    return fail(at, is_short ? join(asked, ", or ")
                             : "must have one of the " + std::to_string(alternatives.size()) + " forms that are allowed");
}

void Evaluation::note_format(std::string_view format, const Instance& at)
{
    if (format == wanted_format_)
        found_.push_back(pointer_of(at));
}

const Node* Evaluation::dynamic_node(std::string_view anchor) const
{
    for (const auto* resource : scope_)
        if (const auto found = resource->dynamic_nodes.find(anchor); found != resource->dynamic_nodes.end())
            return found->second;
    return nullptr;
}

}
