// Checks blocks of lines on several threads.
#include "audit/block_checker.h"

namespace forge {

BlockChecker::BlockChecker(unsigned jobs, Thoroughness thoroughness)
    : thoroughness_(thoroughness), bound_(jobs > 1 ? 2 * jobs : 1), queue_(bound_)
{
    for (unsigned i = 1; jobs > 1 && i <= jobs; ++i)
        threads_.emplace_back([this] {
            while (auto work = queue_.pop())
                (*work)();
        });
}

BlockChecker::~BlockChecker()
{
    queue_.close();
}

void BlockChecker::give(std::string block, const std::string& day)
{
    Work work{[bytes = std::move(block), day, this]() mutable {
        auto checked = std::make_unique<CheckedBlock>(CheckedBlock{std::move(bytes)});
        checked->lines = check_lines(checked->bytes, day, thoroughness_);
        return checked;
    }};
    pending_.push_back(work.get_future());
    if (threads_.empty() || !queue_.try_push(std::move(work)))
        work();   // NOLINT(bugprone-use-after-move): what was not pushed is untouched
}

std::unique_ptr<CheckedBlock> BlockChecker::take()
{
    auto checked = pending_.front().get();
    pending_.pop_front();
    return checked;
}

}
