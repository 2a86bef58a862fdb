// The data keys: one for each subject and month, wrapped, so that a subject's values are erased by destroying it.
#pragma once

#include "ledger/env.h"
#include "ledger/growing_file.h"

#include <map>
#include <string>
#include <vector>

namespace forge {

struct DataKey {
    std::string id;    // 32 hex digits, random
    std::string key;   // 32 bytes
};

/// One file a month, DIR/2026-11.jsonl: {"dek":id,"nonce":hex,"subject":tag,"wrapped":base64}, the key sealed with
/// AES-256-GCM under the key-encryption key, its id as associated data.
class DataKeys {
public:
    DataKeys(Io& io, Env& env, std::string folder, std::string key_encryption_key);

    /// The key of a subject in a month ("2026-11"); a new one must be saved before anything is sealed for good.
    const DataKey& key_for(const std::string& subject, const std::string& month);
    /// Makes new keys durable.  Throws as GrowingFile; the keys that could not be saved are then forgotten.
    void save();
    /// Nothing when the key was destroyed.  Throws LedgerDamaged when it cannot be unwrapped.
    const DataKey* find(const std::string& id, const std::string& month);

    /// Months that have keys, in order.
    std::vector<std::string> months();
    /// Whether a subject has keys in a month, retired ones too.
    bool has_subject(const std::string& subject, const std::string& month);
    /// From now on key_for gives another key than this one; find gives it until it is destroyed.
    void retire(const std::string& id, const std::string& month);
    /// Takes keys out of a month's file for good, and all of a month's.  Errors are those of rethrow_classified.
    void destroy(const std::vector<std::string>& ids, const std::string& month);
    void destroy_month(const std::string& month);

private:
    struct Month {
        Month(Io& io, const std::string& path) : file(io, path, 0600) {}
        GrowingFile file;
        std::map<std::string, DataKey> by_subject{};
        std::map<std::string, DataKey> by_id{};
        std::map<std::string, std::string> subject_of{};   // by id
        std::vector<std::string> unsaved{};
    };
    Month& month_of(const std::string& name);
    void load(Month& month) const;

    Io& io_;
    Env& env_;
    const std::string folder_;
    const std::string kek_;
    std::map<std::string, Month> months_;
};

}
