// What a witness of other logs remembers of each, and how it answers add-checkpoint (c2sp.org/tlog-witness).
#pragma once

#include "base/clock.h"
#include "base/guarded.h"
#include "tlog/policy.h"
#include "tlog/witness.h"

#include <map>
#include <string>
#include <string_view>

namespace forge {

struct HttpAnswer {
    int status = 200;
    std::string body{};
    std::string content_type = "text/plain; charset=utf-8";
};

/// Any thread.  The newest cosigned checkpoint of a log is in folder/<SHA-256 of its origin>.note, on the disk before its
/// cosignature leaves.  Only one object may use a folder at a time.
class WitnessBook {
public:
    /// The logs are those of `policy`.  Throws Error naming a file of the folder that is not as it was written here: who
    /// forgets what was cosigned could cosign another history.
    WitnessBook(Policy policy, Cosigner cosigner, std::string folder);

    const CosignerKey& key() const noexcept { return cosigner_.verifier_key(); }
    /// The body of a POST; throws SystemError when the disk does not take it, and Error from then on.
    HttpAnswer add_checkpoint(std::string_view body, WallTime now);

private:
    struct Seen {
        std::uint64_t size = 0;
        Hash root{};
        std::uint64_t seconds = 0;   // of its cosignature: they never go back
    };
    struct Newest {
        std::map<std::string, Seen> by_origin{};
        bool is_unknown = false;     // a write failed: what the disk has is not what is here
    };
    void remember(const std::string& name);
    bool knows(const std::string& origin) const;
    std::string signatures_of_log(const Note& note, const std::string& origin) const;
    HttpAnswer advance(const AddCheckpoint& request, const Checkpoint& tree, const std::string& text,
                       const std::string& signatures, WallTime now);

    const Policy policy_;
    const Cosigner cosigner_;
    const std::string folder_;
    Guarded<Newest> newest_;
};

}
