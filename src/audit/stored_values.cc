// The private values of a day's sidecar.
#include "audit/stored_values.h"

#include "base/error.h"
#include "ledger/private_values.h"
#include "os/file.h"

#include <unistd.h>

namespace forge {

namespace {

constexpr std::size_t sidecar_line_limit = 16U << 20;   // base64 of 8 MiB and what stands beside it
constexpr std::size_t commitment_key_size = 32;
constexpr std::size_t changed_limit = 1000;

}

StoredValues::StoredValues(const std::string& root, Flaws& findings)
    : findings_(findings), keys_(root, findings), lines_(root, sidecar_line_limit, findings)
{
}

void StoredValues::begin_day(const std::string& day)
{
    lines_.begin("private/" + day + ".jsonl");
    value_.reset();
    keys_.begin_month(day.substr(0, 7));
}

// Where an erasure replaced the file, what came since stands in the new one only.
std::optional<std::string_view> StoredValues::next_line()
{
    if (const auto text = lines_.next())
        return text;
    if (!lines_.is_replaced())
        return std::nullopt;
    lines_.follow();
    return lines_.next();
}

const ValueLine* StoredValues::current()
{
    while (!value_) {
        const auto text = next_line();
        if (!text)
            return nullptr;
        value_ = parse_value_line(*text);
        if (!value_)
            findings_.add(FlawKind::contradiction, file(), line(), "not a line of private values");
    }
    return &*value_;
}

// An erasure replaces the file, each line by one of the same length, before it destroys the keys of what it replaced.
std::optional<std::string> StoredValues::read_anew() const
{
    if (!lines_.is_replaced())
        return std::nullopt;
    const Fd now = open_regular(lines_.path());
    std::string text(lines_.size(), '\0');
    const ssize_t count = ::pread(now.get(), text.data(), text.size(), static_cast<off_t>(lines_.offset()));
    return count == static_cast<ssize_t>(text.size()) ? std::optional{std::move(text)} : std::nullopt;
}

StoredValues::Verdict StoredValues::check(const Commitment& commitment, const Hash& leaf, const std::string& shard,
                                          std::uint64_t shard_line)
{
    std::string reason;
    Verdict verdict = open(*value_, commitment, leaf, reason);
    if (verdict == Verdict::changed || verdict == Verdict::keyless)
        if (const auto anew = read_anew())
            if (const auto value = parse_value_line(*anew); value && value->seq == value_->seq && value->name == value_->name)
                verdict = open(*value, commitment, leaf, reason);
    if (verdict == Verdict::changed && changed_.size() < changed_limit)
        changed_.push_back({shard, shard_line, file(), line(), reason});
    return verdict;
}

StoredValues::Verdict StoredValues::open(const ValueLine& value, const Commitment& commitment, const Hash& leaf,
                                         std::string& reason)
{
    if (value.is_erased)
        return Verdict::gone;
    ValueKeys::Key* const key = keys_.find(value.key);
    if (!key)
        return Verdict::keyless;
    if (!keys_.can_open() || key->is_broken) {
        unopened_ += !keys_.can_open();
        return Verdict::there;
    }
    const auto sealed = from_base64(value.sealed);
    const std::string_view opener{key->bytes.data(), key->bytes.size()};
    const auto plain = sealed ? open_aes_gcm(opener, value.nonce, *sealed, text_of(leaf)) : std::nullopt;
    const std::string what = "the value \"" + commitment.name + "\" of seq " + std::to_string(value.seq);
    if (!plain || plain->size() < commitment_key_size) {
        reason = what + " was changed: its data key does not open it";
        return Verdict::changed;
    }
    keys_.note_subject(value.key, *key, value.subject, file(), line());
    const auto text = std::string_view{*plain}.substr(commitment_key_size);
    if (text.empty() || is_committed(commitment, std::string_view{*plain}.substr(0, commitment_key_size), text))
        return Verdict::there;   // or only its key was to be stored
    reason = what + " is not the one that the line commits to";
    return Verdict::changed;
}

void StoredValues::finish()
{
    keys_.finish();
    for (const auto& [shard, shard_line, file, line, reason] : changed_)
        if (!findings_.has(shard, shard_line))
            findings_.add(FlawKind::contradiction, file, line, reason);
}

}
