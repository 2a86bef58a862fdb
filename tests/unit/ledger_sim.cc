// A disk in memory that fails when told to.
#include "ledger_sim.h"

#include <algorithm>

#include "base/error.h"
#include "lib/crypto.h"
#include "os/file.h"

namespace forge::test {

void SimIo::apply(std::string& data, const Change& change)
{
    if (change.is_resize)
        return data.resize(change.offset);
    if (data.size() < change.offset + change.bytes.size())
        data.resize(change.offset + change.bytes.size());
    std::ranges::copy(change.bytes, data.begin() + static_cast<std::ptrdiff_t>(change.offset));
}

void SimIo::Node::accept_tampering()
{
    if (!is_tampered)
        return;
    durable = data;
    unsynced.clear();
    is_tampered = false;
}

void SimIo::Node::change(Change change)
{
    accept_tampering();
    apply(data, change);
    unsynced.push_back(std::move(change));
}

void SimIo::Node::settle()
{
    durable = on_disk();
    unsynced.clear();
}

std::string SimIo::Node::on_disk() const
{
    std::string bytes = durable;
    for (const Change& change : unsynced)
        apply(bytes, change);
    return bytes;
}

void SimIo::NameChange::apply(Names& names) const
{
    names.erase(removed);
    if (!made.empty())
        names[made] = node;
}

bool SimIo::NameChange::is_in(const std::string& folder) const
{
    return folder_of(made.empty() ? removed : made) == folder;
}

class SimIo::File : public IoFile {
public:
    File(SimIo& io, std::string path, std::shared_ptr<Node> node, bool is_direct)
        : io_(io), path_(std::move(path)), node_(std::move(node)), is_direct_(is_direct)
    {
    }

    std::size_t append(std::string_view data) override
    {
        const std::string what = "write " + path_;
        const auto code = io_.begin_step(what);
        const std::size_t count = code ? data.size() / 2 : data.size();
        node_->change({node_->data.size(), std::string{data.substr(0, count)}, false});
        if (code == ENOSPC)
            return count;
        end_step(code, what);
        return count;
    }
    void write(std::uint64_t offset, std::string_view data) override
    {
        const std::string what = "write " + path_;
        const auto code = io_.begin_step(what);
        node_->change({offset, std::string{code ? data.substr(0, data.size() / 2) : data}, false});
        end_step(code, what);
    }
    bool reserve(std::uint64_t, std::uint64_t) override
    {
        const std::string what = "fallocate " + path_;
        end_step(io_.begin_step(what), what);
        return true;
    }
    std::string read(std::uint64_t offset, std::size_t size) override
    {
        if (is_direct_ && !node_->unsynced.empty()) {
            const std::string bytes = node_->on_disk();
            return offset >= bytes.size() ? std::string{} : bytes.substr(offset, size);
        }
        const std::string& bytes = is_direct_ ? node_->durable : node_->data;
        return offset >= bytes.size() ? std::string{} : bytes.substr(offset, size);
    }
    std::uint64_t size() override { return node_->data.size(); }
    void truncate(std::uint64_t size) override
    {
        const std::string what = "truncate " + path_;
        const auto code = io_.begin_step(what);
        node_->change({size, {}, true});
        end_step(code, what);
    }
    void sync() override
    {
        const std::string what = "fdatasync " + path_;
        std::optional<int> code;
        try {
            code = io_.begin_step(what);
        } catch (const SystemError&) {
            if (!io_.fault_ || !io_.fault_->is_final)
                node_->unsynced.clear();
            throw;
        }
        if (!io_.lies_)
            node_->settle();
        end_step(code, what);
    }

private:
    SimIo& io_;
    const std::string path_;
    const std::shared_ptr<Node> node_;
    const bool is_direct_;
};

std::optional<int> SimIo::begin_step(const std::string& what)
{
    if (on_step)
        on_step();
    const std::uint64_t step = steps_++;
    if (failing_ && what.starts_with(failing_->first))
        throw SystemError(what + ": told to fail", failing_->second);
    if (!fault_ || !(step == fault_->step || (fault_->is_final && step > fault_->step)))
        return std::nullopt;
    if (fault_->how == Failing::lost)
        throw SystemError(what + ": told to fail", fault_->code);
    return fault_->code;
}

void SimIo::end_step(const std::optional<int>& code, const std::string& what)
{
    if (code)
        throw SystemError(what + ": told to fail", *code);
}

void SimIo::mend()
{
    fault_.reset();
    failing_.reset();
    lies_ = false;
}

void SimIo::name(NameChange change)
{
    change.apply(files_);
    name_changes_.push_back(std::move(change));
}

std::shared_ptr<SimIo::Node> SimIo::made(const std::string& path, mode_t mode)
{
    const auto node = std::make_shared<Node>();
    node->mode = mode;
    name({{}, path, node});
    return node;
}

std::unique_ptr<IoFile> SimIo::open(const std::string& path, OpenFor purpose, mode_t mode)
{
    const auto found = files_.find(path);
    if (found != files_.end())
        found->second->accept_tampering();
    if (found != files_.end())
        return std::make_unique<File>(*this, path, found->second, purpose == OpenFor::reading_disk);
    if (purpose != OpenFor::appending)
        throw SystemError("open " + path, ENOENT);
    const auto code = begin_step("open " + path);
    const auto node = made(path, mode);
    end_step(code, "open " + path);
    return std::make_unique<File>(*this, path, node, false);
}

void SimIo::put(const std::string& path, std::string_view data, mode_t mode)
{
    const std::string fresh = folder_of(path) + "/.tmp-" + base_name(path);
    const auto code = begin_step("create " + fresh);
    File file{*this, fresh, made(fresh, mode), false};
    try {
        end_step(code, "create " + fresh);
        if (file.append(data) != data.size())
            throw SystemError("write " + fresh, ENOSPC);
        file.sync();
        rename(fresh, path);
    } catch (...) {
        if (files_.contains(fresh) && !(fault_ && fault_->is_final))
            name({fresh, {}, {}});
        throw;
    }
}

void SimIo::remove(const std::string& path)
{
    const auto code = begin_step("remove " + path);
    if (!files_.contains(path) && folders_.contains(path) && !names(path).empty())
        throw SystemError("remove " + path, ENOTEMPTY);
    if (folders_.erase(path) == 0)
        name({path, {}, {}});
    end_step(code, "remove " + path);
}

void SimIo::rename(const std::string& from, const std::string& to)
{
    const auto code = begin_step("rename " + from);
    name({from, to, files_.at(from)});
    end_step(code, "rename " + from);
}

void SimIo::set_mode(const std::string& path, mode_t mode)
{
    const auto code = begin_step("chmod " + path);
    files_.at(path)->mode = mode;
    end_step(code, "chmod " + path);
}

void SimIo::make_folder(const std::string& path, mode_t)
{
    const auto code = begin_step("mkdir " + path);
    for (std::string folder = path; folder.find('/') != std::string::npos; folder = folder_of(folder))
        folders_.insert(folder);
    folders_.insert(path.substr(0, path.find('/')));
    end_step(code, "mkdir " + path);
}

void SimIo::sync_folder(const std::string& path)
{
    const auto code = begin_step("fsync " + path);
    if (!lies_)
        std::erase_if(name_changes_, [&](const NameChange& change) {
            if (!change.is_in(path))
                return false;
            change.apply(durable_names_);
            return true;
        });
    end_step(code, "fsync " + path);
}

std::vector<std::string> SimIo::names(const std::string& folder)
{
    std::set<std::string> names;
    for (const auto& [path, node] : files_)
        if (folder_of(path) == folder)
            names.insert(base_name(path));
    for (const std::string& path : folders_)
        if (folder_of(path) == folder && path != folder)
            names.insert(base_name(path));
    return {names.begin(), names.end()};
}

std::vector<std::string> SimIo::paths() const
{
    std::vector<std::string> paths;
    for (const auto& [path, node] : files_)
        paths.push_back(path);
    return paths;
}

std::string& SimIo::content(const std::string& path)
{
    Node& node = *files_.at(path);
    node.is_tampered = true;
    return node.data;
}

std::string SimEnv::random(std::size_t bytes)
{
    std::string out;
    while (out.size() < bytes)
        out += text_of(sha256("random " + std::to_string(count_++)));
    return out.substr(0, bytes);
}

}
