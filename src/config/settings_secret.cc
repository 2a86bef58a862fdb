// Reading secrets: from NAME, from the file that NAME_FILE names, or from a credential of systemd's.
#include "base/error.h"
#include "config/settings.h"
#include "lib/crypto.h"
#include "os/file.h"

namespace forge {

namespace {

const GivenValue* given(const SettingsSource& source, const std::string& name)
{
    const auto at = source.values.find(name);
    return at == source.values.end() || at->second.value.empty() ? nullptr : &at->second;
}

}

std::vector<Settings::SecretPlace> Settings::places_of(const std::string& name) const
{
    std::vector<SecretPlace> places;
    if (const GivenValue* const value = given(source_, name))
        places.push_back({.name = name, .from = value->from, .is_exposed = value->is_exposed});
    if (const GivenValue* const file = given(source_, name + "_FILE"))
        places.push_back({.name = name + "_FILE", .from = file->from, .path = file->value});
    if (const GivenValue* const folder = given(source_, "CREDENTIALS_DIRECTORY"))
        if (const std::string path = folder->value + "/" + name; exists(path))
            places.push_back({.name = "the credential " + name, .from = "systemd", .path = path, .is_credential = true});
    return places;
}

// Modes of credentials are the service manager's: with an access list they look as if the group could read them.
void Settings::refuse_exposed(const SecretPlace& place)
{
    if (!place.is_exposed || place.is_credential)
        return;
    if (place.path.empty())
        exposed_.push_back(place.name + " (" + place.from + "): its group or others may read this file: set " + place.name
                           + "_FILE to a file of mode 0600 instead");
    else
        exposed_.push_back(place.name + " (" + place.from + "): " + place.path
                           + ": its group or others may read it: chmod 0600 " + place.path);
}

Secret Settings::secret(const char* name, Use use, const char* meaning)
{
    Setting& setting = declare(name, "", "a text, or in NAME_FILE the path of a file of at most 64 KiB, of mode 0600 in production", use, meaning);
    setting.secret = true;
    Secret value{std::move(setting.value)};
    const auto places = places_of(setting.name);
    setting.value = places.empty() ? "(not set)" : "(set)";
    if ((use.programs & reader_) == 0)   // perhaps its file is not for this program's user
        return Secret{};
    if (places.size() > 1)
        refuse(places[0].name + " and " + places[1].name + " are both set: only one of them may be");
    for (SecretPlace place : places) {
        if (!place.path.empty()) {
            setting.from = place.from + ", file " + place.path;
            try {
                SecretFile file = read_secret(place.path);
                value = std::move(file.secret);
                place.is_exposed = file.is_exposed;
            } catch (const Error& error) {
                refuse(place.name + " (" + place.from + "): " + error.what());
            }
        }
        refuse_exposed(place);
    }
    setting.value = value.empty() ? "(not set)" : "(set)";
    if (!value.empty())
        setting.hash = text_of(sha256(value.reveal()));
    return value;
}

void Settings::refuse_exposed_secrets()
{
    problems_.insert(problems_.end(), exposed_.begin(), exposed_.end());
}

}
