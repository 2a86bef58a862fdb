// YAML files, on yaml-cpp's event parser.
#include "lib/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include "base/text.h"
#include "lib/yaml_parts.h"

namespace forge {

namespace {

using Place = YamlDocument::Place;

Position position_of(const YAML::Mark& mark)
{
    return mark.is_null() ? Position{} : Position{mark.line + 1, mark.column + 1};
}

// Builds the value tree and its places from the events of one document.
class TreeBuilder final : public YAML::EventHandler {
public:
    explicit TreeBuilder(const YamlLimits& limits) : limits_(limits) {}

    void OnDocumentStart(const YAML::Mark& mark) override
    {
        if (documents_++ > 0)
            throw YamlError(position_of(mark), "more than one document in the file");
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { scalar(mark, "?", anchor, {}); }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override
    {
        scalar(mark, tag, anchor, value);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        open(mark, tag, "tag:yaml.org,2002:seq", Json::array(), anchor);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        open(mark, tag, "tag:yaml.org,2002:map", Json::object(), anchor);
    }
    void OnMapEnd() override { close(); }

    YamlDocument finish()
    {
        return places_.empty() ? YamlDocument{nullptr, {Place{{}, {}, 1}}}
                               : YamlDocument{std::move(root_), std::move(places_)};
    }

private:
    // A node that an alias can name.
    struct Anchored {
        Json value;
        std::size_t first = 0;   // its places
        std::size_t end = 0;
        int height = 0;          // levels of collections in it
    };
    // A collection that is not closed yet.
    struct Level {
        Json value;
        std::size_t place = 0;
        YAML::anchor_t anchor = 0;
        int height = 1;
        std::optional<std::string> key;
        Position key_at;
    };

    bool expects_key() const { return !levels_.empty() && levels_.back().value.is_object() && !levels_.back().key; }
    void scalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, std::string_view text);
    void key(Position at, const std::string& tag, std::string_view text);
    void open(const YAML::Mark& mark, const std::string& tag, std::string_view own_tag, Json empty,
              YAML::anchor_t anchor);
    void close();
    std::size_t new_place(Position at);
    void attach(const Json& value, int height);
    void check_depth(Position at, int height) const;

    const YamlLimits limits_;
    int documents_ = 0;
    Json root_;
    std::vector<Level> levels_;
    std::vector<Place> places_;
    std::map<YAML::anchor_t, Anchored> anchored_;
};

void TreeBuilder::scalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, std::string_view text)
{
    const Position at = position_of(mark);
    if (text.find('\0') != text.npos)
        throw YamlError(at, "U+0000 in a text");
    if (utf8_error(text) != text.npos)   // yaml-cpp 0.7 makes single bytes of \N and \_ (YAML 1.2, section 5.7)
        throw YamlError(at, "the escapes \\N and \\_ are not accepted: write \\u0085 and \\u00a0");
    if (expects_key())
        return key(at, tag, text);

    Json value;
    if (tag == "?") {
        try {
            value = plain_value(text);
        } catch (const Error& error) {
            throw YamlError(at, error.what());
        }
    } else if (tag == "!" || tag == "tag:yaml.org,2002:str") {
        value = text;
    } else {
        throw YamlError(at, "tag " + tag + " is not accepted");
    }
    const auto place = new_place(at);
    if (anchor)
        anchored_[anchor] = {value, place, places_.size(), 0};
    attach(value, 0);
}

void TreeBuilder::key(Position at, const std::string& tag, std::string_view text)
{
    const bool quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
    if (!quoted && tag != "?")
        throw YamlError(at, "tag " + tag + " is not accepted");
    if (!quoted && text == "<<")
        throw YamlError(at, "merge key \"<<\" is not accepted: write the members out");
    if (!quoted) {
        try {
            if (!plain_value(text).is_string())
                throw Error("a key that is not a text: quote it");
        } catch (const Error& error) {
            throw YamlError(at, error.what());
        }
    }
    Level& level = levels_.back();
    if (level.value[text])
        throw YamlError(at, "duplicate key \"" + std::string{text} + '"');
    level.key = text;
    level.key_at = at;
}

void TreeBuilder::open(const YAML::Mark& mark, const std::string& tag, std::string_view own_tag, Json empty,
                       YAML::anchor_t anchor)
{
    const Position at = position_of(mark);
    if (tag != "?" && tag != "!" && tag != own_tag && !tag.empty())
        throw YamlError(at, "tag " + tag + " is not accepted");
    if (expects_key())
        throw YamlError(at, "a key that is not a text: quote \"{{…}}\"");
    check_depth(at, 1);
    levels_.push_back({std::move(empty), new_place(at), anchor, 1, {}, {}});
}

void TreeBuilder::close()
{
    const Level level = std::move(levels_.back());
    levels_.pop_back();
    places_[level.place].end = static_cast<std::uint32_t>(places_.size());
    if (level.anchor)
        anchored_[level.anchor] = {level.value, level.place, places_.size(), level.height};
    attach(level.value, level.height);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor)
{
    const Position at = position_of(mark);
    if (expects_key())
        throw YamlError(at, "an alias as key is not accepted");
    const auto found = anchored_.find(anchor);
    if (found == anchored_.end())
        throw YamlError(at, "an alias inside the node that it names");
    const Anchored& named = found->second;
    check_depth(at, named.height);
    if (places_.size() + (named.end - named.first) > limits_.nodes)
        throw YamlError(at, "more than " + std::to_string(limits_.nodes) + " nodes after expansion of aliases");

    const std::size_t start = new_place(at);
    const std::size_t shift = start - named.first;
    for (std::size_t i = named.first + 1; i < named.end; ++i) {
        Place copy = places_[i];
        copy.end += static_cast<std::uint32_t>(shift);
        places_.push_back(copy);
    }
    places_[start].end = static_cast<std::uint32_t>(places_.size());
    attach(named.value, named.height);
}

std::size_t TreeBuilder::new_place(Position at)
{
    if (places_.size() >= limits_.nodes)
        throw YamlError(at, "more than " + std::to_string(limits_.nodes) + " nodes");
    const bool is_member = !levels_.empty() && levels_.back().key;
    places_.push_back({is_member ? levels_.back().key_at : at, at, static_cast<std::uint32_t>(places_.size() + 1)});
    return places_.size() - 1;
}

void TreeBuilder::attach(const Json& value, int height)
{
    if (levels_.empty()) {
        root_ = value;
        return;
    }
    Level& parent = levels_.back();
    parent.height = std::max(parent.height, height + 1);
    if (parent.value.is_array()) {
        parent.value.append(value);
    } else {
        parent.value.set(*parent.key, value);
        parent.key.reset();
    }
}

void TreeBuilder::check_depth(Position at, int height) const
{
    if (static_cast<int>(levels_.size()) + height > limits_.depth)
        throw YamlError(at, "nested deeper than " + std::to_string(limits_.depth));
}

}

YamlDocument parse_yaml(std::string_view text, YamlLimits limits)
{
    refuse_bad_bytes(text, limits);
    TreeBuilder builder{limits};
    try {
        std::istringstream stream{std::string{text}};
        YAML::Parser parser{stream};
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception& error) {
        throw YamlError(position_of(error.mark), error.msg);
    }
    return builder.finish();
}

}
