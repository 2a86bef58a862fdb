// Which guards a template asks for, and what they do about what they find.
#include "guard/policy.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/text.h"

namespace forge {

namespace {

constexpr std::array<std::string_view, 4> kind_names{"email", "iban", "card", "phone"};

std::size_t number_of(const Json& value, std::span<const std::string_view> names, const std::string& pointer,
                      const std::string& what)
{
    const auto found = std::ranges::find(names, value.as_text());
    if (value.is_string() && found != names.end())
        return static_cast<std::size_t>(found - names.begin());
    throw Error(pointer + ": no " + what + (value.is_string() ? " \"" + std::string{value.as_text()} + "\"" : "")
                + "; there are " + join({names.begin(), names.end()}, ", "));
}

template <std::size_t size>
std::bitset<size> set_of(const Json& list, std::span<const std::string_view> names, const std::string& pointer,
                         const std::string& what)
{
    if (!list.is_array())
        throw Error(pointer + ": must be a list");
    std::bitset<size> chosen;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string place = pointer + "/" + std::to_string(i);
        const auto number = number_of(list.at(i), names, place, what);
        if (chosen[number])
            throw Error(place + ": \"" + std::string{names[number]} + "\" is listed twice");
        chosen.set(number);
    }
    return chosen;
}

}

GuardPolicy guard_policy(const Json& guards)
{
    if (!guards.is_object())
        throw Error("/guards: must be an object");
    GuardPolicy policy;
    for (const auto& [name, value] : guards.members()) {
        const std::string pointer = "/guards/" + name;
        if (name == "input")
            policy.input = set_of<guard_names.size()>(value, guard_names, pointer, "guard");
        else if (name == "output")
            policy.output = set_of<guard_names.size()>(value, guard_names, pointer, "guard");
        else if (name == "personal")
            policy.personal = set_of<kind_names.size()>(value, kind_names, pointer, "kind of personal data");
        else if (name == "mode")
            policy.mode = static_cast<GuardMode>(number_of(value, guard_modes, pointer, "mode"));
        else
            throw Error(pointer + ": no such member; there are input, output, mode, personal");
    }
    return policy;
}

}
