// Finds secrets in a text that grows: the engine of find_secrets and of streams.
#pragma once

#include "scan/growing_text.h"
#include "scan/secrets.h"

#include <cstddef>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

namespace forge {

/// Looks at a text from left to right.  A place where a rule's keyword stands is judged once its window is at hand, or
/// earlier: once no match of the rule can begin like what is there.
class SecretFinder {
public:
    SecretFinder();

    /// As StreamFinder::look, for secrets.  Looks no further once there are `most` findings that may overlap.
    ScanProgress look(const GrowingText& text, std::vector<SecretFinding>& findings,
                      std::size_t most = std::string_view::npos);
    bool is_cut() const noexcept { return cut_; }

private:
    struct Place {
        std::size_t at = 0;          // of the keyword
        std::size_t rule = 0;
        std::size_t look_again = 0;  // when the text has come so far
    };

    void meet_keywords(const GrowingText& text, std::size_t most);
    void settle_open(const GrowingText& text);
    bool is_settled(Place& place, const GrowingText& text);
    bool is_judged(const Place& place, const GrowingText& text, std::string_view window);
    std::size_t safe_offset(const GrowingText& text) const;
    void give_final(std::size_t safe, bool ended, std::vector<SecretFinding>& findings);

    std::size_t safe_ = 0;
    std::size_t scanned_ = 0;              // every keyword that begins before this was met
    std::deque<Place> open_;               // those that are not judged yet, by place
    std::vector<std::size_t> matched_;     // by rule: the end of its last match, which is not looked at again
    std::vector<SecretFinding> found_;     // not final
    std::optional<SecretFinding> last_;    // what a later one that overlaps it may still replace
    bool cut_ = false;
};

/// The same as a part of a stream.
class SecretStreamFinder : public StreamFinder {
public:
    ScanProgress look(const GrowingText& text, std::vector<StreamFinding>& findings) override;

private:
    SecretFinder finder_;
};

}
