// A fast first look: where in a text any of many keywords stands.
#include "scan/keywords.h"

#include <array>

#include "base/error.h"

namespace forge {

void Keywords::add(std::string_view keyword, std::size_t id)
{
    if (keyword.size() < 3)
        throw Error("keyword \"" + std::string{keyword} + "\": shorter than three characters");
    if (keyword.size() > 3)
        return add_window(keyword.data(), keyword, id);

    // Three characters: any fourth may follow.
    std::array<char, 4> bytes{keyword[0], keyword[1], keyword[2], 0};
    for (unsigned next = 0; next < 256; ++next)
        if ((next & case_bit) != 0) {
            bytes[3] = static_cast<char>(next);
            add_window(bytes.data(), keyword, id);
        }
}

void Keywords::add_window(const char* bytes, std::string_view keyword, std::size_t id)
{
    const auto window = folded(bytes);
    seen_.set(slot(window));
    by_window_[window].push_back({std::string{keyword}, id});
}

bool Keywords::stands_at(std::string_view text, std::size_t position, std::string_view keyword)
{
    if (text.size() - position < keyword.size())
        return false;
    for (std::size_t i = 0; i < keyword.size(); ++i)
        if (((text[position + i] ^ keyword[i]) & ~case_bit) != 0)
            return false;
    return true;
}

void KeywordBeginnings::add(std::string_view keyword)
{
    const std::string plain = folded(keyword);
    starts_.set(static_cast<unsigned char>(plain.at(0)));
    longest_ = std::max(longest_, plain.size());
    keywords_.insert(plain);
}

std::string KeywordBeginnings::folded(std::string_view text) const
{
    std::string plain{text};
    for (char& c : plain)
        c = static_cast<char>(c | fold_);
    return plain;
}

bool KeywordBeginnings::is_beginning(std::string_view text) const
{
    constexpr std::size_t window = 4;   // what Keywords looks at
    for (auto keyword = keywords_.lower_bound(text); keyword != keywords_.end() && keyword->starts_with(text); ++keyword)
        if (keyword->size() > text.size() || text.size() < window)
            return true;
    return false;
}

}
