// How a collector reads evidence: file after file, within its limits, with a note of all it left out.
#include "analyze/reading.h"

#include <algorithm>

#include "base/text.h"
#include "lib/crypto.h"

namespace forge {

namespace {

using namespace std::string_view_literals;

std::map<std::string, std::string> texts_of(const CollectorRequest& request)
{
    std::map<std::string, std::string> texts;
    for (const auto& [path, argument] : request.settings["texts"].members())
        if (const auto text = request.args[argument.as_text()].as_text(); !text.empty())
            texts[path] = text;
    return texts;
}

bool is_utf16(std::string_view bytes)
{
    return bytes.starts_with("\xff\xfe"sv) || bytes.starts_with("\xfe\xff"sv);
}

// Windows writes settings so.  Lone surrogates become U+FFFD.
std::string utf8_from_utf16(std::string_view bytes)
{
    const bool little = bytes[0] == '\xff';
    const auto unit = [&](std::size_t i) -> char32_t {
        const auto first = static_cast<unsigned char>(bytes[i]);
        const auto second = static_cast<unsigned char>(bytes[i + 1]);
        return little ? first | static_cast<char32_t>(second) << 8 : second | static_cast<char32_t>(first) << 8;
    };
    std::string text;
    for (std::size_t i = 2; i + 1 < bytes.size(); i += 2) {
        char32_t code = unit(i);
        if (code >= 0xd800 && code < 0xdc00 && i + 3 < bytes.size() && unit(i + 2) >= 0xdc00 && unit(i + 2) < 0xe000) {
            code = 0x10000 + ((code - 0xd800) << 10) + (unit(i + 2) - 0xdc00);
            i += 2;
        }
        append_utf8(text, code >= 0xd800 && code < 0xe000 ? U'\ufffd' : code);
    }
    return text;
}

}

bool is_binary(std::string_view bytes)
{
    constexpr std::size_t looked_at = 8192;
    bytes = bytes.substr(0, looked_at);
    const auto controls = std::ranges::count_if(bytes, [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && !(c >= '\t' && c <= '\r') && c != '\x1b';
    });
    return bytes.find('\0') != bytes.npos || static_cast<std::size_t>(controls) * 20 > bytes.size();
}

EvidenceReader::EvidenceReader(const CollectorRequest& request) : request_(request), texts_(texts_of(request)) {}

void EvidenceReader::each(const TextVisitor& visit, const std::function<bool(std::string_view)>& wanted)
{
    take(texts_, visit, wanted);
    if (request_.evidence) {
        skips_.add(request_.evidence->skips());
        take(*request_.evidence, visit, wanted);
    }
}

void EvidenceReader::take(const EvidenceTree& tree, const TextVisitor& visit,
                          const std::function<bool(std::string_view)>& wanted)
{
    for (const auto& file : tree.files())
        if ((!wanted || wanted(file.path)) && !is_over_limit(file))
            take_file(tree, file, visit);
}

bool EvidenceReader::is_over_limit(const EvidenceFile& file)
{
    const auto& limits = request_.limits;
    const auto reason = steady_now() > limits.deadline ? "no time left"
                      : hashes_.size() >= limits.files ? "more files than are read"
                      : file.size > limits.file_bytes ? "larger than is read"
                      : bytes_ + file.size > limits.bytes ? "more bytes than are read" : nullptr;
    if (reason)
        skips_.add(file.path, reason);
    return reason != nullptr;
}

void EvidenceReader::take_file(const EvidenceTree& tree, const EvidenceFile& file, const TextVisitor& visit)
{
    const auto bytes = tree.read(file, request_.limits.file_bytes);
    if (!bytes)
        return skips_.add(file.path, "cannot be read");
    bytes_ += bytes->size();
    hashes_[file.path] = hex(sha256(*bytes));
    if (is_utf16(*bytes))
        show(file, utf8_from_utf16(*bytes), visit);
    else if (is_binary(*bytes))
        skips_.add(file.path, "binary");
    else
        show(file, *bytes, visit);
}

void EvidenceReader::show(const EvidenceFile& file, std::string_view text, const TextVisitor& visit)
{
    read_any_ = read_any_ || !trim(text).empty();
    visit(file, text);
}

Json EvidenceReader::scanned() const
{
    return Json::object({{"files", hashes_.size()}, {"bytes", bytes_}, {"digest", tree_digest(hashes_)}});
}

}
