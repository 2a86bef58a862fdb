// The data keys.
#include "ledger/data_keys.h"

#include "ledger/refusal.h"
#include "lib/crypto.h"
#include "tlog/slices.h"

namespace forge {

DataKeys::DataKeys(Io& io, Env& env, std::string folder, std::string key_encryption_key)
    : io_(io), env_(env), folder_(std::move(folder)), kek_(std::move(key_encryption_key))
{
}

DataKeys::Month& DataKeys::month_of(const std::string& name)
{
    const auto known = months_.find(name);
    if (known != months_.end())
        return known->second;
    Month& month = months_.try_emplace(name, io_, folder_ + "/" + name + ".jsonl").first->second;
    try {
        load(month);
    } catch (...) {
        months_.erase(name);
        throw;
    }
    return month;
}

void DataKeys::load(Month& month) const
{
    const std::string text = month.file.read(0, static_cast<std::size_t>(month.file.size()));
    std::size_t begin = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos; begin = end + 1, end = text.find('\n', begin)) {
        const std::string_view line = std::string_view{text}.substr(begin, end - begin);
        const std::string id{plain_text(member_of(line, "dek")).value_or("")};
        const auto nonce = from_hex(plain_text(member_of(line, "nonce")).value_or(""));
        const auto wrapped = from_base64(plain_text(member_of(line, "wrapped")).value_or(""));
        const auto key = nonce && nonce->size() == 12 && wrapped ? open_aes_gcm(kek_, *nonce, *wrapped, id) : std::nullopt;
        if (!key)
            throw LedgerDamaged(month.file.path() + ": byte " + std::to_string(begin) + ": no key that can be unwrapped");
        month.by_id[id] = {id, *key};
        month.by_subject[std::string{plain_text(member_of(line, "subject")).value_or("")}] = {id, *key};
    }
    if (begin < text.size())
        month.file.cut(begin);   // torn, so nothing was sealed with it yet
}

const DataKey& DataKeys::key_for(const std::string& subject, const std::string& month_name)
{
    Month& month = month_of(month_name);
    const auto known = month.by_subject.find(subject);
    if (known != month.by_subject.end())
        return known->second;
    const DataKey fresh{hex(env_.random(16)), env_.random(32)};
    const std::string nonce = env_.random(12);
    month.unsaved += R"({"dek":")" + fresh.id + R"(","nonce":")" + hex(nonce) + R"(","subject":")" + subject + R"(","wrapped":")"
                     + base64(seal_aes_gcm(kek_, nonce, fresh.key, fresh.id)) + "\"}\n";
    month.by_id[fresh.id] = fresh;
    return month.by_subject[subject] = fresh;
}

void DataKeys::save()
{
    for (auto month = months_.begin(); month != months_.end(); ++month) {
        if (month->second.unsaved.empty())
            continue;
        try {
            month->second.file.append(month->second.unsaved);
            month->second.file.sync();
            month->second.unsaved.clear();
        } catch (...) {
            months_.erase(month);   // read again from the file when next needed
            throw;
        }
    }
}

const DataKey* DataKeys::find(const std::string& id, const std::string& month_name)
{
    Month& month = month_of(month_name);
    const auto known = month.by_id.find(id);
    return known == month.by_id.end() ? nullptr : &known->second;
}

}
