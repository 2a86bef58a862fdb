// What is known from outside of a ledger that is about to be opened.
#include "audit/start_check.h"

#include "audit/log_keys.h"
#include "audit/pin.h"
#include "audit/witness_state.h"
#include "base/error.h"
#include "base/log.h"
#include "config/config.h"
#include "ledger/refusal.h"
#include "os/file.h"

#include <filesystem>

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

std::vector<KnownTree> known_by_settings(const std::string& root)
{
    const Config config{system_settings(), command};
    auto known = known_from_outside({.root = root, .origin = "", .pin = config.ledger_pin, .witnessed = config.ledger_witnessed});
    std::error_code ignored;
    if (!std::filesystem::equivalent(root, config.ledger_root, ignored)) {
        const std::string origin = folder_key(root).name();
        std::erase_if(known, [&](const KnownTree& one) { return !one.is_cosigned && one.tree.origin != origin; });
    }
    return known;
}

}
