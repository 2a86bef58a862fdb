// What a log and a witness say to one another (c2sp.org/tlog-witness).
#include "tlog/witness.h"

#include "base/error.h"
#include "tlog/checkpoint.h"

namespace forge {

namespace {

constexpr std::string_view old_start = "old ";

std::string_view take_line(std::string_view& text)
{
    const auto end = text.find('\n');
    if (end == text.npos)
        throw Error("a request to a witness ends too early");
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

}

std::string AddCheckpoint::text() const
{
    std::string text = std::string{old_start} + std::to_string(old_size) + "\n";
    for (const Hash& hash : proof)
        text += base64(hash) + "\n";
    return text + "\n" + checkpoint;
}

AddCheckpoint AddCheckpoint::parse(std::string_view text)
{
    AddCheckpoint request;
    std::string_view line = take_line(text);
    if (!line.starts_with(old_start))
        throw Error("a request to a witness has no old size");
    request.old_size = parse_size(line.substr(old_start.size()));
    for (line = take_line(text); !line.empty(); line = take_line(text)) {
        if (request.proof.size() == witness_proof_limit)
            throw Error("a request to a witness has more than 63 hashes");
        request.proof.push_back(parse_hash(line));
    }
    Checkpoint::parse(Note::parse(text).text);
    request.checkpoint = text;
    return request;
}

std::optional<std::uint64_t> parse_witness_size(std::string_view body)
{
    if (!body.ends_with('\n'))
        return std::nullopt;
    try {
        return parse_size(body.substr(0, body.size() - 1));
    } catch (const Error&) {
        return std::nullopt;
    }
}

}
