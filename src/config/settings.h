// The base of a table of settings: each is read, checked and described by the one line that declares it.
#pragma once

#include <chrono>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "config/secret.h"
#include "config/source.h"

namespace forge {

/// Who reads a setting (a sum of Program bits), and whether it can change while they run.
struct Use {
    unsigned programs;
    bool reloads;
};
constexpr Use at_start(unsigned programs) { return {programs, false}; }
constexpr Use on_reload(unsigned programs) { return {programs, true}; }

/// One setting as it stands: what `forge settings` and the manual show.
struct Setting {
    std::string name;
    std::string value;     // as given or by default; of a secret only "(set)" or "(not set)"
    std::string standard;  // the default
    std::string allowed;   // "a whole number from 1 to 256"
    std::string meaning;
    std::string from;      // "default", "environment", "/etc/…/forge.env:3"
    Use use;
    bool secret = false;
    std::string hash = {};   // of a secret: its SHA-256, to be compared and never to be shown
};

/// Derive from it, one member per setting.  The source is read in the constructor only.
class Settings {
public:
    using Range = std::pair<long, long>;
    enum class Plain { loopback_only, anywhere };   // where an http:// URL may lead

    /// `reader` is a sum of Program bits: secrets that are for others are not read.
    Settings(SettingsSource source, unsigned reader);

    /// Throws one ConfigError that lists every bad value: its name, the value unless it is a secret, what is allowed.
    void check() const;

    const std::vector<Setting>& settings() const { return settings_; }
    /// NAME=VALUE lines with their origin; never a secret.
    void print(std::ostream& out) const;
    /// The text of a settings file in which every line is a comment.
    void manual(std::ostream& out) const;

protected:
    std::string text(const char* name, std::string standard, Use use, const char* meaning);
    std::string path(const char* name, std::string standard, Use use, const char* meaning);
    std::string url(const char* name, std::string standard, Plain plain, Use use, const char* meaning);
    bool flag(const char* name, Use use, const char* meaning);   // default: off
    long number(const char* name, long standard, Range range, Use use, const char* meaning);
    /// "250 ms", "5 s", "1 minute", "24 hours", "7 days"; the range is in milliseconds.
    Millis duration(const char* name, const char* standard, Range range, Use use, const char* meaning);
    /// Separated by commas; an item is one of `choices`, or anything where there are none.
    std::vector<std::string> list(const char* name, std::string standard, std::span<const std::string_view> choices,
                                  Use use, const char* meaning);
    /// Origins as browsers send them: https://host[:port].
    std::vector<std::string> origins(const char* name, Use use, const char* meaning);
    /// NAME, or the content of the file that NAME_FILE names or of the file NAME in $CREDENTIALS_DIRECTORY.
    Secret secret(const char* name, Use use, const char* meaning);

    template <class Enum>
    using Choices = std::initializer_list<std::pair<std::string_view, Enum>>;
    /// The first choice is the default.
    template <class Enum>
    Enum choice(const char* name, Choices<Enum> choices, Use use, const char* meaning)
    {
        std::vector<std::string_view> words;
        for (const auto& [word, value] : choices)
            words.push_back(word);
        return (choices.begin() + pick(name, words, use, meaning))->second;
    }

    /// Secrets in files that others may read become bad values.
    void refuse_exposed_secrets();
    /// Notes a combination of settings that cannot work.
    void refuse(std::string problem) { problems_.push_back(std::move(problem)); }
    /// Forgets what the source holds; the last thing a constructor does.
    void forget_source();

private:
    struct SecretPlace {
        std::string name;      // as people set it
        std::string from;
        std::string path = {};
        bool is_credential = false;
        bool is_exposed = false;
    };
    std::vector<SecretPlace> places_of(const std::string& name) const;
    void refuse_exposed(const SecretPlace& place);

    Setting& declare(const char* name, std::string standard, std::string allowed, Use use, const char* meaning);
    void bad_value(const Setting& setting);
    std::size_t pick(const char* name, const std::vector<std::string_view>& words, Use use, const char* meaning);

    SettingsSource source_;
    const unsigned reader_;
    std::vector<Setting> settings_;
    std::vector<std::string> problems_;
    std::vector<std::string> exposed_;   // problems in production
};

/// "1 minute", "250 ms": a whole number and a unit (ms, s, second, minute, hour, day, plural too); else nothing.
std::optional<Millis> parse_duration(std::string_view text);

/// True for 127.0.0.1, localhost, *.localhost and [::1], with or without a port.
bool is_loopback_host(std::string_view host_and_port);
/// True for an http:// or https:// URL of visible characters without a user name.
bool is_http_url(std::string_view text);
/// True for an http:// or https:// URL of such a host.
bool is_loopback_url(std::string_view url);

/// The names whose value differs although they are read at start only, by the program `reader` or by commands.
std::vector<std::string> needing_restart(const Settings& running, const Settings& fresh, unsigned reader);

}
