// A text that comes in pieces and goes out without what was found in it.
#include "scan/redacting_stream.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.h"

namespace forge {

namespace {

/// Bytes at the end of a text that are the beginning of a character of UTF-8.
std::size_t cut_bytes(std::string_view text)
{
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
        const auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if ((byte & 0xc0) == 0x80)
            continue;
        const std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
        return length > back ? back : 0;
    }
    return 0;
}

}

RedactingStream::RedactingStream(std::unique_ptr<StreamFinder> finder, Mode mode)
    : finder_(std::move(finder)), mode_(mode)
{
}

StreamRelease RedactingStream::push(std::string_view piece)
{
    buffer_ += std::exchange(cut_character_, {});
    buffer_ += piece;
    const auto cut = cut_bytes(buffer_);
    cut_character_ = buffer_.substr(buffer_.size() - cut);
    buffer_.resize(buffer_.size() - cut);
    return look(false);
}

StreamRelease RedactingStream::finish()
{
    buffer_ += std::exchange(cut_character_, {});
    return look(true);
}

std::string RedactingStream::rest()
{
    std::string rest = buffer_.substr(passed_ - base_) + cut_character_;
    passed_ = taken_bytes();
    return rest;
}

StreamRelease RedactingStream::look(bool ended)
{
    const GrowingText text{.text = buffer_, .base = base_, .ended = ended};
    std::vector<StreamFinding> findings;
    const auto progress = finder_->look(text, findings);
    scanned_ = progress.safe;
    StreamRelease release;
    release.findings = findings.size();
    if (mode_ == Mode::stop && !findings.empty()) {
        pass(findings.front().offset, release);
        return release;
    }
    if (mode_ == Mode::replace)
        for (const StreamFinding& finding : findings) {
            pass(finding.offset, release);
            release.text += "[redacted:" + std::string{finding.name} + "]";
            passed_ += finding.length;
        }
    pass(mode_ == Mode::keep ? text.end() : std::max(progress.safe, passed_), release);
    const auto needed = std::min({progress.needed, passed_, text.end()});
    buffer_.erase(0, needed - base_);
    base_ = needed;
    return release;
}

void RedactingStream::pass(std::size_t until, StreamRelease& release)
{
    if (until < passed_)
        throw Error("a finding in a text that went out already");
    release.text.append(buffer_, passed_ - base_, until - passed_);
    release.released += until - passed_;
    passed_ = until;
}

}
