// forge-ledger-backup: copies the ledger, without private keys, into a folder that verifies by itself.
#include "audit/backup.h"
#include "audit/tool.h"
#include "lib/json.h"
#include "os/file.h"

#include <iostream>

namespace forge {

namespace {

constexpr const char* installed_key = "/var/lib/vaultmesh-forge-verify/backup.pem";
constexpr std::size_t key_limit = 4096;

constexpr Option options[] = {
    root_option,
    vkey_option,
    {"--key", "FILE", "the backup's own signing key, made where it is missing; default: "
                      "/var/lib/vaultmesh-forge-verify/backup.pem"},
    json_option,
    help_option,
};

NoteSigner signer_of(const std::string& path)
{
    if (!exists(path)) {
        make_folders(folder_of(path), 0700);
        write_file_durably(path, SigningKey::generate().to_pem(), 0400);
    }
    return {"forge-ledger-backup", SigningKey::from_pem(read_file(path, key_limit))};
}

int backup(const Arguments& arguments)
{
    arguments.expect_operands(1, 1);
    const LedgerView ledger = open_ledger(ledger_root(arguments), pinned_key(arguments));
    const NoteSigner signer = signer_of(arguments.value("--key", installed_key));
    const BackupReport report = backup_ledger(ledger, arguments.operands().front(), signer);
    if (arguments.has("--json"))
        std::cout << dump(Json::object({{"ok", true}, {"files", report.files}, {"copied", report.copied}, {"bytes", report.bytes},
                                        {"manifest", report.manifest}, {"key", signer.verifier_key().text()}}))
                  << '\n';
    else
        std::cout << report.copied << " of " << report.files << " files copied (" << mebibytes(report.bytes)
                  << "); manifest signed by " << signer.verifier_key().text() << '\n';
    return exit_ok;
}

constexpr Command command{"", "DIR", "copy the ledger into a folder that verifies by itself", options, backup};

}

}

int main(int argc, char** argv)
{
    return forge::run_tool("forge-ledger-backup", forge::command, argc, argv);
}
