// Keeps the catalog's index up to date.
#include "catalog/indexer.h"

#include <malloc.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "base/error.h"
#include "base/log.h"
#include "catalog/catalog.h"
#include "lib/systemd.h"
#include "os/file.h"

namespace forge {

namespace {

using namespace std::chrono_literals;

constexpr auto settle_time = 50ms;       // an editor or a package writes more than one file
constexpr auto longest_settling = 500ms;
constexpr auto glance_interval = 500ms;  // is the root still the same folder?
constexpr auto full_look_interval = 10s; // for what nobody is notified of: network folders, folders beside the root
constexpr auto retry_interval = 1s;
constexpr auto patience_with_predecessor = 5s;

CatalogIndex index_in(const std::string& cache_dir)
{
    try {
        return CatalogIndex::map(index_path(cache_dir));
    } catch (const Error&) {
        return {};   // none yet, or damaged: it is made anew
    }
}

// A service that restarts may meet its predecessor.
FileLock keeper_lock(const std::string& cache_dir)
{
    const auto path = index_lock_path(cache_dir);
    for (const auto deadline = steady_now() + patience_with_predecessor; steady_now() < deadline;) {
        if (auto lock = FileLock::try_acquire(path, 0644))
            return std::move(*lock);
        std::this_thread::sleep_for(settle_time);
    }
    throw Error(path + ": another forge-catalog-index keeps this index");
}

// What a predecessor that was killed left behind.
void remove_remains(const std::string& cache_dir)
{
    for (const auto& name : names_in(cache_dir))
        if (name.starts_with(".tmp-" + base_name(index_path(cache_dir))))
            ::unlink((cache_dir + "/" + name).c_str());
}

}

Indexer::Indexer(std::string root, std::string cache_dir) : root_(std::move(root)), cache_dir_(std::move(cache_dir))
{
    make_folders(cache_dir_);
    index_ = index_in(cache_dir_);
}

void Indexer::update()
{
    const auto begin = steady_now();
    auto loaded = load_catalog(root_, index_, {.threads = std::clamp(std::thread::hardware_concurrency(), 1U, 2U)});
    watch_folders(loaded.walk);
    if (loaded.bytes.empty())
        return;
    const auto path = index_path(cache_dir_);
    replace_file(path, loaded.bytes);
    loaded.bytes = {};
    ::malloc_trim(0);   // a cold start took much more than the service needs
    index_ = CatalogIndex::map(path);
    report(loaded.counts, std::chrono::duration_cast<Millis>(steady_now() - begin));
}

void Indexer::report(const LoadCounts& counts, Millis took) const
{
    const auto problems = parse_json(index_.problems()).size();
    systemd::status(std::to_string(index_.size()) + " templates, " + std::to_string(problems) + " problems");
    log(index_.state() == CatalogState::ok ? Severity::info : Severity::warning, "catalog index written",
        {{"state", std::string{word_of(index_.state())}},
         {"templates", std::to_string(index_.size())},
         {"problems", std::to_string(problems)},
         {"read", std::to_string(counts.read)},
         {"milliseconds", std::to_string(took.count())}});
}

// A folder made meanwhile is found by the next look, which its own making causes.
void Indexer::watch_folders(const Walk& walk)
{
    for (const auto& folder : walk.folders)
        watch_.add(folder.empty() ? root_ : root_ + "/" + folder);
    watch_.add(root_ + "/schemas");
    watch_.add(root_ + "/../schemas");
}

bool Indexer::root_was_replaced()
{
    struct stat info{};
    const bool is_there = ::stat(root_.c_str(), &info) == 0;
    const auto identity = is_there ? std::pair{info.st_dev, info.st_ino} : std::pair{dev_t{}, ino_t{}};
    return std::exchange(root_identity_, identity) != identity;
}

bool Indexer::try_update()
{
    try {
        update();
        return true;
    } catch (const Error& error) {
        log(Severity::error, "catalog index not written", {{"reason", error.what()}});
        return false;
    }
}

void Indexer::wait_for_change()
{
    const auto full_look = steady_now() + full_look_interval;
    while (steady_now() < full_look) {
        systemd::watchdog();
        pollfd poll{watch_.fd(), POLLIN, 0};
        ::poll(&poll, 1, static_cast<int>(Millis{glance_interval}.count()));
        if (root_was_replaced())
            return;
        if (!watch_.take())
            continue;
        for (const auto end = steady_now() + longest_settling; steady_now() < end;) {
            if (::poll(&poll, 1, static_cast<int>(Millis{settle_time}.count())) <= 0)
                return;
            watch_.take();
        }
        return;
    }
}

void Indexer::serve()
{
    const FileLock lock = keeper_lock(cache_dir_);
    remove_remains(cache_dir_);
    root_was_replaced();
    bool is_ready = false;
    for (;;) {
        if (!try_update()) {
            systemd::watchdog();
            std::this_thread::sleep_for(retry_interval);
            continue;
        }
        if (!std::exchange(is_ready, true))
            systemd::ready();
        wait_for_change();
    }
}

}
