// Signatures that were found good once.
#include "auth/good_signatures.h"

#include <algorithm>

namespace forge {

bool GoodSignatures::has(const Hash& digest) const
{
    auto all = groups_.access();
    const Group& group = (*all)[group_of(digest)];
    return std::ranges::find(group, digest) != group.end();
}

void GoodSignatures::add(const Hash& digest)
{
    auto all = groups_.access();
    Group& group = (*all)[group_of(digest)];
    if (std::ranges::find(group, digest) != group.end())
        return;   // another thread verified the same
    std::ranges::rotate(group, group.end() - 1);
    group.front() = digest;
}

}
