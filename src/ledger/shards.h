// The files of the days: events-D.jsonl with the lines, private/D.jsonl with the encrypted private values.
#pragma once

#include "ledger/growing_file.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// "/…/events-2026-11-23.jsonl"
std::string shard_path(const std::string& root, const std::string& day);
/// "/…/archive/2026/events-2026-11-23.jsonl.zst": where a shard is once it was archived.
std::string archive_path(const std::string& root, const std::string& day);
std::string sidecar_path(const std::string& root, const std::string& day);

/// Errors are those of GrowingFile.
class Shards {
public:
    Shards(Io& io, std::string root) : io_(io), root_(std::move(root)) {}

    /// Days that have a shard, archived or not, in order.
    std::vector<std::string> days();
    /// The shard of a day, made where it is missing; from then on the one that others ask for.  The one of another day is
    /// made durable first.
    GrowingFile& lines(const std::string& day);
    GrowingFile& sidecar(const std::string& day);
    /// It was replaced: opened anew when next needed.
    void close_sidecar() { sidecar_.reset(); }
    /// Makes both durable; is_behind: the disk did not take all of them yet.
    void sync();
    bool is_behind() const noexcept;
    bool has_sidecar(const std::string& day) { return io_.exists(sidecar_path(root_, day)); }
    /// The newest shard, when it is empty.
    void remove_empty(const std::string& day);
    /// No line is added any more.
    void make_read_only(const std::string& day);

    /// Bytes of any day's shard or sidecar; fewer at its end.
    std::string read_lines(const std::string& day, std::uint64_t offset, std::size_t size);
    std::string read_sidecar(const std::string& day, std::uint64_t offset, std::size_t size);
    std::uint64_t size_of(const std::string& day);

private:
    struct Open {
        std::string day;
        GrowingFile file;
    };
    bool is_archived(const std::string& day);
    GrowingFile& opened(std::optional<Open>& slot, const std::string& day, const std::string& path, mode_t mode);

    Io& io_;
    const std::string root_;
    std::optional<Open> lines_;
    std::optional<Open> sidecar_;
};

/// The line of a shard that begins at `offset`, without its LF.  Throws LedgerDamaged when there is none.
std::string line_at(Shards& shards, const std::string& day, std::uint64_t offset);

}
