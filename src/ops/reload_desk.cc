// Where a process answers reloads.
#include "ops/reload_desk.h"

#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/process.h"

namespace forge {

namespace {

constexpr int most_doubles = 64;
constexpr mode_t file_mode = 0640;
constexpr std::size_t longest_wanted = 64;

FileLock own_lock(const std::string& folder, const std::string& name, std::string& path)
{
    make_folders(folder);
    for (int i = 1; i <= most_doubles; ++i) {
        path = folder + "/" + name + (i == 1 ? "" : "-" + std::to_string(i));
        if (auto lock = FileLock::try_acquire(path + ".lock", file_mode))
            return std::move(*lock);
    }
    throw Error(folder + "/" + name + ": too many processes of this name");
}

Json self()
{
    return Json::object({{"pid", ::getpid()}, {"begin", process_begin(::getpid())}});
}

Json digest(const std::string& text)
{
    return text.empty() ? Json{nullptr} : Json{text};
}

/// What cannot stand in JSON, out of a settings file that is none, becomes "?".
Json texts(std::vector<std::string> list)
{
    Json json = Json::array();
    for (std::string& text : list) {
        std::ranges::replace_if(text, [](unsigned char c) { return c < ' ' || c > '~'; }, '?');
        json.append(text);
    }
    return json;
}

}

std::string reload_folder(const std::string& runtime_dir)
{
    return runtime_dir + "/reload";
}

std::string_view ReloadAnswer::result() const
{
    return !problems.empty() ? "refused" : changed.empty() ? "unchanged" : "changed";
}

void ReloadAnswer::take(FreshConfig fresh)
{
    changed = std::move(fresh.changed);
    restart = std::move(fresh.restart);
}

void ReloadAnswer::refuse(const std::exception& error)
{
    const std::string text = describe(error);
    for (const std::string_view line : split(text, '\n'))
        problems.emplace_back(line);
    log(Severity::error, "reload refused, everything stays as it was", {{"problems", join(problems, "; ")}});
}

Json json_of(const std::vector<Change>& changed)
{
    Json json = Json::object();
    for (const Change& change : changed)
        json.set(change.name, Json::object({{"before", digest(change.before)}, {"after", digest(change.after)}}));
    return json;
}

ReloadDesk::ReloadDesk(const std::string& runtime_dir, const std::string& name)
    : folder_(reload_folder(runtime_dir)), lock_(own_lock(folder_, name, path_))
{
    replace_file(path_ + ".json", dump(self()), file_mode);
}

ReloadDesk::~ReloadDesk()
{
    ::unlink((path_ + ".json").c_str());   // not the lock: the next of its name may have opened it
}

std::string ReloadDesk::wanted() const
try {
    return read_file(folder_ + "/wanted", longest_wanted);
} catch (const Error&) {
    return "";
}

void ReloadDesk::answer(const ReloadAnswer& answer)
{
    Json json = self();
    json.set("wanted", answer.wanted).set("ok", answer.problems.empty());
    json.set("changed", json_of(answer.changed)).set("restart", texts(answer.restart)).set("problems", texts(answer.problems));
    json.set("recorded", answer.recorded).set("micros", answer.took.count());
    try {
        replace_file(path_ + ".json", dump(json), file_mode);
    } catch (const Error& error) {
        log(Severity::error, "what a reload did cannot be told", {{"reason", error.what()}});
    }
}

}
