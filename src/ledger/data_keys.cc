// The data keys.
#include "ledger/data_keys.h"

#include <algorithm>

#include "base/log.h"
#include "ledger/refusal.h"
#include "lib/crypto.h"
#include "tlog/slices.h"

namespace forge {

namespace {

constexpr std::size_t month_size = 7;
constexpr std::string_view suffix = ".jsonl";

}

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
        if (!key && end + 1 == text.size())
            break;
        if (!key)
            throw LedgerDamaged(month.file.path() + ": byte " + std::to_string(begin) + ": no key that can be unwrapped");
        const std::string subject{plain_text(member_of(line, "subject")).value_or("")};
        month.by_id[id] = {id, *key};
        month.by_subject[subject] = {id, *key};
        month.subject_of[id] = subject;
    }
    if (begin < text.size()) {
        log(Severity::warning, "a torn data key is cut off", {{"file", month.file.path()}, {"byte", std::to_string(begin)}});
        month.file.cut(begin);   // never synced, so nothing was sealed with it yet
    }
}

const DataKey& DataKeys::key_for(const std::string& subject, const std::string& month_name)
{
    Month& month = month_of(month_name);
    const auto known = month.by_subject.find(subject);
    if (known != month.by_subject.end())
        return known->second;
    const DataKey fresh{hex(env_.random(16)), env_.random(32)};
    const std::string nonce = env_.random(12);
    month.unsaved.push_back(R"({"dek":")" + fresh.id + R"(","nonce":")" + hex(nonce) + R"(","subject":")" + subject + R"(","wrapped":")"
                     + base64(seal_aes_gcm(kek_, nonce, fresh.key, fresh.id)) + "\"}\n");
    month.by_id[fresh.id] = fresh;
    month.subject_of[fresh.id] = subject;
    return month.by_subject[subject] = fresh;
}

// One sync for each, so that a crash can leave no damaged line but the last.
void DataKeys::save()
{
    for (auto month = months_.begin(); month != months_.end(); ++month) {
        if (month->second.unsaved.empty())
            continue;
        try {
            for (const std::string& line : month->second.unsaved) {
                month->second.file.append(line);
                month->second.file.sync();
            }
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

std::vector<std::string> DataKeys::months()
{
    std::vector<std::string> list;
    for (const std::string& name : io_.names(folder_))
        if (name.size() == month_size + suffix.size() && name.ends_with(suffix))
            list.push_back(name.substr(0, month_size));
    return list;
}

bool DataKeys::has_subject(const std::string& subject, const std::string& month)
{
    const auto& known = month_of(month).subject_of;
    return std::ranges::any_of(known, [&](const auto& entry) { return entry.second == subject; });
}

void DataKeys::retire(const std::string& id, const std::string& month_name)
{
    Month& month = month_of(month_name);
    std::erase_if(month.by_subject, [&](const auto& entry) { return entry.second.id == id; });
}

void DataKeys::destroy(const std::vector<std::string>& ids, const std::string& month_name)
try {
    save();
    Month& month = month_of(month_name);
    const std::string text = month.file.read(0, static_cast<std::size_t>(month.file.size()));
    std::string kept;
    for (std::size_t begin = 0, end = text.find('\n'); end != std::string::npos; begin = end + 1, end = text.find('\n', begin)) {
        const std::string_view line = std::string_view{text}.substr(begin, end + 1 - begin);
        const auto id = plain_text(member_of(line.substr(0, line.size() - 1), "dek")).value_or("");
        if (std::ranges::find(ids, id) == ids.end())
            kept += line;
    }
    const std::string path = month.file.path();
    months_.erase(month_name);   // read again from the new file when next needed
    if (kept != text)
        io_.replace(path, kept, 0600);
} catch (const SystemError&) {
    rethrow_classified();
}

void DataKeys::destroy_month(const std::string& month)
try {
    months_.erase(month);
    const std::string path = folder_ + "/" + month + std::string{suffix};
    if (io_.exists(path))
        io_.remove(path);
    io_.sync_folder(folder_);
} catch (const SystemError&) {
    rethrow_classified();
}

}
