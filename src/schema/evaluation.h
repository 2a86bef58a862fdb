// One value held against one compiled schema, in bounded steps and depth.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "schema/json_schema.h"
#include "schema/node.h"

namespace forge::schema {

/// Thrown when a limit of steps or depth is reached; JsonSchema makes an issue of it.
struct TooComplex {};

/// What the schema and its in-place subschemas have looked at of one object or array (2020-12, unevaluated…).
struct Evaluated {
    bool all = false;
    std::vector<std::string_view> members;
    std::size_t first_items = 0;
    std::vector<std::size_t> items;

    bool has(std::string_view name) const;
    bool has(std::size_t index) const;
    void add(Evaluated&& other);
};

class Evaluation {
public:
    Evaluation(const ValidationLimits& limits, bool tracks, std::string_view wanted_format = {})
        : limits_(limits), tracks_(tracks), wanted_format_(wanted_format) {}

    /// The schema holds for the value itself; what it evaluates counts for the schema around it.
    bool apply(const Node& node, const Instance& at);
    /// The schema holds for another value (or its evaluated members must not count).
    bool descend(const Node& node, const Instance& at);
    /// The same, with no issue reported.
    bool quietly_applies(const Node& node, const Instance& at);
    bool quietly_descends(const Node& node, const Instance& at);

    /// When none of the alternatives holds: notes what the only one that fits from outside asks within, or what each
    /// of a few asks.  Gives false.
    bool fail_alternatives(const std::vector<const Node*>& alternatives, const Instance& at);

    /// Notes an issue of the keyword at work; gives false, for "return evaluation.fail(…)".
    bool fail(const Instance& at, const std::string& message);
    /// The same about a member that is missing or unwanted.
    bool fail_member(const Instance& at, std::string_view name, const std::string& message);

    void spend(std::size_t steps);
    bool is_quiet() const { return quiet_; }

    bool tracks() const { return tracks_; }
    Evaluated& evaluated() { return *evaluated_; }

    void note_format(std::string_view format, const Instance& at);
    /// For $dynamicRef: the outermost resource on the way here that has the anchor, or nullptr.
    const Node* dynamic_node(std::string_view anchor) const;

    std::vector<Issue> take_issues() { return std::move(issues_); }
    /// Pointers to the values that have the wanted format.
    std::vector<std::string> take_found() { return std::move(found_); }

private:
    bool run(const Node& node, const Instance& at);
    bool check_all(const Node& node, const Instance& at);
    std::vector<Issue> issues_of(const Node& node, const Instance& at);

    const ValidationLimits limits_;
    const bool tracks_;
    const std::string_view wanted_format_;
    std::size_t steps_ = 0;
    int depth_ = 0;
    bool quiet_ = false;
    const Node* node_ = nullptr;
    std::string_view keyword_;
    Evaluated* evaluated_ = nullptr;
    std::vector<const Resource*> scope_;
    std::vector<Issue> issues_;
    std::vector<std::string> found_;
};

/// RFC 6901 pointer to the value.
std::string pointer_of(const Instance& at);

}
