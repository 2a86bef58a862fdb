// The texts in a JSON value.
#include "guard/json_texts.h"

namespace forge {

namespace {

class Walk {
public:
    explicit Walk(const TextChange& change) : change_(change) {}

    /// Absent when nothing changes.
    Json changed(const Json& value, std::string_view name)
    {
        if (value.is_string())
            return changed_text({value.as_text(), name});
        if (value.is_integer())
            return changed_text({std::to_string(value.as_integer()), name});
        if (value.is_array())
            return changed_array(value, name);
        return value.is_object() ? changed_object(value) : Json{};
    }

private:
    Json changed_text(const NamedText& text)
    {
        const auto now = change_(text);
        return now ? Json{*now} : Json{};
    }

    Json changed_array(const Json& array, std::string_view name)
    {
        bool any = false;
        Json result = Json::array();
        for (const Json& item : array.items()) {
            const Json now = changed(item, name);
            any = any || now;
            result.append(now ? now : item);
        }
        return any ? result : Json{};
    }

    Json changed_object(const Json& object)
    {
        bool any = false;
        Json result = Json::object();
        for (const auto& [name, member] : object.members()) {
            const auto new_name = change_({name});
            const Json now = changed(member, name);
            any = any || new_name || now;
            result.set(new_name ? free_name(*new_name, object, result) : name, now ? now : member);
        }
        return any ? result : Json{};
    }

    static std::string free_name(const std::string& wanted, const Json& before, const Json& after)
    {
        std::string name = wanted;
        for (int number = 2; before[name] || after[name]; ++number)
            name = wanted + " " + std::to_string(number);
        return name;
    }

    const TextChange& change_;
};

}

Json with_texts_changed(const Json& value, const TextChange& change)
{
    const Json changed = Walk{change}.changed(value, {});
    return changed ? changed : value;
}

std::size_t text_bytes(const Json& value)
{
    std::size_t sum = 0;
    with_texts_changed(value, [&](const NamedText& text) {
        sum += text.value.size();
        return std::nullopt;
    });
    return sum;
}

}
