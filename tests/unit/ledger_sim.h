// A disk in memory that fails when told to and loses what a power cut may lose, and an Env whose time and randomness are
// the test's.
#pragma once

#include "ledger/env.h"
#include "ledger/io.h"

#include <cerrno>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace forge::test {

/// Whether a step that reports failure was done nevertheless.  A sync that is lost is lost for good: the kernel forgets
/// that the pages were dirty, and goes on showing them.
enum class Failing { lost, done };

/// Every step that changes something is counted, and the one that was chosen fails.
class SimIo : public Io {
public:
    std::unique_ptr<IoFile> open(const std::string& path, OpenFor purpose, mode_t mode) override;
    void put(const std::string& path, std::string_view data, mode_t mode) override;
    void remove(const std::string& path) override;
    void rename(const std::string& from, const std::string& to) override;
    void set_mode(const std::string& path, mode_t mode) override;
    void make_folder(const std::string& path, mode_t) override;
    void sync_folder(const std::string& path) override;
    bool exists(const std::string& path) override { return files_.contains(path) || folders_.contains(path); }
    std::vector<std::string> names(const std::string& folder) override;
    std::uint64_t free_bytes(const std::string&) override { return free_; }
    Fd lock(const std::string&) override { return Fd{}; }

    /// The step that is `step` steps from now fails with `code`; of a write, half is written when it was `done`.
    void fail_at(std::uint64_t step, Failing how, int code = EIO) { fault_ = Fault{steps_ + step, how, code, false}; }
    /// From that step on nothing works any more, as for a process that is gone; until mend().
    void die_at(std::uint64_t step) { fault_ = Fault{steps_ + step, Failing::lost, EIO, true}; }
    /// All of a kind fail: "write root/events-".  Until mend().
    void fail_all(const std::string& beginning, int code) { failing_ = {beginning, code}; }
    /// Syncs report success and do nothing, until mend().
    void lie() { lies_ = true; }
    void mend();
    bool has_failed() const { return fault_ && steps_ > fault_->step; }
    std::uint64_t steps() const { return steps_; }

    /// A power cut: of what was not synced, each sector of 512 bytes, each change of size and each change of a name is kept
    /// or lost, as `keep` says; a file that lost its end may keep its new size, with zeros there.
    void cut_power(const std::function<bool()>& keep);
    void cut_power() { cut_power([] { return false; }); }
    /// The disk that cut_power would leave.
    std::unique_ptr<SimIo> after_power_cut(const std::function<bool()>& keep) const;
    /// How often cut_power asks at most.
    std::size_t choices() const;
    /// The same disk once more.
    std::unique_ptr<SimIo> copy() const;

    /// Called before each step, of which nothing is done yet.  A copy has none.
    std::function<void()> on_step{};

    void set_free(std::uint64_t bytes) { free_ = bytes; }

    /// To look at, and to change behind the engine's back: what is there counts as synced.
    std::string& content(const std::string& path);
    /// Of all files.
    std::vector<std::string> paths() const;
    bool has(const std::string& path) const { return files_.contains(path); }
    const std::string& text(const std::string& path) const { return files_.at(path)->data; }
    mode_t mode(const std::string& path) const { return files_.at(path)->mode; }

private:
    struct Change {
        std::uint64_t offset;
        std::string bytes;
        bool is_resize;   // to `offset`
    };
    struct Node {
        std::string data{};               // as the cache shows it
        std::string durable{};
        std::vector<Change> unsynced{};   // what makes of durable what the disk will hold
        mode_t mode = 0;
        bool is_tampered = false;
        void accept_tampering();
        void change(Change change);
        void settle();
        std::string on_disk() const;
        std::shared_ptr<Node> after_power_cut(const std::function<bool()>& keep) const;
    };
    using Names = std::map<std::string, std::shared_ptr<Node>>;
    struct NameChange {
        std::string removed;   // or nothing
        std::string made;      // or nothing
        std::shared_ptr<Node> node;
        void apply(Names& names) const;
        bool is_in(const std::string& folder) const;
    };
    struct Fault {
        std::uint64_t step;
        Failing how;
        int code;
        bool is_final;
    };
    class File;
    // Throws before the step when it is the one that is lost; the code when it is to be done and then reported as failed.
    std::optional<int> begin_step(const std::string& what);
    static void end_step(const std::optional<int>& code, const std::string& what);
    static void apply(std::string& data, const Change& change);
    static std::vector<Change> sectors(const Change& change);
    std::shared_ptr<Node> made(const std::string& path, mode_t mode);
    void name(NameChange change);

    Names files_;
    Names durable_names_;
    std::vector<NameChange> name_changes_;
    std::set<std::string> folders_;
    std::optional<Fault> fault_;
    std::optional<std::pair<std::string, int>> failing_;
    bool lies_ = false;
    std::uint64_t steps_ = 0;
    std::uint64_t free_ = 1ULL << 40;
};

/// Time stands still until it is moved; randomness is a row of hashes.
class SimEnv : public Env {
public:
    WallTime wall() override { return wall_; }
    bool wall_is_synchronised() override { return is_synchronised; }
    SteadyTime steady() override { return steady_; }
    std::string random(std::size_t bytes) override;

    void pass(Micros time) { wall_ += time; steady_ += time; }
    void step_clock(Micros time) { wall_ += time; }
    bool is_synchronised = true;

private:
    WallTime wall_ = *parse_rfc3339("2026-11-23T12:00:00.000001Z");
    SteadyTime steady_{std::chrono::hours{1}};
    std::uint64_t count_ = 0;
};

}
