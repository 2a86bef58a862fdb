// The audit of a Dockerfile.
#include "analyze/collect.h"
#include "analyze/container_rules.h"
#include "analyze/dockerfile.h"
#include "base/text.h"
#include "lib/regex.h"
#include "scan/secrets.h"

#include <algorithm>

namespace forge {

namespace {

/// What the script of a RUN gives away, by one pattern each.
struct ScriptCheck {
    std::string_view rule;
    Regex pattern;
};

const std::vector<ScriptCheck>& script_checks()
{
    static const std::vector<ScriptCheck> checks = [] {
        std::vector<ScriptCheck> made;
        const auto add = [&](std::string_view rule, std::string_view pattern) {
            made.push_back({rule, Regex{pattern, {.bytes = true}}});
        };
        add("docker-pipe-to-shell",
            R"((?:curl|wget)\b[^\n;&]*\|\s*(?:sudo\s+(?:-\w+\s+)*)?(?:/\S*/)?(?:env\s+)?(?:ba|da|z|k)"
            R"(|a)?sh\b|(?:curl|wget)\b[^\n;&]*\|\s*(?:sudo\s+)?(?:python[\d.]*|perl|node|ruby|php)\b)");
        add("docker-pipe-to-shell", R"((?:ba|da|z)?sh\s+(?:-c\s+["']?\$\(|<\()\s*(?:curl|wget)\b)");
        add("docker-insecure-download",
            R"(\bcurl\b[^\n;&|]*\s(?:-[a-zA-Z]*k[a-zA-Z]*|--insecure)(?:\s|$)|\bwget\b[^\n;&)"
            R"(|]*--no-check-certificate)");
        add("docker-insecure-download",
            R"(--allow-unauthenticated|--force-yes|--trusted-host|--no-gpg-check|--nogpgcheck)"
            R"(|--allow-untrusted|strict-ssl\s+false|NODE_TLS_REJECT_UNAUTHORIZED=0)"
            R"(|http\.sslVerify[= ]false)");
        add("docker-sudo", R"((?:^|[\n;&|(]\s*|\s)sudo\s)");
        add("docker-sudo", R"((?:install|add)\b[^\n;&|]*\ssudo\b)");
        add("docker-ssh", R"((?:install|add)\b[^\n;&|]*\s(?:openssh-server|dropbear|openssh)\b)");
        add("docker-chmod-777", R"(\bchmod\b[^\n;&|]*\s(?:0?[0-7]?777|a\+rwx|ugo\+rwx|o\+w)\b)");
        return made;
    }();
    return checks;
}

const Regex& expression(std::string_view pattern)
{
    thread_local std::map<std::string, Regex, std::less<>> known;
    const auto found = known.find(pattern);
    return found != known.end() ? found->second
                                : known.emplace(std::string{pattern}, Regex{pattern, {.bytes = true}}).first->second;
}

class DockerAudit {
public:
    DockerAudit(std::string_view path, const Dockerfile& file, Findings& findings)
        : path_(path), file_(file), findings_(findings)
    {
    }

    void run()
    {
        for (const auto& instruction : file_.before)
            check_secret(instruction);
        for (const auto& stage : file_.stages) {
            check_base(stage);
            for (const auto& instruction : stage.instructions)
                check(instruction);
        }
        if (!file_.stages.empty())
            check_last_stage();
    }

private:
    void report(std::string_view rule, std::size_t line, std::string_view excerpt)
    {
        findings_.add(container_finding(rule, path_, line, excerpt));
    }
    void report(std::string_view rule, const DockerInstruction& instruction)
    {
        report(rule, instruction.line, instruction.name + " " + instruction.text);
    }

    void check_base(const DockerStage& stage)
    {
        if (!stage.parent && !has_fixed_version(stage.base))
            report("docker-latest-tag", stage.line, "FROM " + stage.base);
    }

    void check_last_stage()
    {
        const auto& last = file_.stages.back();
        const auto* user = file_.last("USER");
        if (!user)
            report("docker-root-user", last.line, "FROM " + last.base + " (and no USER after it)");
        else if (const auto name = user->text.substr(0, user->text.find(':')); name == "root" || name == "0")
            report("docker-root-user", *user);
        if (!file_.last("HEALTHCHECK"))
            report("docker-no-healthcheck", last.line, "FROM " + last.base + " (and no HEALTHCHECK after it)");
    }

    void check(const DockerInstruction& instruction)
    {
        check_secret(instruction);
        if (instruction.name == "RUN")
            check_run(instruction);
        else if (instruction.name == "ADD" || instruction.name == "COPY")
            check_copy(instruction);
        else if (instruction.name == "EXPOSE" && expression(R"((?:^|\s)22(?:/tcp)?(?:\s|$))").finds(instruction.text))
            report("docker-ssh", instruction);
    }

    void check_secret(const DockerInstruction& instruction)
    {
        bool found = !find_secrets(instruction.name + " " + instruction.script(), 1).findings.empty();
        if (instruction.name == "ENV" || instruction.name == "ARG")
            for (const auto& [name, value] : docker_assignments(instruction.text))
                if (is_written_out_secret(name, value)) {
                    findings_.add(container_finding("docker-secret-in-env", path_, instruction.line,
                                                    instruction.name + " " + name + "=["
                                                        + std::to_string(value.size()) + " characters]"));
                    return;
                }
        if (found)
            report("docker-secret-in-env", instruction);
    }

    void check_run(const DockerInstruction& run)
    {
        const std::string script = run.script();
        std::string_view last;
        for (const auto& check : script_checks())
            if (check.rule != last && check.pattern.finds(script)) {
                report(check.rule, run);
                last = check.rule;
            }
        if (expression(R"(^(?:--\S+\s+)*--(?:security=insecure|network=host))").finds(run.text))
            report("docker-insecure-run", run);
        check_packages(run, script);
    }

    void check_packages(const DockerInstruction& run, const std::string& script)
    {
        const bool cached = run.text.find("--mount=type=cache") != run.text.npos;
        const bool installs = expression(R"(\bapt(?:-get)?\s[^\n;&|]*\binstall\b)").finds(script);
        if (installs && script.find("--no-install-recommends") == script.npos
            && script.find("Install-Recommends") == script.npos)
            report("docker-apt-recommends", run);
        if (installs && !cached && script.find("/var/lib/apt/lists") == script.npos)
            report("docker-apt-lists", run);
        if (!installs && !cached && expression(R"(\bapt(?:-get)?\s[^\n;&|]*\bupdate\b)").finds(script))
            report("docker-apt-update-alone", run);
    }

    void check_copy(const DockerInstruction& copy)
    {
        const bool from_stage = copy.text.find("--from=") != copy.text.npos;
        if (!from_stage
            && expression(
                   R"((?i)(?:^|[\s/"\[,])(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.env(?:\.(?:prod|production|local)"
                   R"(|live))?|\.npmrc|\.netrc|\.pypirc|\.git-credentials|\.aws(?:/credentials)?|\.ssh/?)"
                   R"(|\.kube/config|kubeconfig|credentials\.json|service-account\S*\.json|[^\s"]*\.(?:key|p12)"
                   R"(|pfx|jks|ppk))(?:["\s,]))")
                   .finds(copy.text))
            report("docker-secret-file", copy);
        if (copy.name != "ADD")
            return;
        const bool remote = expression(R"((?:^|[\s"\[])(?:https?|ftp)://)").finds(copy.text);
        if (remote && copy.text.find("--checksum=") == copy.text.npos)
            report("docker-add-url", copy);
        if (!remote && copy.heredocs.empty()
            && !expression(R"(\.(?:tar|tgz|tar\.\w+|zip|tbz2?|txz|git)["\s,]|git@|\.git#)").finds(copy.text))
            report("docker-add-local", copy);
    }

    const std::string_view path_;
    const Dockerfile& file_;
    Findings& findings_;
};

}

void audit_dockerfile(std::string_view path, std::string_view text, Findings& findings)
{
    const auto file = parse_dockerfile(text);
    DockerAudit{path, file, findings}.run();
}

}
