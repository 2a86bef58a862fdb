// Checkpoints (c2sp.org/tlog-checkpoint).
#include "tlog/checkpoint.h"

#include "base/error.h"
#include "base/plain_number.h"

#include <algorithm>

namespace forge {

namespace {

// Takes the next line, without its newline, from `text`; a checkpoint has no empty ones.
std::string_view take_line(std::string_view& text)
{
    const auto end = text.find('\n');
    if (end == text.npos || end == 0)
        throw Error("a checkpoint has too few lines, or an empty one");
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

}

Hash parse_hash(std::string_view base64_text)
{
    const auto bytes = from_base64(base64_text);
    Hash hash;
    if (!bytes || bytes->size() != hash.size())
        throw Error("a hash is not base64 of 32 bytes");
    std::copy(bytes->begin(), bytes->end(), hash.begin());
    return hash;
}

std::uint64_t parse_size(std::string_view text)
{
    const auto number = parse_plain_unsigned(text);
    if (!number)
        throw Error("a size is not a plain decimal number");
    return *number;
}

std::string Checkpoint::text() const
{
    return origin + "\n" + std::to_string(size) + "\n" + base64(root) + "\n" + extension;
}

Checkpoint Checkpoint::parse(std::string_view text)
{
    Checkpoint checkpoint;
    checkpoint.origin = take_line(text);
    checkpoint.size = parse_size(take_line(text));
    checkpoint.root = parse_hash(take_line(text));
    checkpoint.extension = text;
    while (!text.empty())
        take_line(text);
    return checkpoint;
}

Checkpoint Checkpoint::open(std::string_view bytes, const VerifierKey& key)
{
    const Note note = Note::parse(bytes);
    if (!note.is_signed_by(key))
        throw Error("no right signature of " + key.name());
    Checkpoint checkpoint = parse(note.text);
    if (checkpoint.origin != key.name())
        throw Error("the origin is \"" + checkpoint.origin + "\", the key's name \"" + key.name() + "\"");
    return checkpoint;
}

}
