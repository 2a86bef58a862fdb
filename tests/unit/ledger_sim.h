// A disk in memory that fails when told to, and an Env whose time and randomness are the test's.
#pragma once

#include "ledger/env.h"
#include "ledger/io.h"

#include <cerrno>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace forge::test {

/// Whether a step that reports failure was done nevertheless.
enum class Failing { lost, done };

/// Every step that changes something is counted, and the one that was chosen fails.
class SimIo : public Io {
public:
    std::unique_ptr<IoFile> open(const std::string& path, OpenFor purpose, mode_t mode) override;
    void replace(const std::string& path, std::string_view data, mode_t mode) override;
    void remove(const std::string& path) override;
    void set_mode(const std::string& path, mode_t mode) override;
    void make_folder(const std::string& path, mode_t) override;
    void sync_folder(const std::string& path) override;
    bool exists(const std::string& path) override { return files_.contains(path); }
    std::vector<std::string> names(const std::string& folder) override;
    std::uint64_t free_bytes(const std::string&) override { return free_; }
    Fd lock(const std::string&) override { return Fd{}; }

    /// The step that is `step` steps from now fails with `code`; of an append, half is written when it was `done`.
    void fail_at(std::uint64_t step, Failing how, int code = EIO) { fault_ = Fault{steps_ + step, how, code}; }
    /// All steps from now on fail, as for a process that is gone; until mend().
    void mend() { fault_.reset(); }
    bool has_failed() const { return fault_ && steps_ > fault_->step; }
    std::uint64_t steps() const { return steps_; }

    /// What was not synced is gone.
    void cut_power();
    void set_free(std::uint64_t bytes) { free_ = bytes; }

    std::string& content(const std::string& path) { return files_.at(path)->data; }
    mode_t mode(const std::string& path) const { return files_.at(path)->mode; }

private:
    struct Node {
        std::string data;
        std::string durable;
        mode_t mode;
    };
    struct Fault {
        std::uint64_t step;
        Failing how;
        int code;
    };
    class File;
    // Throws before the step when it is the one that is lost; true when it is to be done and then reported as failed.
    bool begin_step(const std::string& what);
    void end_step(bool fails, const std::string& what) const;

    std::map<std::string, std::shared_ptr<Node>> files_;
    std::optional<Fault> fault_;
    std::uint64_t steps_ = 0;
    std::uint64_t free_ = 1ULL << 40;
};

/// Time stands still until it is moved; randomness is a row of hashes.
class SimEnv : public Env {
public:
    WallTime wall() override { return wall_; }
    SteadyTime steady() override { return steady_; }
    std::string random(std::size_t bytes) override;

    void pass(Micros time) { wall_ += time; steady_ += time; }
    void step_clock(Micros time) { wall_ += time; }

private:
    WallTime wall_ = *parse_rfc3339("2026-11-23T12:00:00.000001Z");
    SteadyTime steady_{std::chrono::hours{1}};
    std::uint64_t count_ = 0;
};

}
