// A text that comes in pieces and goes out without what was found in it.
#pragma once

#include "scan/growing_text.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace forge {

/// What a piece of text becomes on its way, by one kind of finding.
struct StreamRelease {
    std::string text;            // what goes on
    std::size_t findings = 0;    // met since the last release
    std::size_t released = 0;    // bytes that went on as they came
};

/// Holds back only what may still turn out to be part of a finding, and what of a character is not there yet.
/// For every way of cutting a text, what goes out is the same.
class RedactingStream {
public:
    enum class Mode {
        replace,   // each finding becomes "[redacted:NAME]"
        keep,      // what is found goes out, unchanged, as soon as it comes
        stop,      // what comes before the first finding goes out; then nothing may be pushed any more
    };

    RedactingStream(std::unique_ptr<StreamFinder> finder, Mode mode);

    StreamRelease push(std::string_view piece);
    /// The rest.
    StreamRelease finish();
    /// What came and did not go out, unseen: for when the finder failed.
    std::string rest();

    std::size_t taken_bytes() const noexcept { return base_ + buffer_.size() + cut_character_.size(); }
    /// Of which no more findings can come.
    std::size_t scanned_bytes() const noexcept { return scanned_; }
    std::size_t held_bytes() const noexcept { return taken_bytes() - passed_; }

private:
    StreamRelease look(bool ended);
    void pass(std::size_t until, StreamRelease& release);

    std::unique_ptr<StreamFinder> finder_;
    Mode mode_;
    std::string buffer_;           // from base_ on
    std::string cut_character_;    // behind it: the bytes of one that is not whole
    std::size_t base_ = 0;
    std::size_t passed_ = 0;       // what comes before this went out
    std::size_t scanned_ = 0;      // what comes before this was seen
};

}
