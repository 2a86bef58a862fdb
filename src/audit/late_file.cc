// A file of lines that comes while it is read.
#include "audit/late_file.h"

#include "base/error.h"
#include "os/file.h"

namespace forge {

void LateFile::begin(std::string file)
{
    file_ = std::move(file);
    lines_.reset();
    is_unreadable_ = false;
    line_ = offset_ = size_ = 0;
}

// File and lines are looked for again when they are missed.
std::optional<std::string_view> LateFile::next()
try {
    if (is_unreadable_ || (!lines_ && !exists(path())))
        return std::nullopt;
    if (!lines_)
        lines_ = std::make_unique<LineStream>(path(), line_limit_, line_ > 0 ? offset_ + size_ + 1 : 0);
    const auto text = lines_->next();
    if (text) {
        offset_ += line_++ > 0 ? size_ + 1 : 0;
        size_ = text->size();
    }
    return text;
} catch (const SystemError&) {
    throw;
} catch (const Error& error) {
    is_unreadable_ = true;
    findings_.add(FlawKind::contradiction, file_, line_ + 1, error.what());
    return std::nullopt;
}

}
