// From a pattern, the pattern of what its matches begin with.
#include "scan/prefix_pattern.h"

#include <cctype>
#include <vector>

#include "base/error.h"

namespace forge {

namespace {

/// A part of a pattern: what matches it, and what its matches begin with.
struct Part {
    std::string whole;
    std::string begin;       // matches the empty text too
    bool single = false;     // exactly one character
};

std::string group(const std::string& pattern)
{
    return "(?:" + pattern + ")";
}

class Parser {
public:
    Parser(std::string_view pattern, unsigned long most) : pattern_(pattern), most_(most) {}

    Part alternatives()
    {
        Part sum = sequence();
        while (take('|')) {
            const Part next = sequence();
            sum = {sum.whole + "|" + next.whole, sum.begin + "|" + next.begin};
        }
        return sum;
    }

    bool at_end() const { return at_ == pattern_.size(); }

private:
    // What "abc" begins with: the beginning of a, or a and the beginning of "bc".
    Part sequence()
    {
        std::vector<Part> parts;
        while (!at_end() && peek() != '|' && peek() != ')')
            parts.push_back(repeated());
        Part sum;
        for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
            sum.begin = part->single ? group(part->whole + sum.begin) + "?"
                                     : group(part->begin + "|" + part->whole + sum.begin);
            sum.whole.insert(0, part->whole);
        }
        return sum;
    }

    Part repeated()
    {
        Part part = atom();
        while (!at_end() && std::string_view{"*+?{"}.find(peek()) != std::string_view::npos) {
            std::string count{repetition()};
            if (highest(count) > most_)
                count = "*";
            part = {part.whole + count, many(part, count)};
        }
        return part;
    }

    // Of "{2,7}" 7; 0 for what has none.
    static unsigned long highest(const std::string& count)
    {
        const auto digits = count.find_last_of("{,") + 1;
        return count.ends_with('}') && !count.ends_with(",}") ? std::stoul(count.substr(digits)) : 0;
    }

    // All but the last come whole.
    static std::string many(const Part& part, const std::string& count)
    {
        if (count == "?")
            return part.begin;
        if (count == "*" || count == "+" || count.ends_with(",}"))
            return part.single ? part.whole + "*" : group(part.whole + "*" + part.begin);
        const auto most = highest(count);
        if (part.single)
            return part.whole + "{0," + std::to_string(most) + "}";
        return most == 1 ? part.begin : group(part.whole + "{0," + std::to_string(most - 1) + "}" + part.begin);
    }

    // Without the mark of a lazy one: the texts that match are the same.
    std::string_view repetition()
    {
        const auto from = at_;
        const auto end = peek() == '{' ? pattern_.find('}', at_) : at_;
        if (end == pattern_.npos)
            fail();
        at_ = end + 1;
        const auto count = pattern_.substr(from, at_ - from);
        if (count.size() > 1 && (count.size() < 3 || count.find_first_not_of("{0123456789,}") != count.npos))
            fail();
        take('?');
        return count;
    }

    Part atom()
    {
        switch (peek()) {
        case '(':
            return in_parentheses();
        case '[':
            return one(end_of_class());
        case '\\':
            return escape();
        case '^':
        case '$':
            return {std::string{pattern_[at_++]}, ""};
        case '*':
        case '+':
        case '?':
        case '{':
        case ')':
            fail();
        default:
            return one(at_ + 1);
        }
    }

    Part in_parentheses()
    {
        ++at_;
        std::string head = "(?:";
        if (take('?')) {
            const auto colon = pattern_.find(':', at_);
            if (colon == pattern_.npos || pattern_.substr(at_, colon - at_).find_first_not_of("ims") != pattern_.npos)
                fail();
            head = "(?" + std::string{pattern_.substr(at_, colon - at_ + 1)};
            at_ = colon + 1;
        }
        const Part inner = alternatives();
        if (!take(')'))
            fail();
        return {head + inner.whole + ")", head + inner.begin + ")"};
    }

    Part escape()
    {
        if (at_ + 1 == pattern_.size())
            fail();
        const char kind = pattern_[at_ + 1];
        if (std::string_view{"bBAz"}.find(kind) != std::string_view::npos) {
            at_ += 2;
            return {"\\" + std::string{kind}, ""};
        }
        if (std::isalnum(static_cast<unsigned char>(kind))
            && std::string_view{"dDwWsSnrtfv"}.find(kind) == std::string_view::npos)
            fail();
        return one(at_ + 2);
    }

    Part one(std::size_t end)
    {
        // A character of several bytes is one.
        while (end < pattern_.size() && (static_cast<unsigned char>(pattern_[end]) & 0xc0) == 0x80)
            ++end;
        const std::string text{pattern_.substr(at_, end - at_)};
        at_ = end;
        return {text, text + "?", true};
    }

    std::size_t end_of_class() const
    {
        auto at = at_ + 1;
        at += at < pattern_.size() && pattern_[at] == '^';
        at += at < pattern_.size() && pattern_[at] == ']';   // a literal one
        while (at < pattern_.size() && pattern_[at] != ']')
            at += pattern_[at] == '\\' ? 2 : 1;
        if (at >= pattern_.size() || pattern_.substr(at_ + 1, at - at_ - 1).find("[:") != pattern_.npos)
            fail();
        return at + 1;
    }

    char peek() const { return pattern_[at_]; }
    bool take(char c)
    {
        const bool there = !at_end() && peek() == c;
        at_ += there;
        return there;
    }
    [[noreturn]] void fail() const
    {
        throw Error("pattern " + std::string{pattern_} + ": what its matches begin with is not known at byte "
                    + std::to_string(at_));
    }

    const std::string_view pattern_;
    const unsigned long most_;
    std::size_t at_ = 0;
};

}

std::string prefix_pattern(std::string_view pattern, unsigned long most)
{
    Parser parser{pattern, most};
    const Part part = parser.alternatives();
    if (!parser.at_end())
        throw Error("pattern " + std::string{pattern} + ": a parenthesis too many");
    return part.begin;
}

}
