// The receipt of a day.
#include "ledger/day_note.h"

#include "base/clock.h"
#include "base/error.h"

namespace forge {

namespace {

constexpr std::string_view origin_end = "/day";

std::pair<std::string_view, std::string_view> two_words(std::string_view line)
{
    const auto words = split(line, ' ');
    if (words.size() != 2)
        throw Error("a line of a day's note has not two words");
    return {words[0], words[1]};
}

bool is_sha256_hex(std::string_view text)
{
    return text.size() == 64 && from_hex(text) && lower(text) == text;
}

}

std::string DayNote::text() const
{
    return origin + std::string{origin_end} + "\n" + day + "\n" + std::to_string(first) + " " + std::to_string(last)
           + "\n" + std::to_string(size) + " " + base64(root) + "\n" + sha256 + " " + std::to_string(bytes) + "\n";
}

DayNote DayNote::parse(std::string_view text)
{
    const auto lines = split(text, '\n');
    if (lines.size() != 6 || !lines[5].empty() || !lines[0].ends_with(origin_end))
        throw Error("not the note of a day");
    DayNote note;
    note.origin = lines[0].substr(0, lines[0].size() - origin_end.size());
    note.day = lines[1];
    const auto [first, last] = two_words(lines[2]);
    const auto [size, root] = two_words(lines[3]);
    const auto [sha256, bytes] = two_words(lines[4]);
    note.first = parse_size(first);
    note.last = parse_size(last);
    note.size = parse_size(size);
    note.root = parse_hash(root);
    note.sha256 = sha256;
    note.bytes = parse_size(bytes);
    const auto midnight = parse_rfc3339(note.day);
    if (note.origin.empty() || !midnight || utc_day(*midnight) != note.day || !is_sha256_hex(note.sha256))
        throw Error("not the note of a day");
    return note;
}

DayNote DayNote::open(std::string_view bytes, const VerifierKey& key)
{
    const Note signed_note = Note::parse(bytes);
    if (!signed_note.is_signed_by(key))
        throw Error("no right signature of " + key.name());
    DayNote note = parse(signed_note.text);
    if (note.origin != key.name())
        throw Error("the origin is \"" + note.origin + "\", the key's name \"" + key.name() + "\"");
    return note;
}

}
