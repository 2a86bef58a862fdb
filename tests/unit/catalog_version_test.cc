// Versions of templates.
#include "catalog/version.h"

#include "tests/unit/test.h"

using namespace forge;

TEST(versions_are_ordered_as_semver_says)
{
    const char* const ascending[] = {"0.0.1",      "1.0.0-alpha",  "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta",
                                     "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",    "1.0.0",            "1.9.0",
                                     "1.10.0",     "2.0.0"};
    for (std::size_t i = 1; i < std::size(ascending); ++i) {
        CHECK(*Version::parse(ascending[i - 1]) < *Version::parse(ascending[i]));
        CHECK(version_order(ascending[i], ascending[i - 1]) > 0);
    }
}

TEST(build_metadata_does_not_count_but_still_has_an_order)
{
    CHECK(*Version::parse("1.0.0+a") == *Version::parse("1.0.0+b"));
    CHECK(version_order("1.0.0+a", "1.0.0+b") < 0);
}

TEST(what_is_no_semantic_version_is_refused)
{
    for (const char* const text : {"", "1", "1.0", "1.0.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0-a..b", "1.0.0+", "v1.0.0",
                                   "1.0.x", " 1.0.0", "99999999999999999999.0.0"})
        CHECK(!Version::parse(text));
}

TEST(a_version_keeps_its_text)
{
    CHECK_EQUAL("1.2.3-rc.1+build.5"s, Version::parse("1.2.3-rc.1+build.5")->text());
}
