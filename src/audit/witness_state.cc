// What the witnesses of a ledger have cosigned.
#include "audit/witness_state.h"

#include "base/error.h"
#include "lib/json.h"
#include "os/file.h"

#include <algorithm>

namespace forge {

namespace {

constexpr std::size_t file_limit = 1U << 20;

std::uint64_t size_of(const Json& json)
{
    if (!json.is_integer() || json.as_integer() < 0)
        throw Error("a size is no number");
    return static_cast<std::uint64_t>(json.as_integer());
}

}

void WitnessState::take(const Checkpoint& tree, const std::vector<WitnessAnswer>& answers)
{
    const bool is_cosigned = std::ranges::any_of(answers, [](const WitnessAnswer& answer) { return !answer.line.empty(); });
    if (is_cosigned && (!cosigned || cosigned->origin != tree.origin || cosigned->size <= tree.size))
        cosigned = tree;
}

std::string WitnessState::text() const
{
    Json known = Json::object();
    for (const auto& [vkey, size] : sizes)
        known.set(vkey, size);
    Json state = Json::object({{"sizes", known}});
    if (cosigned)
        state.set("cosigned", Json::object({{"origin", cosigned->origin}, {"root", base64(cosigned->root)}, {"size", cosigned->size}}));
    return dump(state) + "\n";
}

WitnessState WitnessState::parse(std::string_view text)
{
    const Json json = parse_json(text);
    WitnessState state;
    // A size spares a question, no more: one that is none must not take the cosigned tree with it.
    for (const auto& [vkey, size] : json["sizes"].members())
        if (size.is_integer() && size.as_integer() >= 0)
            state.sizes[std::string{vkey}] = size_of(size);
    if (const Json& tree = json["cosigned"])
        state.cosigned = Checkpoint{std::string{tree["origin"].as_text()}, size_of(tree["size"]), parse_hash(tree["root"].as_text())};
    return state;
}

WitnessState read_witness_state(const std::string& path)
{
    return exists(path) ? WitnessState::parse(read_file(path, file_limit)) : WitnessState{};
}

}
