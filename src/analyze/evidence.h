// Evidence: a tree of files that a run may look at, wherever it comes from.
#pragma once

#include "lib/json.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

struct EvidenceFile {
    std::string path;          // relative, UTF-8, "/" between its parts, none of them "." or ".."
    std::uint64_t size = 0;
};

/// What was left out, and why: the first hundred by name, all of them by number.
class Skips {
public:
    void add(std::string_view path, std::string_view reason);
    void add(const Skips& others);

    std::size_t count() const noexcept { return count_; }
    /// {"count":2,"reasons":{"symbolic link":2},"items":[{"path":"a","reason":"symbolic link"},…]}
    Json json() const;
    static Skips from_json(const Json& json);

private:
    std::size_t count_ = 0;
    std::map<std::string, std::size_t> reasons_;
    std::vector<std::pair<std::string, std::string>> items_;
};

/// Files sorted by path, read one at a time.  Reading is for one thread; different trees are independent.
class EvidenceTree {
public:
    virtual ~EvidenceTree() = default;

    virtual const std::vector<EvidenceFile>& files() const = 0;
    virtual const Skips& skips() const = 0;
    /// The file's bytes, at most `limit` of them; nothing when it cannot be read any more.
    virtual std::optional<std::string> read(const EvidenceFile& file, std::size_t limit) const = 0;
};

/// Texts given as arguments of a run, by the path they are shown under.
class TextEvidence : public EvidenceTree {
public:
    explicit TextEvidence(std::map<std::string, std::string> texts);

    const std::vector<EvidenceFile>& files() const override { return files_; }
    const Skips& skips() const override { return skips_; }
    std::optional<std::string> read(const EvidenceFile& file, std::size_t limit) const override;

private:
    std::map<std::string, std::string> texts_;
    std::vector<EvidenceFile> files_;
    Skips skips_;
};

/// The digest of a tree from the SHA-256 of its files: "sha256:" and what
///   find . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum
/// prints in it: SHA-256 over one line "HEX  PATH\n" for each file, sorted by the bytes of the paths.
std::string tree_digest(const std::map<std::string, std::string>& file_hashes_in_hex);

/// Why a path cannot name evidence ("absolute path", "leaves the folder", …); nothing for a good one.
std::optional<std::string> path_fault(std::string_view path);
/// "a/b" for "./a//b/".
std::string normal_path(std::string_view path);
/// A path of any bytes, fit to be shown: what is not UTF-8 or a control character is "?", and it is
/// not longer than 300 bytes.
std::string shown_path(std::string_view path);

}
