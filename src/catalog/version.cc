// Versions of templates: Semantic Versioning 2.0.0.
#include "catalog/version.h"

#include <algorithm>

#include "base/plain_number.h"
#include "base/text.h"

namespace forge {

namespace {

bool is_number(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

bool has_leading_zero(std::string_view text)
{
    return text.size() > 1 && text.front() == '0';
}

bool is_identifier(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
    });
}

// Section 11.4: numbers by value and below words, words by ASCII.
std::strong_ordering identifier_order(const std::string& a, const std::string& b)
{
    if (is_number(a) != is_number(b))
        return is_number(a) ? std::strong_ordering::less : std::strong_ordering::greater;
    if (is_number(a) && a.size() != b.size())
        return a.size() <=> b.size();
    return a.compare(b) <=> 0;
}

}

std::optional<Version> Version::parse(std::string_view text)
{
    Version version;
    if (const auto plus = text.find('+'); plus != text.npos) {
        version.build_ = text.substr(plus + 1);
        if (!std::ranges::all_of(split(version.build_, '.'), is_identifier))
            return std::nullopt;
        text = text.substr(0, plus);
    }
    if (const auto dash = text.find('-'); dash != text.npos) {
        for (const auto part : split(text.substr(dash + 1), '.')) {
            if (!is_identifier(part) || (is_number(part) && has_leading_zero(part)))
                return std::nullopt;
            version.prerelease_.emplace_back(part);
        }
        text = text.substr(0, dash);
    }
    const auto parts = split(text, '.');
    if (parts.size() != 3)
        return std::nullopt;
    const auto major = parse_plain_unsigned(parts[0]);
    const auto minor = parse_plain_unsigned(parts[1]);
    const auto patch = parse_plain_unsigned(parts[2]);
    if (!major || !minor || !patch)
        return std::nullopt;
    version.major_ = *major;
    version.minor_ = *minor;
    version.patch_ = *patch;
    return version;
}

std::string Version::text() const
{
    return std::to_string(major_) + "." + std::to_string(minor_) + "." + std::to_string(patch_) +
           (prerelease_.empty() ? "" : "-" + join(prerelease_, ".")) + (build_.empty() ? "" : "+" + build_);
}

std::strong_ordering operator<=>(const Version& a, const Version& b)
{
    if (const auto order = a.major_ <=> b.major_; order != 0)
        return order;
    if (const auto order = a.minor_ <=> b.minor_; order != 0)
        return order;
    if (const auto order = a.patch_ <=> b.patch_; order != 0)
        return order;
    if (a.prerelease_.empty() != b.prerelease_.empty())
        return a.prerelease_.empty() ? std::strong_ordering::greater : std::strong_ordering::less;
    return std::lexicographical_compare_three_way(a.prerelease_.begin(), a.prerelease_.end(), b.prerelease_.begin(),
                                                  b.prerelease_.end(), identifier_order);
}

std::strong_ordering version_order(std::string_view a, std::string_view b)
{
    const auto first = Version::parse(a);
    const auto second = Version::parse(b);
    if (first && second)
        if (const auto order = *first <=> *second; order != 0)
            return order;
    return a.compare(b) <=> 0;
}

}
