// How a collector reads evidence: file after file, within its limits, with a note of all it left out.
#pragma once

#include "analyze/collector.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace forge {

/// A file's text, given to a collector: UTF-8 or any other bytes without NUL; UTF-16 with a byte order mark is made
/// UTF-8 first.
using TextVisitor = std::function<void(const EvidenceFile& file, std::string_view text)>;

/// Reads the evidence of a request, and the texts that `settings.texts` ({"Dockerfile": "name of an argument"}) takes
/// from its arguments.
class EvidenceReader {
public:
    explicit EvidenceReader(const CollectorRequest& request);

    /// Visits each file that `wanted` names (all: null), in order of paths.  Counted as skipped: binary files, files
    /// that are too large, and what limits leave unread.
    void each(const TextVisitor& visit, const std::function<bool(std::string_view path)>& wanted = nullptr);

    /// False while there was nothing to look at: no text, or only blank ones.
    bool read_any() const noexcept { return read_any_; }
    /// {"files":12,"bytes":3456,"digest":"sha256:…"} of what was read, binary files included.
    Json scanned() const;
    const Skips& skips() const noexcept { return skips_; }
    /// SHA-256 in hex of what was read, by path.
    const std::map<std::string, std::string>& hashes() const noexcept { return hashes_; }

private:
    void take(const EvidenceTree& tree, const TextVisitor& visit, const std::function<bool(std::string_view)>& wanted);
    bool is_over_limit(const EvidenceFile& file);
    void take_file(const EvidenceTree& tree, const EvidenceFile& file, const TextVisitor& visit);
    void show(const EvidenceFile& file, std::string_view text, const TextVisitor& visit);

    const CollectorRequest& request_;
    TextEvidence texts_;
    Skips skips_;
    std::map<std::string, std::string> hashes_;
    std::uint64_t bytes_ = 0;
    bool read_any_ = false;
};

/// True for bytes that no text has: NUL, or too many control characters, in the first 8 KiB.
bool is_binary(std::string_view bytes);

}
