// The keys that sign for a log.
#include "audit/log_keys.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t key_file_limit = 4096;
constexpr std::size_t keys_file_limit = 1U << 20;

}

LogKeys::LogKeys(VerifierKey current, const std::vector<VerifierKey>& earlier)
{
    for (const VerifierKey& key : earlier)
        if (key.name() == current.name() && key != current)
            keys_.push_back(key);
    keys_.push_back(std::move(current));
}

const VerifierKey& LogKeys::signer(std::string_view text) const
{
    if (keys_.size() > 1) {
        const Note note = Note::parse(text);
        for (const VerifierKey& key : keys_)
            if (note.is_signed_by(key))
                return key;
    }
    return current();
}

Checkpoint LogKeys::open_checkpoint(std::string_view note) const
{
    return Checkpoint::open(note, signer(note));
}

DayNote LogKeys::open_day(std::string_view note) const
{
    return DayNote::open(note, signer(note));
}

std::vector<std::string> LogKeys::signers(std::string_view text) const
{
    if (keys_.size() == 1)
        return {current().text()};
    const Note note = Note::parse(text);
    std::vector<std::string> signers;
    for (const VerifierKey& key : keys_)
        if (note.is_signed_by(key))
            signers.push_back(key.text());
    return signers;
}

VerifierKey folder_key(const std::string& root)
{
    const std::string text = read_regular(root + "/keys/log.vkey", key_file_limit);
    if (!text.ends_with('\n'))
        throw Error("not one line");
    return VerifierKey::parse(std::string_view{text}.substr(0, text.size() - 1));
}

std::vector<FolderKey> folder_key_list(const std::string& root)
{
    const std::string path = root + "/keys/log.vkeys";
    std::vector<FolderKey> keys;
    if (!exists(path))
        return keys;
    const std::string text = read_regular(path, keys_file_limit);
    if (!text.ends_with('\n'))
        throw Error("its last line does not end");
    for (const std::string_view line : split(std::string_view{text}.substr(0, text.size() - 1), '\n')) {
        const auto parts = split(line, ' ');
        const auto from = parts.size() == 3 ? parse_unsigned(parts[1]) : std::nullopt;
        if (!from || (parts[2] != "-" && !parse_unsigned(parts[2])))
            throw Error("a line is not \"<vkey> <from size> <to size or ->\"");
        keys.push_back({VerifierKey::parse(parts[0]), *from});
    }
    return keys;
}

std::vector<VerifierKey> folder_keys(const std::string& root)
{
    std::vector<VerifierKey> keys;
    for (FolderKey& listed : folder_key_list(root))
        keys.push_back(std::move(listed.key));
    return keys;
}

}
