// Trust policies (c2sp.org/tlog-policy): which logs and which witnesses are known, and how many must have cosigned.
#pragma once

#include "tlog/checkpoint.h"
#include "tlog/cosignature.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

class Policy {
public:
    struct Log {
        AnyKey key;
        std::string url;
    };
    struct Witness {
        std::string name;   // in the policy only
        AnyKey key;
        std::string url;
        std::optional<CosignerKey> cosigner{};   // none for ML-DSA-44, which nothing here can check: it never counts
    };

    /// Throws Error "line N: …" for anything that the specification does not allow.
    static Policy parse(std::string_view text);

    const std::vector<Log>& logs() const noexcept { return logs_; }
    const std::vector<Witness>& witnesses() const noexcept { return witnesses_; }

    /// What a note was found to be.
    struct Verdict {
        bool is_log_signed = false;      // by a log of the policy, in the name of the checkpoint's origin
        bool has_quorum = false;
        bool has_wrong = false;          // a signature of a known key that is not right
        std::map<std::string, std::uint64_t> witnessed{};   // witness name: seconds since 1970

        bool is_good() const { return is_log_signed && has_quorum && !has_wrong; }
    };
    /// Throws Error when the note's text is no checkpoint.
    Verdict check(const Note& note) const;

private:
    struct Group {
        std::size_t threshold;
        std::vector<std::string> members;
    };
    using Words = std::vector<std::string_view>;
    void add_log(const Words& words);
    void add_witness(const Words& words);
    void add_group(const Words& words);
    void set_quorum(const Words& words);
    void add_name(std::string_view name);
    bool is_known(std::string_view name) const;
    bool is_met(const std::string& name, const std::map<std::string, std::uint64_t>& witnessed) const;

    std::vector<Log> logs_;
    std::vector<Witness> witnesses_;
    std::map<std::string, Group, std::less<>> groups_;
    std::set<std::string, std::less<>> names_;
    std::set<std::string, std::less<>> members_;   // of groups
    std::optional<std::string> quorum_;            // "none": no witness is needed
};

}
