// Lines of JSON.
#include "llm/json_lines.h"

#include <utility>

#include "base/text.h"

namespace forge {

std::vector<std::string> JsonLineReader::take(std::string_view piece)
{
    std::vector<std::string> lines;
    while (!piece.empty() && !broken_) {
        const auto end = piece.find('\n');
        line_ += piece.substr(0, end);
        broken_ = line_.size() > most_line_bytes;
        if (end == piece.npos)
            break;
        piece.remove_prefix(end + 1);
        if (!broken_ && !trim(line_).empty())
            lines.emplace_back(trim(line_));
        line_.clear();
    }
    return lines;
}

std::vector<std::string> JsonLineReader::rest()
{
    const std::string line = std::exchange(line_, {});
    return broken_ || trim(line).empty() ? std::vector<std::string>{} : std::vector{std::string{trim(line)}};
}

}
