// What is known from outside of a ledger that is about to be opened.
#include "audit/start_check.h"

#include "audit/pin.h"
#include "audit/witness_state.h"
#include "base/error.h"
#include "base/log.h"
#include "ledger/refusal.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t pin_limit = 4096;

KnownTree pinned(const std::string& path)
try {
    const Pin pin = Pin::parse(read_file(path, pin_limit));
    return {path, {pin.key.name(), pin.size, pin.root}};
} catch (const Error& error) {
    throw ConfigError("FORGE_LEDGER_PIN=" + path + ": " + error.what());
}

// Whoever can spoil the file can remove it too: neither keeps a ledger from starting that needs no witness.
std::optional<Checkpoint> cosigned(const std::string& path)
try {
    return read_witness_state(path).cosigned;
} catch (const Error& error) {
    log(Severity::warning, "what witnesses have cosigned cannot be read", {{"file", path}, {"error", error.what()}});
    return std::nullopt;
}

}

std::vector<KnownTree> known_from_outside(const StartCheck& check)
{
    std::vector<KnownTree> known;
    if (!check.pin.empty())
        known.push_back(pinned(check.pin));
    if (const auto tree = cosigned(check.witnessed))
        known.push_back({check.witnessed, *tree, true});
    if (!exists(check.root + "/state/meta"))
        compare_with_known(known, check.origin, 0, [](std::uint64_t) { return root_hash({}); });
    return known;
}

}
