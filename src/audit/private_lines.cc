// Lines of private/ in their only form.
#include "audit/private_lines.h"

#include "ledger/entry.h"
#include "ledger/private_values.h"
#include "tlog/slices.h"

#include <algorithm>
#include <initializer_list>

namespace forge {

namespace {

constexpr std::size_t nonce_size = 12;

bool is_joined(std::string_view text, std::initializer_list<std::string_view> parts)
{
    for (const std::string_view part : parts) {
        if (!text.starts_with(part))
            return false;
        text.remove_prefix(part.size());
    }
    return text.empty();
}

// Of so many bytes, in lower case.
std::optional<std::string> bytes_of_hex(std::string_view text, std::size_t size)
{
    auto bytes = text.size() == 2 * size ? from_hex(text) : std::nullopt;
    return bytes && hex(*bytes) == text ? bytes : std::nullopt;
}

template <class Array>
bool read_hex(std::string_view text, Array& array)
{
    const auto bytes = bytes_of_hex(text, array.size());
    if (bytes)
        std::ranges::copy(*bytes, array.begin());
    return bytes.has_value();
}

std::string_view text_member(std::string_view object, std::string_view name)
{
    return plain_text(member_of(object, name)).value_or(std::string_view{});
}

std::optional<ValueLine> erased_value(std::string_view line, const SidecarLine& parts)
{
    const std::string_view filler = text_member(line, "erased");
    if (!std::ranges::all_of(filler, [](char c) { return c == '-'; })
        || !is_joined(line, {R"({"erased":")", filler, R"(","name":")", parts.name, R"(","seq":)", std::to_string(parts.seq),
                             "}"}))
        return std::nullopt;
    return ValueLine{.seq = parts.seq, .name = parts.name, .is_erased = true};
}

}

std::optional<KeyLine> parse_key_line(std::string_view line)
{
    const auto dek = text_member(line, "dek"), nonce = text_member(line, "nonce"), subject = text_member(line, "subject"),
               wrapped = text_member(line, "wrapped");
    KeyLine key{.id = {}, .id_text = dek, .nonce = {}, .subject = {}, .wrapped = {}};
    auto nonce_bytes = bytes_of_hex(nonce, nonce_size);
    auto wrapped_bytes = from_base64(wrapped);
    if (!nonce_bytes || !wrapped_bytes || !read_hex(dek, key.id) || !read_hex(subject, key.subject)
        || !is_joined(line, {R"({"dek":")", dek, R"(","nonce":")", nonce, R"(","subject":")", subject, R"(","wrapped":")", wrapped,
                             "\"}"}))
        return std::nullopt;
    key.nonce = std::move(*nonce_bytes);
    key.wrapped = std::move(*wrapped_bytes);
    return key;
}

std::optional<ValueLine> parse_value_line(std::string_view line)
{
    const auto parts = parse_sidecar(line);
    if (!parts || !is_private_name(parts->name))
        return std::nullopt;
    if (parts->is_erased())
        return erased_value(line, *parts);
    ValueLine value{.seq = parts->seq, .name = parts->name, .sealed = parts->sealed};
    auto nonce = bytes_of_hex(parts->nonce, nonce_size);
    if (!nonce || !read_hex(parts->dek, value.key) || !read_hex(parts->subject, value.subject)
        || !is_joined(line, {R"({"dek":")", parts->dek, R"(","name":")", parts->name, R"(","nonce":")", parts->nonce,
                             R"(","sealed":")", parts->sealed, R"(","seq":)", std::to_string(parts->seq), R"(,"subject":")", parts->subject, "\"}"}))
        return std::nullopt;
    value.nonce = std::move(*nonce);
    return value;
}

}
