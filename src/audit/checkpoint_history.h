// The checkpoints that were published, one after the other as checkpoints/*.notes have them, each with its signature
// checked.
#pragma once

#include "audit/flaws.h"
#include "audit/log_keys.h"
#include "audit/line_stream.h"
#include "tlog/checkpoint.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace forge {

class CheckpointHistory {
public:
    struct Published {
        Checkpoint checkpoint;
        std::string file;
        std::vector<std::string> signers;   // of the log's keys
    };

    CheckpointHistory(std::string root, LogKeys keys, Flaws& findings);

    /// The next one, nothing at the end.  What is none, is not signed or contradicts the one before is noted as found.
    const std::optional<Published>& current() const noexcept { return current_; }
    /// To the one after it; at the end, to what has come meanwhile.
    void advance();
    std::uint64_t count() const noexcept { return count_; }
    /// The file read last, below the root; empty when there is none.
    const std::string& file() const noexcept { return file_; }

private:
    bool open_next_file();
    void begin_file(std::string file);
    bool read_note();
    void take_note();
    void found(const std::string& reason);

    std::string root_;
    LogKeys keys_;
    Flaws& findings_;
    std::string file_;
    std::unique_ptr<LineStream> lines_;
    std::string note_;              // as far as it was read
    std::uint64_t line_ = 0;        // lines read from the file
    std::uint64_t note_line_ = 1;   // where the note begins
    bool has_signature_ = false;
    std::optional<Published> current_;
    std::uint64_t size_ = 0;        // of the last one
    Hash root_of_last_{};
    std::uint64_t count_ = 0;
};

}
