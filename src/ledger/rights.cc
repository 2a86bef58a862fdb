// Who may ask the ledger for what.
#include "ledger/rights.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "base/error.h"
#include "ledger/entry.h"
#include "lib/crypto.h"

namespace forge {

namespace {

constexpr std::string_view ledger_group = "forge-ledger";

struct OperationName {
    Operation operation;
    std::string_view name;
};

constexpr OperationName operation_names[] = {
    {Operation::append, "append"},   {Operation::appendv, "appendv"},
    {Operation::head, "head"},       {Operation::stats, "stats"},
    {Operation::reveal, "reveal"},   {Operation::wait_published, "wait_published"},
    {Operation::subject_tag, "subject_tag"}, {Operation::redact, "redact"},
    {Operation::cosign, "cosign"},   {Operation::rotate_key, "rotate_key"},
    {Operation::seal, "seal"},       {Operation::freeze, "freeze"},
    {Operation::repair, "repair"},
};

struct Right {
    std::string_view who;      // a user, or "%" and a group
    Operation operation;       // append stands for appendv too
    std::string_view prefix;   // of the types that may be appended
};

constexpr Right table[] = {
    {"forge", Operation::append, "run."},
    {"forge", Operation::append, "access."},
    {"forge", Operation::append, "guardian."},
    {"forge", Operation::append, "config."},
    {"forge", Operation::append, "incident."},
    {"forge", Operation::head, ""},
    {"forge", Operation::stats, ""},
    {"forge", Operation::wait_published, ""},
    {"forge", Operation::reveal, ""},
    {"forge", Operation::subject_tag, ""},
    {"forge-verify", Operation::append, "job."},
    {"forge-verify", Operation::append, "journal."},
    {"forge-verify", Operation::head, ""},
    {"forge-verify", Operation::stats, ""},
    {"forge-verify", Operation::wait_published, ""},
    {"forge-verify", Operation::cosign, ""},
    {"root", Operation::append, "job."},
    {"root", Operation::append, "journal."},
    {"root", Operation::append, "incident."},
    {"root", Operation::head, ""},
    {"root", Operation::repair, ""},
    {"forge-ledger", Operation::repair, ""},
    {"root", Operation::stats, ""},
    {"root", Operation::wait_published, ""},
    {"root", Operation::redact, ""},
    {"root", Operation::seal, ""},
    {"root", Operation::freeze, ""},
    {"root", Operation::rotate_key, ""},
    {"forge-ledger", Operation::redact, ""},
    {"forge-ledger", Operation::seal, ""},
    {"forge-ledger", Operation::freeze, ""},
    {"forge-ledger", Operation::rotate_key, ""},
    {"%forge-ledger", Operation::append, "job."},
    {"%forge-ledger", Operation::append, "journal."},
    {"%forge-ledger", Operation::append, "incident."},
    {"%forge-ledger", Operation::head, ""},
    {"%forge-ledger", Operation::stats, ""},
    {"%forge-ledger", Operation::wait_published, ""},
};

static_assert(std::ranges::none_of(table, [](const Right& right) { return right.prefix.starts_with(daemon_prefix); }));

// Of getpwuid_r(3) and its like, which give some numbers for what is not there.  A list that cannot be read just now must
// not pass for a user without a name: he would lose his rights.
void check_lookup(int result, const char* what)
{
    if (result == 0 || result == ENOENT || result == ESRCH)
        return;
    errno = result;
    throw errno_error(what);
}

std::string user_name(uid_t uid)
{
    std::array<char, 4096> buffer;
    passwd entry{};
    passwd* found = nullptr;
    check_lookup(::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found), "look up the user of a process");
    if (found && is_entry_id(found->pw_name))
        return found->pw_name;
    return "uid-" + std::to_string(uid);
}

bool is_member(const std::string& user, gid_t primary, std::string_view group_name)
{
    std::array<char, 16384> buffer;
    group entry{};
    group* found = nullptr;
    check_lookup(::getgrnam_r(std::string{group_name}.c_str(), &entry, buffer.data(), buffer.size(), &found), "look up the ledger's group");
    if (!found)
        return false;
    std::vector<gid_t> groups(1024);
    int count = static_cast<int>(groups.size());
    if (::getgrouplist(user.c_str(), primary, groups.data(), &count) < 0)
        return false;
    groups.resize(static_cast<std::size_t>(count));
    return std::ranges::find(groups, found->gr_gid) != groups.end();
}

bool is_for(const Right& right, const LedgerPeer& peer)
{
    if (right.who.starts_with('%'))
        return peer.in_group;
    return right.who == peer.user;
}

}

std::string_view name_of(Operation operation)
{
    return std::ranges::find(operation_names, operation, &OperationName::operation)->name;
}

std::optional<Operation> operation_of(std::string_view name)
{
    const auto found = std::ranges::find(operation_names, name, &OperationName::name);
    return found == std::end(operation_names) ? std::nullopt : std::optional{found->operation};
}

LedgerPeer ledger_peer(uid_t uid, gid_t gid)
{
    LedgerPeer peer{user_name(uid)};
    peer.in_group = is_member(peer.user, gid, ledger_group);
    return peer;
}

Rights Rights::development(std::string user)
{
    Rights rights;
    rights.everything_for_ = std::move(user);
    return rights;
}

bool Rights::allows(const LedgerPeer& peer, Operation operation, std::string_view type) const
{
    const bool is_append = operation == Operation::append || operation == Operation::appendv;
    if (is_append && type.starts_with(daemon_prefix))
        return false;
    if (everything_for_)
        return peer.user == *everything_for_;
    return std::ranges::any_of(table, [&](const Right& right) {
        return is_for(right, peer) && right.operation == (is_append ? Operation::append : operation) && type.starts_with(right.prefix);
    });
}

bool Rights::names(std::string_view user) const
{
    return everything_for_ ? user == *everything_for_ : std::ranges::find(table, user, &Right::who) != std::end(table);
}

std::string Rights::digest() const
{
    if (everything_for_)
        return "dev";
    std::string text;
    for (const auto& [who, operation, prefix] : table)
        text.append(who).append(" ").append(name_of(operation)).append(" ").append(prefix).append("\n");
    return sha256_digest(text);
}

}
