// What is remembered of signatures: enough for a token that comes again, never more than there is room for.
#include "auth/good_signatures.h"

#include "tests/unit/test.h"

using namespace forge;

namespace {

/// Digests of one group, in which places are few.
Hash neighbour(unsigned char number)
{
    Hash digest{};
    digest[31] = number;
    return digest;
}

}

TEST(what_was_added_is_known_and_nothing_else)
{
    GoodSignatures good;
    CHECK(!good.has(sha256("a")));
    good.add(sha256("a"));
    CHECK(good.has(sha256("a")));
    CHECK(!good.has(sha256("b")));
}

TEST(the_oldest_gives_way_where_there_is_no_room)
{
    GoodSignatures good;
    for (unsigned char number = 1; number <= 5; ++number)
        good.add(neighbour(number));
    CHECK(!good.has(neighbour(1)));
    for (unsigned char number = 2; number <= 5; ++number)
        CHECK(good.has(neighbour(number)));
}

TEST(what_is_added_again_takes_no_second_place)
{
    GoodSignatures good;
    for (unsigned char number = 1; number <= 4; ++number)
        good.add(neighbour(number));
    good.add(neighbour(3));
    CHECK(good.has(neighbour(1)));
}
