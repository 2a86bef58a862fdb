// Private values: commitments for the line, and the encrypted values for the sidecar.
#pragma once

#include "ledger/entry.h"
#include "ledger/data_keys.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// A value whose commitment was made: HMAC-SHA256(key, value).
struct CommittedValue {
    std::string name;
    std::string key;     // 32 bytes
    std::string value;   // empty when it is not to be stored
};

struct CommittedValues {
    std::vector<Commitment> commitments;   // sorted by name
    std::vector<CommittedValue> values;    // likewise
};

/// One line of private/D.jsonl, without its LF:
/// {"dek":id,"name":name,"nonce":hex,"sealed":base64,"seq":n,"subject":tag}; sealed = AES-256-GCM of key || value with the
/// leaf's hash as associated data.  What was erased left {"erased":"---…","name":name,"seq":n} of the same length: then
/// only name and seq are set.
struct SidecarLine {
    std::string_view dek, name, nonce, sealed, subject;
    std::uint64_t seq;

    bool is_erased() const noexcept { return dek.empty(); }
};
/// Nothing when it has another form.
std::optional<SidecarLine> parse_sidecar(std::string_view line);

/// What stands in the place of a line (without its LF) whose value was erased, as long as it.
std::string erased_line(const SidecarLine& line, std::size_t size);

class PrivateValues {
public:
    /// `index_key`: 32 bytes that only forge-ledgerd has; makes subject tags.
    PrivateValues(Env& env, DataKeys& keys, std::string index_key);

    /// 64 hex digits: HMAC-SHA256(index key, JCS([iss, sub])), iss null where it is empty.
    std::string tag_of(const Subject& subject) const;
    CommittedValues commit(const std::vector<PrivateValue>& values) const;
    /// The sidecar's lines, each with its LF; needs DataKeys::save() before they are written.
    std::string seal(std::uint64_t seq, const Hash& leaf, const std::string& day, const std::string& tag,
                     const std::vector<CommittedValue>& values);
    /// Nothing when the data key was destroyed.  Throws LedgerDamaged when the line was changed.
    std::optional<CommittedValue> open(const SidecarLine& line, const Hash& leaf, const std::string& day);

private:
    Env& env_;
    DataKeys& keys_;
    const std::string index_key_;
};

/// Whether the value is the one the commitment is about.
bool is_committed(const Commitment& commitment, std::string_view key, std::string_view value);

}
