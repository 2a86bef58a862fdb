// The demo's input: each planted finding is found at its line, and nothing in the clean twin is reported.
#include "analyze/collector.h"
#include "analyze/folder_evidence.h"

#include "os/file.h"
#include "test.h"

#include <set>
#include <string>

using namespace forge;

namespace {

Json report(const std::string& collector, const std::string& folder)
{
    const auto tree = open_folder_evidence("demo", folder);
    return run_collector({.name = collector,
                          .settings = Json::object(),
                          .args = Json::object(),
                          .evidence = tree.get(),
                          .limits = {}})
        .output;
}

/// "path:line rule" of each, one a line, sorted.
std::string places(const Json& findings)
{
    std::multiset<std::string> sorted;
    for (const auto& finding : findings.items())
        sorted.insert(std::string{finding["path"].as_text()} + ":" + std::to_string(finding["line"].as_integer()) + " "
                      + std::string{finding["rule"].as_text()} + "\n");
    std::string all;
    for (const auto& place : sorted)
        all += place;
    return all;
}

const Json expected = parse_json(read_file("demo/EXPECTED.json"));

}

TEST(every_planted_secret_is_found_at_its_line)
{
    CHECK_EQUAL(places(expected["secrets"]), places(report("secrets", "repository")["findings"]));
}

TEST(every_weakness_of_the_demos_containers_is_found_at_its_line)
{
    CHECK_EQUAL(places(expected["container"]), places(report("container", "repository")["findings"]));
}

TEST(nothing_in_the_clean_twin_is_reported)
{
    CHECK_EQUAL(""s, places(report("secrets", "clean")["findings"]));
    CHECK_EQUAL(""s, places(report("container", "clean")["findings"]));
    CHECK_EQUAL(100, static_cast<int>(report("secrets", "clean")["score"].as_integer()));
    CHECK_EQUAL(2, static_cast<int>(report("secrets", "clean")["allowed"].as_integer()));
}

TEST(no_report_holds_a_secret)
{
    const std::string planted = read_file("demo/repository/.env");
    const auto begin = planted.find("sk_live_");
    const std::string key = planted.substr(begin, planted.find('\n', begin) - begin);
    for (const auto collector : {"secrets", "container", "config", "evidence"}) {
        const auto tree = open_folder_evidence("demo", "repository");
        const auto result = run_collector({.name = collector,
                                           .settings = Json::object(),
                                           .args = Json::object(),
                                           .evidence = tree.get(),
                                           .limits = {}});
        CHECK(dump(result.collected).find(key) == std::string::npos);
    }
}
