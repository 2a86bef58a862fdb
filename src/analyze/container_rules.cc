// The table of what is wrong with a container's description.
#include "analyze/container_rules.h"

#include <algorithm>

#include "analyze/collect.h"
#include "base/error.h"
#include "base/text.h"

namespace forge {

namespace {

using enum Risk;

constexpr ContainerRule rules[] = {
    // Dockerfile.
    {"docker-root-user", high, "The container runs as root",
     "Whoever breaks out of the program is root in the container, one kernel fault away from the host.",
     "Add a user and end the last stage with USER name:group (or a numeric id).",
     "CIS Docker 4.1; CWE-250; PCI DSS 2.2.6"},
    {"docker-latest-tag", medium, "The base image has no fixed version",
     "Each build may get another image; what was tested is not what runs, and nobody can say what ran.",
     "Name a version tag, better a digest: image:1.2.3@sha256:…", "CIS Docker 4.2; CWE-1357; ISO 27001 A.8.9"},
    {"docker-secret-in-env", critical, "A secret stands in an instruction",
     "It stays in the image's layers and history, readable by everyone who can pull the image.",
     "Take it out, revoke it, and use RUN --mount=type=secret at build time or a secret store at run time.",
     "CIS Docker 4.10; CWE-798; PCI DSS 8.6.2"},
    {"docker-secret-file", critical, "A key or credential file is copied into the image",
     "It stays in a layer even when a later instruction deletes it.",
     "Leave it out (.dockerignore), revoke it, and use RUN --mount=type=secret or type=ssh.",
     "CIS Docker 4.10; CWE-538"},
    {"docker-add-url", medium, "ADD fetches from an address without a checksum",
     "What the address serves tomorrow goes into the image unseen.",
     "Use ADD --checksum=sha256:…, or fetch and verify in one RUN.", "CIS Docker 4.9; CWE-494"},
    {"docker-pipe-to-shell", high, "A download is run unseen",
     "Whoever controls the server, or the way to it, runs commands in the build.",
     "Download to a file, check its digest or signature, then run it; better use a package.",
     "CWE-494; NIST SP 800-53 SI-7"},
    {"docker-insecure-download", high, "A download does not check the server's certificate or signature",
     "Anyone on the way can replace what is installed.",
     "Remove -k, --insecure, --no-check-certificate, --allow-unauthenticated, --trusted-host and install the right "
     "CA instead.", "CWE-295; PCI DSS 4.2.1"},
    {"docker-sudo", medium, "sudo is used or installed", "It gives the container's user a way back to root.",
     "Do what needs root before USER, and leave sudo out.", "CIS Docker 4.1; CWE-250"},
    {"docker-ssh", medium, "The container offers SSH",
     "A second way in, with its own users and keys, that no orchestrator watches.",
     "Remove the SSH server; use the orchestrator's exec.", "CIS Docker 5.6; PCI DSS 2.2.4"},
    {"docker-chmod-777", medium, "Files are made writable for everyone",
     "Any process in the container can change what others run.",
     "Give the owner what it needs: chown, then chmod 750 or 640.", "CWE-732; PCI DSS 7.2.2"},
    {"docker-insecure-run", high, "A build step runs without its sandbox",
     "RUN --security=insecure or --network=host gives the build the host's rights or network.", "Remove the flag.",
     "CIS Docker 5.4; CWE-250"},
    {"docker-no-healthcheck", low, "There is no HEALTHCHECK",
     "A program that hangs looks as healthy as one that works.",
     "Add HEALTHCHECK CMD with a check of the program's own (or HEALTHCHECK NONE where the orchestrator checks).",
     "CIS Docker 4.6; DORA Art. 10"},
    {"docker-apt-recommends", low, "apt-get install without --no-install-recommends",
     "Packages that nobody asked for widen what can be attacked and must be patched.", "Add --no-install-recommends.",
     "CIS Docker 4.3; PCI DSS 2.2.4"},
    {"docker-apt-lists", low, "Package lists stay in the image", "They make the image larger and go stale.",
     "End the same RUN with rm -rf /var/lib/apt/lists/*.", "CIS Docker 4.7"},
    {"docker-apt-update-alone", low, "apt-get update stands alone",
     "The builder caches it: later installs use old lists and miss security updates.",
     "Join update and install in one RUN.", "CIS Docker 4.7; PCI DSS 6.3.3"},
    {"docker-add-local", low, "ADD copies a local file", "ADD also unpacks and fetches; COPY does what it says.",
     "Use COPY.", "CIS Docker 4.9"},

    // Compose.
    {"compose-privileged", critical, "The service is privileged",
     "It has all rights of the host's root: devices, kernel modules, every file.",
     "Remove privileged: true; add the one capability or device that is needed.",
     "CIS Docker 5.5; CWE-250; PCI DSS 2.2.6"},
    {"compose-docker-socket", critical, "The service gets the Docker socket",
     "Whoever can write to it can start a privileged container: it is root on the host.",
     "Remove the mount; use a filtering proxy or an API with rights of its own.", "CIS Docker 5.32; CWE-250"},
    {"compose-host-mount", high, "A sensitive folder of the host is mounted",
     "The container can read or change the host's system, its keys or its other containers.",
     "Mount one data folder or a named volume, read-only where possible.", "CIS Docker 5.6; CWE-668"},
    {"compose-host-network", high, "The service shares the host's network",
     "It reaches and can bind everything on the host; network rules between services do not apply.",
     "Use a network of its own and publish the ports that are needed.", "CIS Docker 5.10; PCI DSS 1.4.1"},
    {"compose-host-pid", high, "The service shares the host's processes",
     "It sees, and with rights can trace or end, every process of the host.", "Remove pid: host.",
     "CIS Docker 5.16; CWE-668"},
    {"compose-host-ipc", medium, "The service shares the host's IPC or user namespace",
     "Shared memory and ids of the host are within reach.", "Remove ipc: host and userns_mode: host.",
     "CIS Docker 5.17; CWE-668"},
    {"compose-cap-add", high, "A powerful capability is added",
     "SYS_ADMIN, NET_ADMIN, SYS_PTRACE, SYS_MODULE, DAC_READ_SEARCH, BPF or ALL come close to root on the host.",
     "Drop all capabilities, then add only what a test shows to be needed.", "CIS Docker 5.4; CWE-250"},
    {"compose-security-off", high, "A protection of the kernel is switched off",
     "Without seccomp, AppArmor or SELinux each kernel fault is within reach.",
     "Remove the unconfined or disable entry from security_opt.", "CIS Docker 5.1; CIS Docker 5.2"},
    {"compose-secret-in-environment", high, "A secret stands in the file",
     "Whoever can read the file, or inspect the container, has it.",
     "Use secrets: with a file, or an env_file outside the repository; revoke the old one.", "CWE-798; PCI DSS 8.6.2"},
    {"compose-latest-tag", medium, "The image has no fixed version",
     "Each start may bring another image, and nobody can say what ran.", "Name a version tag, better a digest.",
     "CIS Docker 5.28; CWE-1357; ISO 27001 A.8.9"},
    {"compose-root-user", medium, "The service is told to run as root", "It overrides the user that the image chose.",
     "Remove user: root or name another user.", "CIS Docker 4.1; CWE-250"},
    {"compose-public-port", medium, "A store or an administration port is published on all addresses",
     "Everyone who reaches the host reaches it, past the firewall: Docker opens its own way.",
     "Do not publish it, or bind it: 127.0.0.1:5432:5432.", "CIS Docker 5.14; PCI DSS 1.3.1"},
    {"compose-device", medium, "A device of the host is given to the service",
     "It can read or write hardware directly.", "Remove it, or give only the rights that are needed (…:r).",
     "CIS Docker 5.18"},
    {"compose-new-privileges", low, "Processes may gain rights",
     "A set-uid program in the image gives root in the container.", "Add security_opt: [no-new-privileges:true].",
     "CIS Docker 5.26; CWE-250"},
    {"compose-writable-root", low, "The root file system is writable",
     "An attacker can leave tools and changed programs behind.",
     "Add read_only: true, and tmpfs or volumes for what must be written.", "CIS Docker 5.13"},
    {"compose-no-memory-limit", low, "There is no memory limit",
     "One service can take the host's memory from all others.", "Add mem_limit or deploy.resources.limits.memory.",
     "CIS Docker 5.11; DORA Art. 9"},
    {"compose-unreadable", info, "The file could not be read as YAML", "It was not checked.",
     "Mend the syntax, then run the audit again.", ""},
};

}

std::span<const ContainerRule> container_rules()
{
    return rules;
}

Finding container_finding(std::string_view rule, std::string_view path, std::size_t line, std::string_view excerpt)
{
    const auto found = std::ranges::find(rules, rule, &ContainerRule::name);
    if (found == std::end(rules))
        throw Error("container audit: no rule " + std::string{rule});
    Finding finding{.rule = std::string{found->name},
                    .risk = found->risk,
                    .path = std::string{path},
                    .line = line,
                    .column = 0,
                    .title = std::string{found->title},
                    .excerpt = shown_line(excerpt),
                    .why = std::string{found->why},
                    .remedy = std::string{found->remedy},
                    .mappings = {}};
    if (!found->mappings.empty())
        for (const auto mapping : split(found->mappings, ';'))
            finding.mappings.emplace_back(trim(mapping));
    return finding;
}

}
