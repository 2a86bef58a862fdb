// Lines and columns of a text.
#include "scan/lines.h"

#include <algorithm>

namespace forge {

LineIndex::LineIndex(std::string_view text) : text_(text), starts_{0}
{
    for (auto end = text.find('\n'); end != text.npos; end = text.find('\n', end + 1))
        if (end + 1 < text.size())
            starts_.push_back(end + 1);
}

LineColumn LineIndex::at(std::size_t offset) const
{
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
    const auto line = static_cast<std::size_t>(after - starts_.begin());
    return {line, offset - starts_[line - 1] + 1};
}

std::string_view LineIndex::line(std::size_t number) const
{
    if (number < 1 || number > starts_.size())
        return {};
    auto line = text_.substr(starts_[number - 1]);
    line = line.substr(0, line.find('\n'));
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

std::string_view line_around(std::string_view text, std::size_t offset)
{
    const auto before = offset == 0 ? text.npos : text.rfind('\n', offset - 1);
    const auto begin = before == text.npos ? 0 : before + 1;
    return text.substr(begin, text.find('\n', offset) - begin);
}

}
