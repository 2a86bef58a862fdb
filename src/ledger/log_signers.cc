// The keys that sign for the log.
#include "ledger/log_signers.h"

#include "base/log.h"
#include "ledger/growing_file.h"
#include "ledger/refusal.h"

#include <algorithm>

namespace forge {

namespace {

constexpr const char* first_file = "/state/log.pem";
constexpr const char* next_file = "/state/log-next.pem";

void replace_if_other(Io& io, const std::string& path, const std::string& text)
{
    if (!io.exists(path) || read_whole(io, path) != text)
        io.replace(path, text, 0644);
}

}

LogSigners::LogSigners(Io& io, std::string root, const std::string& origin)
    : io_(io), root_(std::move(root)), first_(origin, SigningKey::from_pem(read_whole(io, path(first_file))))
{
}

std::optional<NoteSigner> LogSigners::load_next() const
{
    if (!io_.exists(path(next_file)))
        return std::nullopt;
    return NoteSigner{current().name(), SigningKey::from_pem(read_whole(io_, path(next_file)))};
}

VerifierKey LogSigners::prepare()
try {
    if (!io_.exists(path(next_file)))
        io_.replace(path(next_file), SigningKey::generate().to_pem(), 0400);
    return load_next().value().verifier_key();
} catch (...) {
    rethrow_classified();
}

void LogSigners::move_up(const NoteSigner& next)
{
    io_.replace(path(first_file), read_whole(io_, path(next_file)), 0400);
    first_ = NoteSigner{next.verifier_key().name(), SigningKey::from_pem(read_whole(io_, path(first_file)))};
}

void LogSigners::follow(const std::vector<LogKey>& keys)
try {
    const auto is_active = [&](const VerifierKey& key) {
        return std::ranges::any_of(keys, [&](const LogKey& known) { return !known.to && known.vkey == key.text(); });
    };
    const auto active = std::ranges::count_if(keys, [](const LogKey& key) { return !key.to; });
    auto next = load_next();
    if (!is_active(current())) {
        if (!next || !is_active(next->verifier_key()))
            throw LedgerDamaged("state/log.pem: not a key that the ledger's lines name");
        move_up(*next);
    }
    const bool is_used = next && is_active(next->verifier_key()) && next->verifier_key() != current();
    if (active > 1 && !is_used)
        throw LedgerDamaged("state/log-next.pem: not the second key that the ledger's lines name");
    second_.reset();
    if (is_used)
        second_ = std::move(next);
    else if (next && std::ranges::find(keys, next->verifier_key().text(), &LogKey::vkey) != keys.end())
        io_.remove(path(next_file));   // retired, or moved up
    write_public(keys);
} catch (...) {
    rethrow_classified();
}

void LogSigners::write_public(const std::vector<LogKey>& keys)
{
    std::string all;
    for (const LogKey& key : keys)
        all += key.vkey + " " + std::to_string(key.from) + " " + (key.to ? std::to_string(*key.to) : "-") + "\n";
    replace_if_other(io_, path("/keys/log.vkeys"), all);
    replace_if_other(io_, path("/keys/log.vkey"), current().text() + "\n");
}

std::string LogSigners::sign(std::string_view text) const
{
    return first_.sign(text) + (second_ ? second_->signature_line(text) : "");
}

bool LogSigners::signed_by_us(const Note& note) const
{
    return note.is_signed_by(current()) || (second_ && note.is_signed_by(second_->verifier_key()));
}

}
