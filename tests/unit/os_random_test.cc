// Random bytes that are fetched some at a time.
#include "tests/unit/test.h"

#include "os/random.h"

#include <set>

using namespace forge;

TEST(random_bytes_have_the_length_asked_for_and_are_given_once)
{
    RandomBytes random;
    std::set<std::string> given;
    for (int i = 0; i < 500; ++i)   // several times what is fetched at once
        given.insert(random.take(16));
    CHECK_EQUAL(std::size_t{500}, given.size());
    for (const std::size_t size : {0U, 1U, 1023U, 1024U, 1025U, 5000U})
        CHECK_EQUAL(size, random.take(size).size());
}
