// The audit of configuration files against PCI DSS v4.0.
#include "analyze/collector.h"
#include "analyze/config_rules.h"

#include "lib/regex.h"
#include "test.h"

#include <set>
#include <string>

using namespace forge;

namespace {

Json report(const std::string& path, const std::string& text)
{
    const TextEvidence evidence{{{path, text}}};
    return run_collector({.name = "config",
                          .settings = Json::object(),
                          .args = Json::object(),
                          .evidence = &evidence,
                          .limits = {}})
        .output;
}

/// "rule:line " of each finding, the worst first.
std::string found(const std::string& path, const std::string& text)
{
    std::string all;
    for (const auto& finding : report(path, text)["findings"].items())
        all += std::string{finding["rule"].as_text()} + ":" + std::to_string(finding["line"].as_integer()) + " ";
    return all;
}

std::string status(const Json& report, const std::string& requirement)
{
    for (const auto& item : report["requirements"].items())
        if (item["requirement"].as_text() == requirement)
            return std::string{item["status"].as_text()};
    return "";
}

constexpr const char* good_sshd = "PermitRootLogin no\nPasswordAuthentication no\nClientAliveInterval 300\n";

}

TEST(an_ssh_server_is_judged_by_its_lines_and_by_what_they_leave_out)
{
    CHECK_EQUAL(""s, found("etc/ssh/sshd_config", good_sshd));
    CHECK_EQUAL("sshd-root-login:2 "s,
                found("sshd_config", "# PermitRootLogin yes\n  PermitRootLogin yes # bad\nPasswordAuthentication "
                                     "no\nClientAliveInterval 300\n"));
    CHECK_EQUAL("sshd-password-default:0 sshd-idle-default:0 "s, found("sshd_config", "PermitRootLogin no\n"));
    CHECK_EQUAL("sshd-weak-cipher:4 "s, found("sshd_config", good_sshd + "Ciphers aes128-ctr,aes128-cbc\n"s));
    CHECK_EQUAL("sshd-weak-mac:4 "s, found("sshd_config", good_sshd + "MACs hmac-sha2-256,hmac-sha1\n"s));
    CHECK_EQUAL(
        ""s,
        found("sshd_config",
              good_sshd
                  + "MACs hmac-sha2-512-etm@openssh.com,umac-128@openssh.com\nCiphers aes256-gcm@openssh.com\n"s));
    CHECK_EQUAL("sshd-tries:4 "s, found("sshd_config", good_sshd + "MaxAuthTries 20\n"s));
}

TEST(web_servers_are_judged_by_their_protocols)
{
    CHECK_EQUAL("nginx-weak-tls:1 "s, found("nginx.conf", "ssl_protocols TLSv1 TLSv1.2;"));
    CHECK_EQUAL(
        ""s,
        found(
            "nginx/site.conf",
            "ssl_protocols TLSv1.2 TLSv1.3;\nssl_ciphers ECDHE-RSA-AES128-GCM-SHA256:!RC4:!MD5;\nautoindex off;\n"));
    CHECK_EQUAL("nginx-weak-cipher:1 "s, found("nginx.conf", "ssl_ciphers HIGH:RC4-SHA;"));
    CHECK_EQUAL("nginx-no-log:2 nginx-listing:1 "s, found("nginx.conf", "autoindex on;\naccess_log off;\n"));
    CHECK_EQUAL("apache-weak-tls:1 "s, found("ssl.conf", "SSLProtocol all -SSLv3"));
    CHECK_EQUAL(""s, found("ssl.conf", "SSLProtocol -all +TLSv1.2 +TLSv1.3"));
}

TEST(firewalls_are_judged_by_policies_and_open_ports)
{
    CHECK_EQUAL("fw-input-open:2 "s, found("rules.v4", "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n"));
    CHECK_EQUAL("fw-open-store:1 "s, found("firewall.rules", "-A INPUT -p tcp -m tcp --dport 5432 -j ACCEPT"));
    CHECK_EQUAL(""s, found("firewall.rules",
                           "-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 5432 -j ACCEPT\n:INPUT DROP [0:0]\n"));
    CHECK_EQUAL("fw-open-admin:2 "s,
                found("ufw.txt", "Default: deny (incoming), deny (outgoing)\n22/tcp ALLOW IN Anywhere\n"));
    CHECK_EQUAL("fw-insecure-service:1 "s, found("ufw", "ufw allow 23/tcp"));
}

TEST(stores_and_password_rules_are_judged)
{
    CHECK_EQUAL("mysql-open:2 mysql-plain-allowed:0 "s, found("my.cnf", "[mysqld]\nbind-address = 0.0.0.0\n"));
    CHECK_EQUAL(""s, found("my.cnf", "[mysqld]\nbind-address = 10.0.0.5\nrequire_secure_transport = ON\n"));
    CHECK_EQUAL("pg-trust:1 "s, found("pg_hba.conf", "local all all trust"));
    CHECK_EQUAL("pg-everywhere:1 "s, found("pg_hba.conf", "hostssl all all 0.0.0.0/0 scram-sha-256"));
    CHECK_EQUAL("redis-unprotected:1 "s, found("redis.conf", "protected-mode no"));
    CHECK_EQUAL("password-short:1 "s, found("login.defs", "PASS_MIN_LEN 8"));
}

TEST(card_numbers_and_passwords_are_found_in_files_of_any_kind)
{
    CHECK_EQUAL("card-number:1 "s, found("orders.csv", "1;4539 5787 6362 1486;Meier"));
    const auto audit = report("app.env", "DB_PASSWORD=Winter2024!Snow\n");
    CHECK_EQUAL("not_met"s, status(audit, "8.6.2"));
    CHECK(dump(audit).find("Winter") == std::string::npos);
}

TEST(a_requirement_is_met_only_where_a_file_could_show_otherwise)
{
    const auto audit = report("sshd_config", good_sshd);
    CHECK_EQUAL("met"s, status(audit, "8.2.1"));
    CHECK_EQUAL("not_assessed"s, status(audit, "1.3.1"));
    CHECK_EQUAL("not_met"s, status(report("sshd_config", "PermitRootLogin yes"), "8.2.1"));
}

TEST(each_configuration_rule_names_a_requirement_of_the_table)
{
    std::set<std::string_view> numbers;
    for (const auto& requirement : config_requirements())
        CHECK(numbers.insert(requirement.number).second);
    for (const auto& rule : config_rules())
        CPPUNIT_ASSERT_MESSAGE(std::string{rule.name}, numbers.contains(rule.requirement));
}
