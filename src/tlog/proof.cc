// Receipts (c2sp.org/tlog-proof).
#include "tlog/proof.h"

#include "base/error.h"

namespace forge {

namespace {

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1";
constexpr std::string_view extra_start = "extra ";
constexpr std::string_view index_start = "index ";
constexpr std::size_t longest_path = 63;
constexpr std::size_t longest_proof = 2U << 20;

// Takes a line from `text`, without its newline.
std::string_view take_line(std::string_view& text)
{
    const auto end = text.find('\n');
    if (end == text.npos)
        throw Error("a receipt ends too early");
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

}

std::string TlogProof::text() const
{
    std::string text = std::string{first_line} + "\n";
    if (extra)
        text += std::string{extra_start} + base64(*extra) + "\n";
    text += std::string{index_start} + std::to_string(index) + "\n";
    for (const Hash& hash : path)
        text += base64(hash) + "\n";
    return text + "\n" + checkpoint;
}

TlogProof TlogProof::parse(std::string_view text)
{
    if (text.size() > longest_proof)
        throw Error("a receipt is longer than 2 MiB");
    if (take_line(text) != first_line)
        throw Error("a receipt's first line is not \"" + std::string{first_line} + "\"");
    TlogProof proof;
    std::string_view line = take_line(text);
    if (line.starts_with(extra_start)) {
        proof.extra = from_base64(line.substr(extra_start.size()));
        if (!proof.extra)
            throw Error("a receipt's extra data is not base64");
        line = take_line(text);
    }
    if (!line.starts_with(index_start))
        throw Error("a receipt has no index");
    proof.index = parse_size(line.substr(index_start.size()));
    for (line = take_line(text); !line.empty(); line = take_line(text)) {
        if (proof.path.size() == longest_path)
            throw Error("a receipt's path is longer than any tree is high");
        proof.path.push_back(parse_hash(line));
    }
    proof.checkpoint = text;
    Checkpoint::parse(Note::parse(text).text);
    return proof;
}

bool TlogProof::proves(const Hash& leaf) const
{
    const Checkpoint signed_tree = Checkpoint::parse(Note::parse(checkpoint).text);
    return verify_inclusion(index, signed_tree.size, leaf, path, signed_tree.root);
}

}
