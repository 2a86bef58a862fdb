// What others say that a ledger had, compared with what it has.
#include "ledger/known_tree.h"

#include "ledger/refusal.h"

#include <optional>

namespace forge {

namespace {

constexpr const char* remedy = "; put the newest copy of the ledger's folder back, or, when it is known what became of the "
                               "lines and they are given up, record that with forge-ledger-repair --accept-rollback, which says "
                               "what to do with that file";

// Why not, or nothing where the ledger is the known one, grown or not.
std::optional<std::string> contradiction(const KnownTree& known, std::uint64_t size, const std::function<Hash(std::uint64_t)>& root_of)
{
    const std::string lines = std::to_string(known.tree.size);
    if (known.tree.size > size)
        return "rolled back: it has " + std::to_string(size) + " lines, " + known.from + " knows of " + lines;
    if (root_of(known.tree.size) != known.tree.root)
        return "another history: its first " + lines + " lines have not the root that " + known.from + " knows";
    return std::nullopt;
}

}

bool compare_with_known(const std::vector<KnownTree>& known, const std::string& origin, std::uint64_t size,
                        const std::function<Hash(std::uint64_t)>& root_of, const std::function<void(const KnownTree&)>& give_up)
{
    bool is_witnessed = false;
    for (const KnownTree& one : known) {
        if (one.tree.origin != origin && one.is_cosigned)
            continue;
        if (one.tree.origin != origin)
            throw LedgerRolledBack("another ledger: " + origin + ", and " + one.from + " is of " + one.tree.origin
                                   + "; give the folder that it is of, or a pin of this ledger");
        const auto why = contradiction(one, size, root_of);
        if (why && !give_up)
            throw LedgerRolledBack(*why + remedy);
        if (why)
            give_up(one);
        else
            is_witnessed = is_witnessed || one.is_cosigned;
    }
    return is_witnessed;
}

}
