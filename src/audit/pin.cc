// Pins.
#include "audit/pin.h"

#include "audit/key_chain.h"
#include "base/error.h"
#include "base/text.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t key_file_limit = 4096;

PublishedTree newest_of(const PublicLog& log, const std::string& root)
{
    auto tree = log.newest();
    if (!tree)
        throw Error(root + " has no checkpoint");
    return std::move(*tree);
}

std::optional<PinDifference> compare_key(const PublicLog& log, const std::string& root, const PublishedTree& tree,
                                         const Pin& pin)
try {
    const auto reason = why_not_signed_for(log, root, tree, pin.key, pin.size);
    if (!reason)
        return std::nullopt;
    return PinDifference{FlawKind::outside, "the checkpoint is not of the pinned key: " + *reason};
} catch (const SystemError&) {
    throw;   // that a file cannot be read is not what it says
} catch (const LineMissing& error) {
    const std::string index = root + "/index/off.u64";
    return PinDifference{FlawKind::incomplete, exists(index) ? std::string{"a line that names a key: "} + error.what()
                                                             : index + " is not there, by which lines that name keys are found"};
} catch (const Error& error) {
    return PinDifference{FlawKind::contradiction, error.what()};
}

}

std::string Pin::text() const
{
    return std::to_string(size) + " " + base64(root) + " " + key.text();
}

Pin Pin::parse(std::string_view text)
{
    const auto words = split(trim(text), ' ');
    if (words.size() != 3)
        throw Error("a pin is not <size> <root> <vkey>");
    return {parse_size(words[0]), parse_hash(words[1]), VerifierKey::parse(words[2])};
}

Pin pin_of(const std::string& root, const std::optional<std::string>& vkey)
{
    const VerifierKey key = VerifierKey::parse(vkey ? *vkey : trim(read_file(root + "/keys/log.vkey", key_file_limit)));
    const Checkpoint newest = Checkpoint::open(newest_of(PublicLog{root}, root).note, key);
    return {newest.size, newest.root, key};
}

std::optional<PinDifference> compare_with(const Pin& pin, const std::string& root, Checkpoint& newest)
{
    const PublicLog log{root};
    const PublishedTree tree = newest_of(log, root);
    newest = tree.checkpoint;
    if (auto difference = compare_key(log, root, tree, pin))
        return difference;
    if (newest.size < pin.size)
        return PinDifference{FlawKind::outside, "rolled back: " + std::to_string(newest.size) + " lines, and "
                                                    + std::to_string(pin.size) + " when it was pinned"};
    try {
        if (log.root_of(pin.size, newest) != pin.root)
            return PinDifference{FlawKind::outside, "another history: its first " + std::to_string(pin.size)
                                                        + " lines have not the pinned root"};
    } catch (const SystemError&) {
        throw;
    } catch (const Error& error) {
        return PinDifference{FlawKind::contradiction, error.what()};
    }
    return std::nullopt;
}

}
