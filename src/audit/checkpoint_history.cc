// The checkpoints that were published.
#include "audit/checkpoint_history.h"

#include "base/error.h"
#include "os/file.h"

#include <algorithm>

namespace forge {

namespace {

constexpr std::string_view folder = "checkpoints/";
constexpr std::string_view file_end = ".notes";
constexpr std::size_t line_limit_bytes = 64U << 10;

}

CheckpointHistory::CheckpointHistory(std::string root, LogKeys keys, Flaws& findings)
    : root_(std::move(root)), keys_(std::move(keys)), findings_(findings)
{
    advance();
}

void CheckpointHistory::found(const std::string& reason)
{
    findings_.add(FlawKind::contradiction, file_, note_line_, reason);
}

// The file of the next day that has one: the writer has done with the one before.
bool CheckpointHistory::open_next_file()
{
    const auto names = names_if_any(root_ + "/checkpoints");
    const auto next = std::find_if(names.begin(), names.end(), [this](const std::string& name) {
        return name.ends_with(file_end) && std::string{folder} + name > file_;
    });
    if (next == names.end())
        return false;
    if (read_note())
        return true;   // it came just before
    if (!note_.empty() || (lines_ && lines_->has_rest()))
        found("the last note does not end");
    begin_file(std::string{folder} + *next);
    return read_note() || open_next_file();
}

void CheckpointHistory::begin_file(std::string file)
{
    file_ = std::move(file);
    lines_.reset();
    note_.clear();
    line_ = 0;
    note_line_ = 1;
    has_signature_ = false;
    try {
        lines_ = std::make_unique<LineStream>(root_ + "/" + file_, line_limit_bytes);
    } catch (const SystemError&) {
        throw;
    } catch (const Error& error) {
        found(error.what());
    }
}

// Reads on to the end of a note: the first empty line after a signature.  False when it is not there (yet).
bool CheckpointHistory::read_note()
try {
    while (const auto line = lines_ ? lines_->next() : std::nullopt) {
        ++line_;
        if (line->empty() && has_signature_)
            return true;
        has_signature_ = has_signature_ || line->starts_with("\u2014 ");
        note_.append(*line).append("\n");
    }
    return false;
} catch (const SystemError&) {
    throw;
} catch (const Error& error) {   // a line without end
    found(error.what());
    lines_.reset();
    note_.clear();
    return false;
}

void CheckpointHistory::take_note()
{
    try {
        Checkpoint checkpoint = keys_.open_checkpoint(note_);
        if (checkpoint.size < size_)
            throw Error("its size is below that of the one before");
        if (count_ > 0 && checkpoint.size == size_ && checkpoint.root != root_of_last_)
            throw Error("it has the size of the one before and another root");
        size_ = checkpoint.size;
        root_of_last_ = checkpoint.root;
        current_ = Published{std::move(checkpoint), file_, keys_.signers(note_)};
        ++count_;
    } catch (const Error& error) {
        found(std::string{"a checkpoint that does not hold: "} + error.what());
    }
    note_.clear();
    note_line_ = line_ + 1;
    has_signature_ = false;
}

void CheckpointHistory::advance()
{
    current_.reset();
    while (!current_ && (read_note() || open_next_file()))
        take_note();
}

}
