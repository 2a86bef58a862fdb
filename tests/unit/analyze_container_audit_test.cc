// The container audit: rule by rule.
#include "analyze/collect.h"
#include "analyze/collector.h"
#include "analyze/container_rules.h"
#include "base/text.h"

#include "test.h"

#include <set>
#include <string>

using namespace forge;

namespace {

std::string rules_of(const Findings& findings)
{
    std::string all;
    for (const auto& finding : findings.list())
        all += finding.rule + ":" + std::to_string(finding.line) + " ";
    return all;
}

/// "rule:line " for each finding of a Dockerfile that is otherwise good.
std::string docker(const std::string& instruction)
{
    Findings findings{100};
    audit_dockerfile("Dockerfile", "FROM debian:12.7-slim\n" + instruction + "\nUSER app\nHEALTHCHECK CMD true\n",
                     findings);
    return rules_of(findings);
}

/// The same for one service whose members are given, each indented by four blanks.
std::string compose(const std::string& members)
{
    Findings findings{100};
    audit_compose("compose.yml",
                  "services:\n  a:\n    image: a:1\n    read_only: true\n    mem_limit: 1g\n" + members + "\n",
                  findings);
    return replace_all(rules_of(findings), "compose-new-privileges:2 ", "");
}

}

TEST(a_good_dockerfile_has_no_findings)
{
    CHECK_EQUAL(""s, docker("COPY app /srv"));
    CHECK_EQUAL(
        ""s,
        docker(
            "RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*"));
    CHECK_EQUAL(""s,
                docker("RUN curl -fsSLo /tmp/x https://a.test/x && echo 'abc  /tmp/x' | sha256sum -c && sh /tmp/x"));
    CHECK_EQUAL(""s, docker("RUN --mount=type=secret,id=token,env=TOKEN make install"));
    CHECK_EQUAL(""s, docker("ENV TOKEN_TTL=900 PASSWORD_FILE=/run/secrets/p SECRET_NAME=db-credentials"));
    CHECK_EQUAL(""s, docker("ARG API_TOKEN"));
    CHECK_EQUAL(""s, docker("ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d "
                            "https://a.test/x /x"));
    CHECK_EQUAL(""s, docker("ADD rootfs.tar.gz /"));
    CHECK_EQUAL(""s, docker("COPY --from=build /etc/ssl/private/site.key /x"));
    CHECK_EQUAL(""s, docker("EXPOSE 8080 2222"));
    CHECK_EQUAL(""s, docker("RUN chmod 755 /srv && echo pseudo sudoku"));
}

TEST(each_weakness_of_a_dockerfile_is_found)
{
    CHECK_EQUAL("docker-pipe-to-shell:2 "s, docker("RUN curl -s https://a.test/x | bash -s -- -y"));
    CHECK_EQUAL("docker-pipe-to-shell:2 "s, docker("RUN wget -qO- https://a.test/x | python3 -"));
    CHECK_EQUAL("docker-pipe-to-shell:2 "s, docker("RUN bash -c \"$(curl -fsSL https://a.test/x)\""));
    CHECK_EQUAL("docker-pipe-to-shell:2 "s, docker("RUN <<EOF\ncurl https://a.test/x |\\\n sh\nEOF"));
    CHECK_EQUAL("docker-insecure-download:2 "s, docker("RUN curl -skLO https://a.test/x"));
    CHECK_EQUAL("docker-insecure-download:2 "s, docker("RUN pip install --trusted-host a.test x"));
    CHECK_EQUAL("docker-secret-in-env:2 "s, docker("ENV DB_PASSWORD=hunter2hunter2"));
    CHECK_EQUAL("docker-secret-in-env:2 "s, docker("ENV API_TOKEN abcd1234efgh"));
    CHECK_EQUAL("docker-secret-in-env:2 "s, docker("ARG NPM_TOKEN=Zk3Qw8Lx2Vn7Rb5T"));
    CHECK_EQUAL("docker-secret-in-env:2 "s, docker("RUN git clone https://x:Rb5Tm9Yc4Hs6@git.acme.test/x"));
    CHECK_EQUAL("docker-secret-file:2 "s, docker("COPY [\"id_rsa\", \"/root/.ssh/\"]"));
    CHECK_EQUAL("docker-secret-file:2 "s, docker("COPY .env /srv/"));
    CHECK_EQUAL("docker-add-url:2 "s, docker("ADD https://a.test/x.tar.gz /x"));
    CHECK_EQUAL("docker-add-local:2 "s, docker("ADD app /srv"));
    CHECK_EQUAL("docker-sudo:2 "s, docker("RUN sudo make install"));
    CHECK_EQUAL("docker-ssh:2 "s, docker("EXPOSE 80 22/tcp"));
    CHECK_EQUAL("docker-chmod-777:2 "s, docker("RUN chmod -R 0777 /srv"));
    CHECK_EQUAL("docker-insecure-run:2 "s, docker("RUN --security=insecure make"));
    CHECK_EQUAL("docker-apt-update-alone:2 "s, docker("RUN apt-get update"));
    CHECK_EQUAL("docker-apt-recommends:2 docker-apt-lists:2 "s,
                docker("RUN apt-get update && apt-get install -y curl"));
}

TEST(user_base_and_healthcheck_are_those_of_the_last_stage)
{
    const auto audit = [](const std::string& text) {
        Findings findings{100};
        audit_dockerfile("Dockerfile", text, findings);
        return rules_of(findings);
    };
    CHECK_EQUAL("docker-root-user:1 docker-no-healthcheck:1 "s, audit("FROM a:1\nRUN x\n"));
    CHECK_EQUAL("docker-root-user:2 "s, audit("FROM a:1\nUSER 0:0\nHEALTHCHECK NONE\n"));
    CHECK_EQUAL("docker-root-user:3 docker-no-healthcheck:3 "s, audit("FROM a:1 AS b\nUSER app\nFROM c:1\n"));
    CHECK_EQUAL("docker-latest-tag:1 docker-latest-tag:4 "s,
                audit("FROM a AS b\nUSER app\nHEALTHCHECK CMD x\nFROM x:latest\nFROM b\n"));
    CHECK_EQUAL(""s, audit("ARG V=1\nFROM a:${V}\nUSER app\nHEALTHCHECK CMD x\n"));
    CHECK_EQUAL(""s, audit(""));
}

TEST(a_compose_file_that_ends_in_the_middle_is_wrong_on_one_of_its_lines)
{
    Findings findings{100};
    audit_compose("compose.yml", "services:\n  a:\n    image: \"a\n", findings);
    CHECK(!findings.list().empty());
    for (const Finding& finding : findings.list())
        CHECK(finding.line <= 4);
}

TEST(each_weakness_of_a_compose_file_is_found_at_its_line)
{
    CHECK_EQUAL(""s, compose(""));
    CHECK_EQUAL("compose-privileged:6 "s, compose("    privileged: true"));
    CHECK_EQUAL("compose-host-network:6 "s, compose("    network_mode: host"));
    CHECK_EQUAL("compose-host-pid:6 "s, compose("    pid: host"));
    CHECK_EQUAL("compose-root-user:6 "s, compose("    user: \"0:0\""));
    CHECK_EQUAL("compose-docker-socket:7 "s,
                compose("    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock:ro"));
    CHECK_EQUAL("compose-host-mount:8 "s,
                compose("    volumes:\n      - data:/data\n      - {type: bind, source: /etc/, target: /x}"));
    CHECK_EQUAL("compose-cap-add:7 "s, compose("    cap_add:\n      - CAP_SYS_ADMIN\n      - CHOWN"));
    CHECK_EQUAL("compose-security-off:7 "s, compose("    security_opt:\n      - apparmor=unconfined"));
    CHECK_EQUAL("compose-secret-in-environment:7 "s,
                compose("    environment:\n      DB_PASSWORD: hunter2hunter2\n      DB_PASSWORD_FILE: "
                        "/run/secrets/x\n      TOKEN: ${TOKEN}"));
    CHECK_EQUAL("compose-secret-in-environment:7 "s,
                compose("    environment:\n      - MYSQL_ROOT_PASSWORD=hunter2hunter2\n      - API_KEY"));
    CHECK_EQUAL("compose-public-port:6 "s, compose("    ports: [\"5432:5432\", \"127.0.0.1:6379:6379\", \"80:80\"]"));
    CHECK_EQUAL("compose-device:6 "s, compose("    devices: [/dev/sda]"));
}

TEST(what_is_merged_into_a_service_counts_for_it)
{
    Findings findings{100};
    audit_compose("compose.yml",
                  "x-base: &base\n  read_only: true\n  mem_limit: 1g\n  privileged: true\nservices:\n  a:\n    <<: "
                  "*base\n    image: a:1\n"
                  "    security_opt: [\"no-new-privileges:true\"]\n",
                  findings);
    CHECK_EQUAL("compose-privileged:"s, rules_of(findings).substr(0, 19));
    CHECK_EQUAL(std::size_t{1}, findings.all());
}

TEST(a_comment_allows_a_secret_in_a_containers_description_too)
{
    const std::string head = "FROM a:1\nUSER app\nHEALTHCHECK CMD x\n";
    const auto count = [&](const std::string& text) {
        const TextEvidence evidence{{{"Dockerfile", head + text}}};
        return run_collector({.name = "container", .settings = {}, .args = {}, .evidence = &evidence, .limits = {}})
            .output["findings"].size();
    };
    CHECK_EQUAL(std::size_t{1}, count("ENV API_TOKEN=Zk3Qw8Lx2Vn7Rb5T\n"));
    CHECK_EQUAL(std::size_t{0}, count("# forge:allow-secret\nENV API_TOKEN=Zk3Qw8Lx2Vn7Rb5T\n"));
    CHECK_EQUAL(std::size_t{1}, count("# forge:allow-secret\nRUN sudo make\n"));
}

TEST(a_compose_file_that_is_no_yaml_is_said_to_be_unread)
{
    Findings findings{100};
    audit_compose("compose.yml", "services:\n  a: [\n", findings);
    CHECK_EQUAL("compose-unreadable"s, findings.list().at(0).rule);
    CHECK(findings.list().at(0).risk == Risk::info);
}

TEST(the_container_rules_have_names_of_their_own_and_say_what_to_do)
{
    std::set<std::string_view> names;
    for (const auto& rule : container_rules()) {
        CHECK(names.insert(rule.name).second);
        CHECK(!rule.title.empty() && !rule.why.empty() && !rule.remedy.empty());
    }
}
