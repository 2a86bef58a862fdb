// Canonical JSON (RFC 8785): checked on bytes, without a tree.
#include "tlog/jcs.h"

#include "base/text.h"

#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace forge {

namespace {

static_assert(std::endian::native == std::endian::little, "plain_end() reads eight characters at a time");

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// From `at` to the first quote, backslash, control character or byte beyond ASCII, eight bytes at a time.
const char* plain_end(const char* at, const char* end)
{
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t highs = ones * 0x80;
    for (; end - at >= 8; at += 8) {
        std::uint64_t word;
        std::memcpy(&word, at, sizeof word);
        const std::uint64_t quote = (word ^ (ones * '"')) - ones;
        const std::uint64_t backslash = (word ^ (ones * '\\')) - ones;
        const std::uint64_t control = word - ones * 0x20;
        // A borrow can only raise a false alarm above the first true one; a byte beyond ASCII is one itself.
        if (const std::uint64_t stop = (quote | backslash | control | word) & highs)
            return at + std::countr_zero(stop) / 8;
    }
    while (at != end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20
           && static_cast<unsigned char>(*at) < 0x80)
        ++at;
    return at;
}

// The character that follows a backslash in canonical JSON, as it is meant.
constexpr std::string_view escape_letters = "\"\\btnfr";
constexpr std::string_view escape_meanings = "\"\\\b\t\n\f\r";

// The text of a canonical literal that has escapes, without its quotes.
std::string unescaped(std::string_view literal)
{
    std::string text;
    for (std::size_t i = 0; i < literal.size(); ++i) {
        if (literal[i] != '\\') {
            text += literal[i];
        } else if (literal[++i] == 'u') {
            text += from_hex(literal.substr(i + 3, 2)).value_or("");
            i += 4;
        } else {
            text += escape_meanings[escape_letters.find(literal[i])];
        }
    }
    return text;
}

// A name as it stands between its quotes.
struct Name {
    std::string_view literal;
    bool has_escape = false;
};

bool is_before(const Name& a, const Name& b)
{
    if (a.has_escape || b.has_escape)
        return canonical_less(unescaped(a.literal), unescaped(b.literal));
    return canonical_less(a.literal, b.literal);
}

// Each step returns false after noting the fault.
class Scanner {
public:
    Scanner(std::string_view bytes, CanonicalRules rules)
        : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()), depth_left_(rules.depth),
          object_(rules.object), members_(rules.members) {}

    std::optional<CanonicalFault> run()
    {
        if (object_ && (at_ == end_ || *at_ != '{'))
            fail("not an object");
        else if (value() && at_ != end_)
            fail("bytes after the value");
        return fault_;
    }

private:
    bool fail(std::string_view reason)
    {
        fault_ = {static_cast<std::size_t>(at_ - begin_), reason};
        return false;
    }

    bool next_is(char c) const { return at_ != end_ && *at_ == c; }

    bool take(char c, std::string_view otherwise)
    {
        if (!next_is(c))
            return fail(otherwise);
        ++at_;
        return true;
    }

    bool value()
    {
        if (at_ == end_)
            return fail("ends too early");
        switch (*at_) {
        case '{': return nested(&Scanner::members);
        case '[': return nested(&Scanner::items);
        case '"': return text();
        case 't': return word("true");
        case 'f': return word("false");
        case 'n': return word("null");
        default: return number();
        }
    }

    bool nested(bool (Scanner::*inner)())
    {
        if (depth_left_ == 0)
            return fail("nested too deep");
        --depth_left_;
        ++at_;
        if (!(this->*inner)())
            return false;
        ++depth_left_;
        return true;
    }

    bool members()
    {
        if (next_is('}'))
            return ++at_, true;
        std::vector<JsonSlice>* const list = std::exchange(members_, nullptr);   // only the outermost is asked for
        Name previous;
        for (bool first = true;; first = false) {
            const char* const start = at_;
            Name name;
            if (!next_is('"'))
                return fail("a name expected");
            if (!text(&name.has_escape))
                return false;
            name.literal = {start + 1, static_cast<std::size_t>(at_ - start - 2)};
            if (!first && !is_before(previous, name)) {
                at_ = start;
                return fail(previous.literal == name.literal ? "a name twice" : "names out of order");
            }
            previous = name;
            const char* const value_at = at_ + 1;
            if (!take(':', "':' expected") || !value())
                return false;
            if (list)
                list->push_back({name.literal, {value_at, static_cast<std::size_t>(at_ - value_at)}});
            if (next_is('}'))
                return ++at_, true;
            if (!take(',', "',' or '}' expected"))
                return false;
        }
    }

    bool items()
    {
        if (next_is(']'))
            return ++at_, true;
        for (;;) {
            if (!value())
                return false;
            if (next_is(']'))
                return ++at_, true;
            if (!take(',', "',' or ']' expected"))
                return false;
        }
    }

    bool word(std::string_view expected)
    {
        if (!std::string_view{at_, static_cast<std::size_t>(end_ - at_)}.starts_with(expected))
            return fail("a value expected");
        at_ += expected.size();
        return true;
    }

    bool text(bool* has_escape = nullptr)
    {
        ++at_;
        for (;;) {
            at_ = plain_end(at_, end_);
            if (at_ == end_)
                return fail("a text without its end");
            if (*at_ == '"')
                return ++at_, true;
            if (*at_ == '\\' && has_escape)
                *has_escape = true;
            if (*at_ == '\\' ? !escape() : !beyond_ascii())
                return false;
        }
    }

    bool escape()
    {
        if (end_ - at_ < 2)
            return fail("a text without its end");
        if (escape_letters.find(at_[1]) != escape_letters.npos) {
            at_ += 2;
            return true;
        }
        const std::string_view code{at_, std::min<std::size_t>(6, static_cast<std::size_t>(end_ - at_))};
        if (code == "\\u0000")
            return fail("U+0000");
        // What has a short form or stands for itself must not be written so: 08 to 0a, 0c, 0d, and all from 20 on.
        const bool good = code.size() == 6 && code.starts_with("\\u00") && (code[4] == '0' || code[4] == '1')
                          && (is_digit(code[5]) || (code[5] >= 'a' && code[5] <= 'f'))
                          && !(code[4] == '0' && std::string_view{"89acd"}.find(code[5]) != std::string_view::npos);
        if (!good)
            return fail("an escape that is not canonical");
        at_ += 6;
        return true;
    }

    // A byte that is no ASCII text: UTF-8 (RFC 3629, the table of section 4), or a control character.
    bool beyond_ascii()
    {
        const auto byte = [this](int i) { return at_ + i < end_ ? static_cast<unsigned char>(at_[i]) : 0U; };
        const auto follows = [&](int i, unsigned low = 0x80, unsigned high = 0xBF) {
            return byte(i) >= low && byte(i) <= high;
        };
        const unsigned lead = byte(0);
        std::ptrdiff_t size = 0;
        if (lead < 0x20)
            return fail("a control character that is not escaped");
        if (lead >= 0xC2 && lead <= 0xDF)
            size = 2 * follows(1);
        else if (lead >= 0xE0 && lead <= 0xEF)
            size = 3 * (follows(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF) && follows(2));
        else if (lead >= 0xF0 && lead <= 0xF4)
            size = 4 * (follows(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF) && follows(2) && follows(3));
        at_ += size;
        return size > 0 || fail("not UTF-8");
    }

    bool number()
    {
        const char* const start = at_;
        at_ += next_is('-');
        const char* const digits = at_;
        while (at_ != end_ && is_digit(*at_))
            ++at_;
        const std::size_t count = static_cast<std::size_t>(at_ - digits);
        const bool whole = at_ == end_ || (*at_ != '.' && *at_ != 'e' && *at_ != 'E');
        if (whole && count > 0 && count < 16 && (*digits != '0' || (count == 1 && digits == start)))
            return true;
        while (at_ != end_ && (is_digit(*at_) || std::string_view{"+-.eE"}.find(*at_) != std::string_view::npos))
            ++at_;
        return canonical(start, whole);
    }

    // The slow way: what is not a short integer is read and printed anew.
    bool canonical(const char* start, bool whole)
    {
        const std::string_view literal{start, static_cast<std::size_t>(at_ - start)};
        double number = 0;
        const auto [end, error] = std::from_chars(start, at_, number);
        at_ = start;
        if (literal.empty() || (error == std::errc::invalid_argument))
            return fail("a value expected");
        if (error != std::errc{} || end != start + literal.size())
            return fail("not a number of JSON");
        if (canonical_number(number) != literal)
            return fail("a number that is not canonical");
        if (whole && (number > canonical_limit || number < -canonical_limit))
            return fail("an integer beyond 2^53-1");
        at_ += literal.size();
        return true;
    }

    static constexpr double canonical_limit = static_cast<double>(canonical_integer_limit);

    const char* begin_;
    const char* at_;
    const char* end_;
    int depth_left_;
    bool object_;
    std::vector<JsonSlice>* members_;
    std::optional<CanonicalFault> fault_;
};

}

std::optional<CanonicalFault> canonical_error(std::string_view bytes, CanonicalRules rules)
{
    return Scanner{bytes, rules}.run();
}

}
