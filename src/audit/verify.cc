// Verifies a ledger as a whole: with which keys, and the run itself.
#include "audit/verify.h"

#include <algorithm>
#include <cerrno>

#include "audit/folder_check.h"
#include "audit/verification.h"
#include "base/error.h"
#include "os/file.h"

namespace forge {

namespace {

// The keys of the folder, or what is left of them; what is wrong with them is found, but for want of rights nothing is.
std::optional<LogKeys> keys_of_folder(const std::string& root, const std::optional<VerifierKey>& pinned, Flaws& findings)
{
    const auto tried = [&](const std::string& file, const auto& read) -> decltype(std::optional{read(root)}) {
        try {
            return read(root);
        } catch (const SystemError& error) {
            if (error.code == EACCES)
                throw;
            findings.add(FlawKind::contradiction, file, 0, error.what());
            return std::nullopt;
        } catch (const Error& error) {
            findings.add(FlawKind::contradiction, file, 0, error.what());
            return std::nullopt;
        }
    };
    const auto current = tried("keys/log.vkey", folder_key);
    const auto all = tried("keys/log.vkeys", folder_keys);
    if (current && all && !all->empty() && std::ranges::find(*all, *current) == all->end())
        findings.add(FlawKind::contradiction, "keys/log.vkeys", 0, "the key of keys/log.vkey is not among them");
    if (!current && !pinned)
        return std::nullopt;
    return LogKeys{current ? *current : *pinned, all.value_or(std::vector<VerifierKey>{})};
}

}

VerifyReport verify_ledger(const VerifyOptions& options)
{
    VerifyReport report;
    if (!exists(options.root + "/keys") && !exists(options.root + "/checkpoint"))
        throw Error(options.root + " holds no ledger");
    if (!has_folders(options.root, report.findings))
        return report;
    std::optional<VerifierKey> pinned;
    if (options.vkey)
        pinned = VerifierKey::parse(*options.vkey);
    const auto keys = keys_of_folder(options.root, pinned, report.findings);
    if (!keys)
        return report;
    if (pinned && std::ranges::find(keys->all(), *pinned) == keys->all().end())
        report.findings.add(FlawKind::outside, "keys/log.vkey", 0, "not the pinned key: " + keys->current().fingerprint());
    if (!pinned)
        report.warnings.push_back("key not pinned " + keys->current().fingerprint());
    report.origin = keys->origin();
    report.vkey = keys->current().text();
    Verification{options, *keys, report}.run();
    return report;
}

}
