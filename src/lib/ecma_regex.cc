// ECMA-262 patterns (flag u) in RE2's syntax.
#include "lib/regex.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/error.h"
#include "base/text.h"

namespace forge {

namespace {

// What \s means in ECMA-262, inside of a class; and its complement.
constexpr std::string_view blanks =
    R"(\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff})";
constexpr std::string_view not_blanks =
    R"(\x{0}-\x{8}\x{e}-\x{1f}!-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027})"
    R"(\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff})";

struct Alias {
    std::string_view name;
    std::string_view code;
};

// Long names of general categories and the few binary properties that RE2 can express.
constexpr Alias aliases[] = {
    {"Letter", "L"}, {"Cased_Letter", "LC"}, {"LC", "LC"}, {"Uppercase_Letter", "Lu"},
    {"Lowercase_Letter", "Ll"}, {"Titlecase_Letter", "Lt"}, {"Modifier_Letter", "Lm"}, {"Other_Letter", "Lo"},
    {"Mark", "M"}, {"Combining_Mark", "M"}, {"Nonspacing_Mark", "Mn"}, {"Spacing_Mark", "Mc"},
    {"Enclosing_Mark", "Me"}, {"Number", "N"}, {"Decimal_Number", "Nd"}, {"digit", "Nd"},
    {"Letter_Number", "Nl"}, {"Other_Number", "No"}, {"Punctuation", "P"}, {"punct", "P"},
    {"Connector_Punctuation", "Pc"}, {"Dash_Punctuation", "Pd"}, {"Open_Punctuation", "Ps"},
    {"Close_Punctuation", "Pe"}, {"Initial_Punctuation", "Pi"}, {"Final_Punctuation", "Pf"},
    {"Other_Punctuation", "Po"}, {"Symbol", "S"}, {"Math_Symbol", "Sm"}, {"Currency_Symbol", "Sc"},
    {"Modifier_Symbol", "Sk"}, {"Other_Symbol", "So"}, {"Separator", "Z"}, {"Space_Separator", "Zs"},
    {"Line_Separator", "Zl"}, {"Paragraph_Separator", "Zp"}, {"Other", "C"}, {"Control", "Cc"}, {"cntrl", "Cc"},
    {"Format", "Cf"}, {"Surrogate", "Cs"}, {"Private_Use", "Co"}, {"Any", "Any"}, {"ASCII", "ASCII"}};

std::string code_point(char32_t code)
{
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "\\x{%x}", static_cast<unsigned>(code));
    return text.data();
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

class Translator {
public:
    explicit Translator(std::string_view pattern) : rest_(pattern) {}

    std::string translate()
    {
        while (!rest_.empty())
            term();
        return std::move(out_);
    }

private:
    void term()
    {
        if (rest_.starts_with("(?"))
            group();
        else if (take("\\"))
            escape(false);
        else if (take("["))
            character_class();
        else if (take("."))
            out_ += R"([^\n\r\x{2028}\x{2029}])";
        else if (take("$"))
            out_ += R"(\z)";
        else if (take("^"))
            out_ += R"(\A)";
        else if (rest_.front() == '{')
            braces();
        else
            out_ += next();
    }

    void group()
    {
        if (take("(?:"))
            out_ += "(?:";
        else if (rest_.starts_with("(?=") || rest_.starts_with("(?!"))
            throw Error("lookahead " + std::string{rest_.substr(0, 3)} + " is not supported");
        else if (rest_.starts_with("(?<=") || rest_.starts_with("(?<!"))
            throw Error("lookbehind " + std::string{rest_.substr(0, 4)} + " is not supported");
        else if (take("(?<"))
            out_ += "(?P<";
        else
            throw Error("group " + std::string{rest_.substr(0, 3)} + " is not part of ECMA-262");
    }

    // A repetition is passed on; any other brace stands for itself, as it does without flag u.
    void braces()
    {
        const auto end = rest_.find('}');
        const auto inside = end == std::string_view::npos ? std::string_view{} : rest_.substr(1, end - 1);
        const auto comma = inside.find(',');
        const auto low = inside.substr(0, comma);
        const auto high = comma == std::string_view::npos ? std::string_view{} : inside.substr(comma + 1);
        if (!parse_unsigned(low) || !(high.empty() || parse_unsigned(high))) {
            next();
            out_ += "\\{";
            return;
        }
        for (const auto bound : {low, high})
            if (parse_unsigned(bound).value_or(0) > 1000)
                throw Error("repetition {" + std::string{inside} + "} is not supported: at most 1000");
        out_ += rest_.substr(0, end + 1);
        rest_.remove_prefix(end + 1);
    }

    void character_class()
    {
        const bool negated = take("^");
        if (take("]")) {   // [^] is any character, [] is none
            out_ += negated ? R"([\x{0}-\x{10ffff}])" : R"([^\x{0}-\x{10ffff}])";
            return;
        }
        out_ += negated ? "[^" : "[";
        while (!take("]")) {
            if (rest_.empty())
                throw Error("missing ] of a character class");
            if (take("\\"))
                escape(true);
            else if (take("["))
                out_ += "\\[";   // RE2 would read [:alpha:]
            else
                out_ += next();
        }
        out_ += ']';
    }

    // ECMA-262 22.2.1, AtomEscape and ClassEscape; the backslash is taken.
    void escape(bool in_class)
    {
        if (rest_.empty())
            throw Error("trailing backslash");
        const char c = next();
        if (c == 's' || c == 'S')
            put_set(c == 's' ? blanks : not_blanks, in_class);
        else if (std::string_view{"dDwWtnrfv"}.find(c) != std::string_view::npos)
            out_ += {'\\', c};
        else if (c == 'b' && in_class)
            out_ += R"(\x{8})";
        else if ((c == 'b' || c == 'B') && !in_class)
            out_ += {'\\', c};
        else if (c == 'p' || c == 'P')
            property(c, in_class);
        else if (c == 'c')
            control();
        else if (c == 'x')
            out_ += code_point(hex_digits(2));
        else if (c == 'u')
            out_ += code_point(unicode());
        else if (c == '0' && !(!rest_.empty() && is_digit(rest_.front())))
            out_ += code_point(0);
        else if (is_digit(c) || c == 'k')
            throw Error(std::string{"back reference \\"} + c + " is not supported");
        else if (is_letter(c))
            throw Error(std::string{"escape \\"} + c + " is not part of ECMA-262");
        else if (static_cast<unsigned char>(c) < 0x80)
            out_ += {'\\', c};
        else
            out_ += c;
    }

    void put_set(std::string_view set, bool in_class)
    {
        out_ += in_class ? std::string{set} : "[" + std::string{set} + "]";
    }

    void control()
    {
        if (rest_.empty() || !is_letter(rest_.front()))
            throw Error("escape \\c needs a letter");
        out_ += code_point(static_cast<char32_t>(next() % 32));
    }

    char32_t hex_digits(std::size_t count)
    {
        const auto digits = rest_.substr(0, count);
        const auto is_hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
        if (digits.size() < count || count == 0 || count > 6 || !std::ranges::all_of(digits, is_hex))
            throw Error("a hexadecimal escape is broken off");
        rest_.remove_prefix(count);
        return static_cast<char32_t>(std::stoul(std::string{digits}, nullptr, 16));
    }

    char32_t unicode()
    {
        if (take("{")) {
            const char32_t code = hex_digits(std::min(rest_.find('}'), rest_.size()));
            if (!take("}") || code > 0x10FFFF)
                throw Error("escape \\u{…} is no code point");
            return code;
        }
        const char32_t high = hex_digits(4);
        if (high < 0xD800 || high > 0xDFFF)
            return high;
        if (high > 0xDBFF || !take("\\u"))
            throw Error("escape \\u… is half of a surrogate pair");
        const char32_t low = hex_digits(4);
        if (low < 0xDC00 || low > 0xDFFF)
            throw Error("escape \\u… is half of a surrogate pair");
        return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    }

    // \p{Letter}, \p{gc=Lu}, \p{Script=Greek}; p or P.
    void property(char sign, bool in_class)
    {
        const auto end = rest_.find('}');
        if (!take("{") || end == std::string_view::npos)
            throw Error(std::string{"escape \\"} + sign + " needs {a property}");
        auto name = rest_.substr(0, end - 1);
        rest_.remove_prefix(end);
        if (const auto equals = name.find('='); equals != std::string_view::npos)
            name.remove_prefix(equals + 1);
        const auto alias = std::ranges::find(aliases, name, &Alias::name);
        const auto code = alias == std::end(aliases) ? name : alias->code;
        const bool plain = sign == 'p';
        if (code == "LC" && plain)
            put_set("\\p{Lu}\\p{Ll}\\p{Lt}", in_class);
        else if (code == "ASCII")
            put_set(plain ? "\\x{0}-\\x{7f}" : "\\x{80}-\\x{10ffff}", in_class);
        else
            out_ += std::string{"\\"} + sign + "{" + std::string{code} + "}";
    }

    bool take(std::string_view text)
    {
        const bool there = rest_.starts_with(text);
        if (there)
            rest_.remove_prefix(text.size());
        return there;
    }

    char next()
    {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    std::string_view rest_;
    std::string out_;
};

}

std::string re2_from_ecma(std::string_view pattern)
{
    return Translator{pattern}.translate();
}

}
