// A disk in memory that fails when told to.
#include "ledger_sim.h"

#include "base/error.h"
#include "lib/crypto.h"
#include "os/file.h"

namespace forge::test {

class SimIo::File : public IoFile {
public:
    File(SimIo& io, std::string path, std::shared_ptr<Node> node) : io_(io), path_(std::move(path)), node_(std::move(node)) {}

    std::size_t append(std::string_view data) override
    {
        const bool fails = io_.begin_step("write " + path_);
        node_->data += fails ? data.substr(0, data.size() / 2) : data;
        if (fails && io_.fault_->code == ENOSPC)
            return data.size() / 2;
        io_.end_step(fails, "write " + path_);
        return data.size();
    }
    std::string read(std::uint64_t offset, std::size_t size) override
    {
        return offset >= node_->data.size() ? std::string{} : node_->data.substr(offset, size);
    }
    std::uint64_t size() override { return node_->data.size(); }
    void truncate(std::uint64_t size) override
    {
        const bool fails = io_.begin_step("truncate " + path_);
        node_->data.resize(size);
        io_.end_step(fails, "truncate " + path_);
    }
    void sync() override
    {
        const bool fails = io_.begin_step("fdatasync " + path_);
        node_->durable = node_->data;
        io_.end_step(fails, "fdatasync " + path_);
    }

private:
    SimIo& io_;
    const std::string path_;
    const std::shared_ptr<Node> node_;
};

bool SimIo::begin_step(const std::string& what)
{
    const bool fails = fault_ && fault_->step == steps_;
    ++steps_;
    if (fails && fault_->how == Failing::lost)
        throw SystemError(what + ": told to fail", fault_->code);
    return fails;
}

void SimIo::end_step(bool fails, const std::string& what) const
{
    if (fails)
        throw SystemError(what + ": told to fail", fault_->code);
}

std::unique_ptr<IoFile> SimIo::open(const std::string& path, OpenFor purpose, mode_t mode)
{
    const auto found = files_.find(path);
    if (found != files_.end())
        return std::make_unique<File>(*this, path, found->second);
    if (purpose == OpenFor::reading)
        throw SystemError("open " + path, ENOENT);
    const bool fails = begin_step("open " + path);
    const auto node = std::make_shared<Node>(Node{{}, {}, mode});
    files_[path] = node;
    end_step(fails, "open " + path);
    return std::make_unique<File>(*this, path, node);
}

void SimIo::replace(const std::string& path, std::string_view data, mode_t mode)
{
    const bool fails = begin_step("replace " + path);
    files_[path] = std::make_shared<Node>(Node{std::string{data}, std::string{data}, mode});
    end_step(fails, "replace " + path);
}

void SimIo::remove(const std::string& path)
{
    const bool fails = begin_step("remove " + path);
    files_.erase(path);
    end_step(fails, "remove " + path);
}

void SimIo::set_mode(const std::string& path, mode_t mode)
{
    const bool fails = begin_step("chmod " + path);
    files_.at(path)->mode = mode;
    end_step(fails, "chmod " + path);
}

void SimIo::make_folder(const std::string& path, mode_t)
{
    end_step(begin_step("mkdir " + path), "mkdir " + path);
}

void SimIo::sync_folder(const std::string& path)
{
    end_step(begin_step("fsync " + path), "fsync " + path);
}

std::vector<std::string> SimIo::names(const std::string& folder)
{
    std::vector<std::string> names;
    for (const auto& [path, node] : files_)
        if (folder_of(path) == folder)
            names.push_back(base_name(path));
    return names;
}

void SimIo::cut_power()
{
    for (auto& [path, node] : files_)
        node = std::make_shared<Node>(Node{node->durable, node->durable, node->mode});
}

std::string SimEnv::random(std::size_t bytes)
{
    std::string out;
    while (out.size() < bytes)
        out += text_of(sha256("random " + std::to_string(count_++)));
    return out.substr(0, bytes);
}

}
