// Runs the unit tests: all, or those whose name contains an argument; FORGE_FIRST_FAILURE=1: none after one that fails.
// Ends with the counts.
#include "tests/unit/test.h"

#include "base/error.h"

#include <cppunit/Protector.h>
#include <cppunit/TestFailure.h>
#include <cppunit/TestListener.h>
#include <cppunit/TestResult.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>

namespace forge::test {

std::string test_data(const std::string& path)
{
    const char* const given = std::getenv("FORGE_TEST_DATA");
    const std::string root = given ? given : "../shared/data";
    if (!std::filesystem::exists(root + "/" + path))
        throw Skipped{"no " + path + " in " + root};
    return root + "/" + path;
}

ScratchFolder::ScratchFolder()
{
    std::string pattern = std::filesystem::temp_directory_path() / "forge-test-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr)
        throw errno_error("mkdtemp " + pattern);
    path_ = pattern;
}

ScratchFolder::~ScratchFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

namespace {

int passed, failed, skipped;
bool current_failed, current_skipped;
std::string current_name;

// Sees Skipped before CppUnit makes a failure of it.
struct SkipProtector : CppUnit::Protector {
    bool protect(const CppUnit::Functor& test, const CppUnit::ProtectorContext&) override
    {
        try {
            return test();
        } catch (const Skipped& why) {
            current_skipped = true;
            std::cout << "skipped: " << current_name << ": " << why.why << '\n';
            return true;
        }
    }
};

struct Counter : CppUnit::TestListener {
    void startTest(CppUnit::Test* test) override
    {
        current_failed = current_skipped = false;
        current_name = test->getName();
    }
    void addFailure(const CppUnit::TestFailure& failure) override
    {
        current_failed = true;
        std::cout << "failed: " << failure.failedTestName() << "\n  " << failure.sourceLine().fileName() << ':'
                  << failure.sourceLine().lineNumber() << ": " << failure.thrownException()->what() << '\n';
    }
    void endTest(CppUnit::Test*) override { ++(current_failed ? failed : current_skipped ? skipped : passed); }
};

void run(CppUnit::Test& test, const std::string& filter, CppUnit::TestResult& result)
{
    if (failed > 0 && std::getenv("FORGE_FIRST_FAILURE"))
        return;
    if (test.getChildTestCount() == 0) {
        if (test.getName().find(filter) != std::string::npos)
            test.run(&result);
        return;
    }
    for (int i = 0; i < test.getChildTestCount(); ++i)
        run(*test.getChildTestAt(i), filter, result);
}

}

}

int main(int argc, char** argv)
{
    using namespace forge::test;
    const std::unique_ptr<CppUnit::Test> all{CppUnit::TestFactoryRegistry::getRegistry().makeTest()};
    CppUnit::TestResult result;
    Counter counter;
    result.addListener(&counter);
    result.pushProtector(new SkipProtector);   // TestResult takes ownership
    run(*all, argc > 1 ? argv[1] : "", result);
    std::cout << "unit tests: " << passed << " passed, " << failed << " failed, " << skipped << " skipped" << std::endl;
    return failed == 0 && passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
