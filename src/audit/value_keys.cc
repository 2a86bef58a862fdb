// The data keys of private values.
#include "audit/value_keys.h"

#include "base/error.h"
#include "os/file.h"

#include <algorithm>
#include <cerrno>

namespace forge {

namespace {

constexpr const char* kek_file = "state/kek";
constexpr std::size_t kek_limit = 4096;
constexpr std::size_t kek_size = 32;
constexpr std::size_t key_line_limit = 4096;
constexpr std::size_t places_limit = 1000;

}

ValueKeys::ValueKeys(std::string root, Flaws& findings)
    : root_(std::move(root)), findings_(findings), lines_(root_, key_line_limit, findings)
{
}

void ValueKeys::begin_month(const std::string& month)
{
    const std::string file = "private/keys/" + month + ".jsonl";
    if (file == lines_.file())
        return;
    settle_subjects();
    lines_.begin(file);
    broken_last_ = 0;
    keys_.clear();
}

// Without the right to read it, or in a copy without state/, the values stay closed.
void ValueKeys::read_kek()
try {
    has_looked_for_kek_ = true;
    const std::string text = read_regular(root_ + "/" + kek_file, kek_limit);
    auto key = from_hex(std::string_view{text}.substr(0, 2 * kek_size));
    if (key && key->size() == kek_size && hex(*key) + "\n" == text)
        kek_ = std::move(key);
    else
        findings_.add(FlawKind::contradiction, kek_file, 1, "not 64 digits of lower-case hex");
} catch (const SystemError& error) {
    if (error.code != EACCES && error.code != ENOENT)
        throw;
} catch (const Error& error) {
    findings_.add(FlawKind::contradiction, kek_file, 0, error.what());
}

ValueKeys::Key* ValueKeys::find(const KeyId& id)
{
    if (!has_looked_for_kek_)
        read_kek();
    for (;;) {
        if (const auto known = keys_.find(id); known != keys_.end()) {
            if (known->second.is_broken && known->second.line == broken_last_)
                settle_last();
            return &known->second;
        }
        if (const auto line = lines_.next()) {
            take(*line);
        } else if (lines_.is_replaced()) {   // an erasure writes the file anew
            lines_.begin(std::string{file()});
            broken_last_ = 0;
        } else {
            settle_last();
            return nullptr;
        }
    }
}

void ValueKeys::take(std::string_view line)
{
    settle_last();
    const auto parsed = parse_key_line(line);
    if (!parsed) {
        broken_last_ = lines_.line();
        return;
    }
    Key key{.subject = parsed->subject, .line = lines_.line()};
    if (kek_)
        unwrap(*parsed, key);
    keys_.insert_or_assign(parsed->id, key);
}

void ValueKeys::unwrap(const KeyLine& line, Key& key)
{
    const auto bytes = open_aes_gcm(*kek_, line.nonce, line.wrapped, line.id_text);
    key.is_broken = !bytes || bytes->size() != key.bytes.size();
    if (key.is_broken) {
        broken_last_ = lines_.line();
        return;
    }
    std::ranges::copy(*bytes, key.bytes.begin());
    if (opened_++ == 0)
        for (const auto& [file, number] : std::exchange(broken_places_, {}))
            findings_.add(FlawKind::contradiction, file, number, "no data key that can be unwrapped");
}

void ValueKeys::found_broken(std::uint64_t line)
{
    ++broken_;
    if (opened_ > 0 || !kek_)
        findings_.add(FlawKind::contradiction, file(), line, "no data key that can be unwrapped");
    else if (broken_places_.size() < places_limit)
        broken_places_.push_back({file(), line});
}

void ValueKeys::settle_last()
{
    if (broken_last_ != 0)
        found_broken(std::exchange(broken_last_, 0));
}

void ValueKeys::note_subject(const KeyId& id, Key& key, const Hash& subject, const std::string& file, std::uint64_t line)
{
    if (key.subject == subject) {
        ++key.same;
        return;
    }
    ++key.other;
    if (subjects_.size() < places_limit)
        subjects_.push_back({id, {file, line}});
}

// One of many values that has another subject than the key was changed; where none has the key's, the key was.
void ValueKeys::settle_subjects()
{
    for (const auto& [id, place] : std::exchange(subjects_, {})) {
        const Key& key = keys_.at(id);
        if (key.same > 0 || key.other == 1)
            findings_.add(FlawKind::contradiction, place.file, place.line, "its subject is not that of its data key");
        if (key.same == 0)
            findings_.add(FlawKind::contradiction, file(), key.line, "its subject is not that of its values");
    }
}

// Where none could be unwrapped, it is the key to them that was changed; of a single one nobody can tell.
void ValueKeys::finish()
{
    settle_subjects();
    if (opened_ > 0 || !kek_ || broken_ == 0)
        return;
    findings_.add(FlawKind::contradiction, kek_file, 1, "unwraps none of " + std::to_string(broken_) + " data keys");
    if (broken_ == 1)
        for (const auto& [file, line] : broken_places_)
            findings_.add(FlawKind::contradiction, file, line, "no data key that can be unwrapped");
}

}
