// Lines of JSON (NDJSON) as a provider streams them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// Takes the bytes in any pieces and gives each line once it is complete; blank ones do not count.
class JsonLineReader {
public:
    static constexpr std::size_t most_line_bytes = 1024 * 1024;

    /// The lines that this piece completes, without their ends.  Nothing more once one was too long: see is_broken.
    std::vector<std::string> take(std::string_view piece);
    /// What came after the last line's end; to be asked for once, when nothing more comes.
    std::vector<std::string> rest();
    bool is_broken() const noexcept { return broken_; }

private:
    std::string line_;
    bool broken_ = false;
};

}
