// Native collectors: evidence, coverage, limits.
#include "analyze/collector.h"
#include "analyze/control_areas.h"
#include "analyze/reading.h"

#include "base/error.h"
#include "test.h"

#include <string>

using namespace forge;

namespace {

Collected collect(const std::string& name, const EvidenceTree& evidence, Json settings = Json::object(),
                  CollectorLimits limits = {})
{
    return run_collector({.name = name,
                          .settings = std::move(settings),
                          .args = Json::object({{"who", "Acme"}, {"how", "high"}}),
                          .evidence = &evidence,
                          .limits = limits});
}

const Json vendor =
    Json::object({{"controls", "dora_third_party"}, {"subject", "who"}, {"criticality", "how"}, {"as", "vendor"}});

std::string area_status(const Json& output, const std::string& id)
{
    for (const auto& area : output["areas"].items())
        if (area["id"].as_text() == id)
            return std::string{area["status"].as_text()};
    return "";
}

}

TEST(an_unknown_collector_is_refused)
{
    CHECK_THROWS(Error, collect("shell", TextEvidence{{}}));
}

TEST(echo_gives_the_message_back)
{
    const auto result =
        run_collector({.name = "echo", .settings = {}, .args = Json::object({{"message", "hi"}}), .limits = {}});
    CHECK_EQUAL(R"({"echo":{"message":"hi"}})"s, dump(result.output));
}

TEST(evidence_lists_files_with_digest_and_excerpt_and_no_secret)
{
    const auto result = collect(
        "evidence", TextEvidence{{{"a.txt", "one\ntwo\nthree\n"}, {"b.env", "DB_PASSWORD=Winter2024!Snow\n"}}},
        Json::object({{"excerpt_lines", 2}}));
    CHECK(!result.output);
    const auto files = result.collected["files"];
    CHECK_EQUAL("one\ntwo\n"s, std::string{files.at(0)["excerpt"].as_text()});
    CHECK_EQUAL(3, static_cast<int>(files.at(0)["lines"].as_integer()));
    CHECK_EQUAL("DB_PASSWORD=[redacted:password-assignment]\n"s, std::string{files.at(1)["excerpt"].as_text()});
    CHECK(files.at(0)["digest"].as_text().starts_with("sha256:"));
}

TEST(what_is_binary_too_large_or_beyond_a_limit_is_skipped_by_name)
{
    const TextEvidence evidence{
        {{"a", "text"}, {"b", "bin\0ary"s}, {"c", std::string(100, 'x')}, {"d", "text"}, {"e", "text"}}};
    const auto skipped = [&](CollectorLimits limits) {
        return dump(collect("secrets", evidence, Json::object(), limits).output["skipped"]["reasons"]);
    };
    CHECK_EQUAL(R"({"binary":1,"larger than is read":1})"s, skipped({.file_bytes = 50}));
    CHECK_EQUAL(R"({"more files than are read":3,"binary":1})"s.size(), skipped({.files = 2}).size());
    CHECK_EQUAL(R"({"no time left":5})"s, skipped({.deadline = steady_now()}));
    CHECK_EQUAL(R"({"more bytes than are read":4})"s, skipped({.bytes = 4}));
}

TEST(findings_beyond_the_limit_are_counted_but_not_listed)
{
    std::string text;
    for (int i = 0; i < 20; ++i)
        text += "id = AKIAQX3WZ7RTNM5KJ2P" + std::string(1, static_cast<char>('A' + i)) + "\n";
    const auto output = collect("secrets", TextEvidence{{{"a", text}}}, Json::object(), {.findings = 5}).output;
    CHECK_EQUAL(std::size_t{5}, output["findings"].size());
    CHECK_EQUAL(20, static_cast<int>(output["summary"]["critical"].as_integer()));
    CHECK(output["truncated"].as_bool());
    CHECK(!output["pass"].as_bool(true));
}

TEST(secrets_in_utf16_are_found)
{
    std::string text = "\xff\xfe"s;
    for (const char c : "k = \"AKIAQX3WZ7RTNM5KJ2PD\"\r\n"s)
        text += std::string{c, '\0'};
    CHECK_EQUAL(std::size_t{1}, collect("secrets", TextEvidence{{{"a.reg", text}}}).output["findings"].size());
}

TEST(coverage_says_which_topics_the_documents_show)
{
    const TextEvidence evidence{{{"a.md", "Data is encrypted with AES-256.\nKeys are in an HSM.\n"},
                                 {"b.md", "Exit plan: not yet in place.\n"}}};
    const auto output = collect("coverage", evidence, vendor).output;
    CHECK_EQUAL("covered"s, area_status(output, "TPR-04"));
    CHECK_EQUAL("weak"s, area_status(output, "TPR-09"));
    CHECK_EQUAL("missing"s, area_status(output, "TPR-07"));
    CHECK_EQUAL("Acme"s, std::string{output["vendor"]["name"].as_text()});
    CHECK(!output["acceptance"]["pass"].as_bool(true));
    CHECK_EQUAL(R"(["b.md:1"])"s, dump([&] {
        for (const auto& finding : output["findings"].items())
            if (finding["title"].as_text().ends_with("Exit and return of data"))
                return finding["evidence"];
        return Json{};
    }()));
}

TEST(file_names_and_names_with_underscores_speak_too)
{
    const TextEvidence evidence{
        {{"access_control_log.csv", "user,change\n"}, {"ddq.json", "{\"data_residency\": \"EU\"}\n"}}};
    const auto output = collect("coverage", evidence, vendor).output;
    CHECK_EQUAL("weak"s, area_status(output, "TPR-05"));
    CHECK_EQUAL("weak"s, area_status(output, "TPR-03"));
}

TEST(no_evidence_at_all_is_the_worst_result)
{
    const auto output = collect("coverage", TextEvidence{{}}, vendor).output;
    CHECK_EQUAL(100, static_cast<int>(output["risk"]["score"].as_integer()));
    CHECK_EQUAL("critical"s, std::string{output["risk"]["level"].as_text()});
    CHECK_EQUAL(0, static_cast<int>(output["coverage"]["covered"].as_integer()));
}

TEST(it_is_told_when_there_was_nothing_to_read)
{
    CHECK(collect("secrets", TextEvidence{{{"a", "text"}}}).read_any);
    CHECK(!collect("secrets", TextEvidence{{{"a", " \n"}, {"b", "a\0b"s}}}).read_any);
    CHECK(!collect("container", TextEvidence{{{"README", "text"}}}).read_any);
    CHECK(!collect("config", TextEvidence{{}}).read_any);
    CHECK(!collect("evidence", TextEvidence{{}}).read_any);
    CHECK(!collect("coverage", TextEvidence{{}}, vendor).read_any);
}

TEST(coverage_of_an_unknown_framework_is_refused)
{
    CHECK_THROWS(Error, collect("coverage", TextEvidence{{}}));
    CHECK(control_areas("nothing").empty());
    CHECK_EQUAL(std::size_t{13}, control_areas("dora_third_party").size());
    CHECK_EQUAL(std::size_t{16}, control_areas("dora_ict").size());
}

TEST(text_is_told_from_binary_by_its_control_characters)
{
    CHECK(!is_binary("a\tb\r\n\x1b[1m"));
    CHECK(!is_binary(""));
    CHECK(is_binary("a\0b"s));
    CHECK(is_binary("\x01\x02\x03 x"));
}

TEST(a_path_is_judged_before_it_is_used)
{
    CHECK(!path_fault("a/b.txt"));
    CHECK(path_fault("a/../b") == "leaves the folder");
    CHECK(path_fault("/a") == "absolute path");
    CHECK(path_fault("a\\b") == "backslash in its name");
    CHECK(path_fault("\xff") == "name is not UTF-8");
    CHECK_EQUAL("a/b"s, normal_path("./a//b/."));
    CHECK_EQUAL("a?b"s, shown_path("a\xff" "b"));
}
