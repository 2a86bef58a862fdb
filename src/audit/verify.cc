// Verifies a ledger as a whole: with which key, and the run itself.
#include "audit/verify.h"

#include "audit/verification.h"
#include "base/error.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t key_file_limit = 4096;

VerifierKey folder_key(const std::string& root)
{
    const std::string text = read_file(root + "/keys/log.vkey", key_file_limit);
    if (!text.ends_with('\n'))
        throw Error("not one line");
    return VerifierKey::parse(std::string_view{text}.substr(0, text.size() - 1));
}

}

VerifyReport verify_ledger(const VerifyOptions& options)
{
    VerifyReport report;
    if (!exists(options.root + "/keys") && !exists(options.root + "/checkpoint"))
        throw Error(options.root + " holds no ledger");
    std::optional<VerifierKey> pinned;
    if (options.vkey)
        pinned = VerifierKey::parse(*options.vkey);
    std::optional<VerifierKey> key;
    try {
        key = folder_key(options.root);
    } catch (const Error& error) {
        report.findings.add(FlawKind::contradiction, "keys/log.vkey", 0, error.what());
    }
    if (pinned && key && *pinned != *key)
        report.findings.add(FlawKind::outside, "keys/log.vkey", 0, "not the pinned key: " + key->fingerprint());
    if (!pinned && key)
        report.warnings.push_back("key not pinned " + key->fingerprint());
    if (!key)
        key = pinned;
    if (!key)
        return report;
    report.origin = key->name();
    Verification{options, *key, report}.run();
    return report;
}

}
