// TEST declares and registers a CppUnit test, so that none can be written and forgotten.
#pragma once

#include <cppunit/TestCaller.h>
#include <cppunit/TestFixture.h>
#include <cppunit/TestSuite.h>
#include <cppunit/extensions/HelperMacros.h>
#include <cppunit/extensions/TestFactoryRegistry.h>

#include <string>

/// The name of a test is a sentence: TEST(the_empty_tree_has_the_hash_of_nothing) { … }
#define TEST(sentence)                                                                      \
    namespace {                                                                             \
    struct sentence : CppUnit::TestCase {                                                   \
        sentence() : CppUnit::TestCase(#sentence) {}                                        \
        void runTest() override;                                                            \
    };                                                                                      \
    const CppUnit::AutoRegisterSuite<forge::test::One<sentence>> sentence##_registered;     \
    }                                                                                       \
    void sentence::runTest()

#define CHECK(condition) CPPUNIT_ASSERT(condition)
#define CHECK_EQUAL(expected, actual) CPPUNIT_ASSERT_EQUAL(expected, actual)
#define CHECK_THROWS(Type, expression) CPPUNIT_ASSERT_THROW(static_cast<void>(expression), Type)

using namespace std::string_literals;

namespace forge::test {

/// Lets CppUnit's registry make a suite of one test.
template <class Test>
struct One {
    static CppUnit::Test* suite() { return new Test; }   // the registry takes ownership
};

/// Throws "skipped: why": the runner counts it as skipped, not failed.
struct Skipped {
    std::string why;
};

/// The folder of third-party test data ($FORGE_TEST_DATA, else ../shared/data), or Skipped where there is none.
std::string test_data(const std::string& path);

/// A new empty folder that is removed with everything in it.
class ScratchFolder {
public:
    ScratchFolder();
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    const std::string& path() const { return path_; }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

}
