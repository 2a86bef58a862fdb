// Checks blocks of lines on several threads, and gives them back in their order.
#pragma once

#include "audit/verify_line.h"
#include "base/queue.h"

#include <deque>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace forge {

struct CheckedBlock {
    std::string bytes;
    std::vector<CheckedLine> lines{};   // look into `bytes`
};

class BlockChecker {
public:
    /// One job: no thread, each block is checked when it is given.
    BlockChecker(unsigned jobs, Thoroughness thoroughness);
    ~BlockChecker();
    BlockChecker(const BlockChecker&) = delete;
    BlockChecker& operator=(const BlockChecker&) = delete;

    void give(std::string block, const std::string& day);
    /// True when no more should be given before a block was taken.
    bool is_full() const noexcept { return pending_.size() >= bound_; }
    bool is_empty() const noexcept { return pending_.empty(); }
    /// The oldest block; waits for it.
    std::unique_ptr<CheckedBlock> take();

private:
    using Work = std::packaged_task<std::unique_ptr<CheckedBlock>()>;

    Thoroughness thoroughness_;
    std::size_t bound_;
    Queue<Work> queue_;
    std::deque<std::future<std::unique_ptr<CheckedBlock>>> pending_;
    std::vector<std::jthread> threads_;
};

}
