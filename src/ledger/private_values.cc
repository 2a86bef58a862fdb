// Private values: commitments and the sidecar.
#include "ledger/private_values.h"

#include <algorithm>

#include "ledger/refusal.h"
#include "tlog/jcs.h"
#include "tlog/slices.h"

namespace forge {

namespace {

constexpr std::size_t commitment_key_size = 32;   // HMAC would pad shorter keys with zeros

std::string commitment_of(std::string_view key, std::string_view value)
{
    return hex(hmac_sha256(key, value));
}

std::string month_of(const std::string& day)
{
    return day.substr(0, 7);
}

}

std::optional<SidecarLine> parse_sidecar(std::string_view line)
{
    const auto members = object_slices(line);
    if (!members || (members->size() != 6 && members->size() != 3))
        return std::nullopt;
    if (members->size() == 3) {
        const auto name = plain_text(slice_of(*members, "name"));
        const auto seq = parse_unsigned(slice_of(*members, "seq"));
        return name && seq && !slice_of(*members, "erased").empty() ? std::optional{SidecarLine{{}, *name, {}, {}, {}, *seq}}
                                                                    : std::nullopt;
    }
    const auto text = [&](std::string_view name) { return plain_text(slice_of(*members, name)); };
    const auto dek = text("dek"), name = text("name"), nonce = text("nonce"), sealed = text("sealed"), subject = text("subject");
    const auto seq = parse_unsigned(slice_of(*members, "seq"));
    if (!dek || dek->empty() || !name || !nonce || nonce->size() != 24 || !sealed || !subject || !seq)
        return std::nullopt;
    return SidecarLine{*dek, *name, *nonce, *sealed, *subject, *seq};
}

std::string erased_line(const SidecarLine& line, std::size_t size)
{
    const std::string end = R"(","name":")" + std::string{line.name} + R"(","seq":)" + std::to_string(line.seq) + "}";
    const std::string begin = R"({"erased":")";
    return begin + std::string(size - begin.size() - end.size(), '-') + end;
}

PrivateValues::PrivateValues(Env& env, DataKeys& keys, std::string index_key)
    : env_(env), keys_(keys), index_key_(std::move(index_key))
{
}

std::string PrivateValues::tag_of(const Subject& subject) const
{
    const Json issuer = subject.iss.empty() ? Json{nullptr} : Json{subject.iss};
    return hex(hmac_sha256(index_key_, canonical_json(Json::array({issuer, subject.sub}))));
}

CommittedValues PrivateValues::commit(const std::vector<PrivateValue>& values) const
{
    CommittedValues made;
    for (const auto& [name, value, stored] : values) {
        std::string key = env_.random(commitment_key_size);
        made.commitments.push_back({name, commitment_of(key, value), value.size()});
        made.values.push_back({name, std::move(key), stored ? value : std::string{}});
    }
    std::ranges::sort(made.commitments, {}, &Commitment::name);
    std::ranges::sort(made.values, {}, &CommittedValue::name);
    return made;
}

std::string PrivateValues::seal(std::uint64_t seq, const Hash& leaf, const std::string& day, const std::string& tag,
                                const std::vector<CommittedValue>& values)
{
    const DataKey& data_key = keys_.key_for(tag, month_of(day));
    std::string lines;
    for (const auto& [name, key, value] : values) {
        const std::string nonce = env_.random(12);
        const std::string sealed = base64(seal_aes_gcm(data_key.key, nonce, key + value, text_of(leaf)));
        lines += R"({"dek":")" + data_key.id + R"(","name":")" + name + R"(","nonce":")" + hex(nonce) + R"(","sealed":")" + sealed
                 + R"(","seq":)" + std::to_string(seq) + R"(,"subject":")" + tag + "\"}\n";
    }
    return lines;
}

std::optional<CommittedValue> PrivateValues::open(const SidecarLine& line, const Hash& leaf, const std::string& day)
{
    const DataKey* const data_key = keys_.find(std::string{line.dek}, month_of(day));
    if (!data_key)
        return std::nullopt;
    const auto nonce = from_hex(line.nonce);
    const auto sealed = from_base64(line.sealed);
    const auto plain = nonce && sealed ? open_aes_gcm(data_key->key, *nonce, *sealed, text_of(leaf)) : std::nullopt;
    if (!plain || plain->size() < commitment_key_size)
        throw LedgerDamaged("private/" + day + ".jsonl: the value " + std::string{line.name} + " of line "
                            + std::to_string(line.seq) + " was changed");
    return CommittedValue{std::string{line.name}, plain->substr(0, commitment_key_size), plain->substr(commitment_key_size)};
}

bool is_committed(const Commitment& commitment, std::string_view key, std::string_view value)
{
    return commitment_of(key, value) == commitment.c && commitment.n == value.size();
}

}
