// The audit of a compose file.
#include "analyze/collect.h"
#include "analyze/container_rules.h"
#include "base/text.h"
#include "lib/yaml.h"
#include "scan/secrets.h"

#include <algorithm>
#include <array>

namespace forge {

namespace {

using namespace std::string_view_literals;

constexpr std::array sensitive_folders{"/"sv,    "/etc"sv, "/root"sv,   "/home"sv,    "/boot"sv,           "/proc"sv,
                                       "/sys"sv, "/dev"sv, "/run"sv,    "/var/run"sv, "/var/lib/docker"sv, "/lib"sv,
                                       "/usr"sv, "/var"sv, "/var/lib"sv};
constexpr std::array strong_capabilities{"ALL"sv,        "SYS_ADMIN"sv, "NET_ADMIN"sv,       "SYS_PTRACE"sv,
                                         "SYS_MODULE"sv, "SYS_RAWIO"sv, "DAC_READ_SEARCH"sv, "DAC_OVERRIDE"sv,
                                         "BPF"sv,        "SYS_BOOT"sv,  "MAC_ADMIN"sv,       "SYS_TIME"sv};
// Stores, queues and administration: what nobody but other services should reach.
constexpr std::array private_ports{22,   2375, 2376, 2379, 3306, 5432,  5672,  5984,  6379,
                                   8086, 9000, 9042, 9092, 9200, 11211, 15672, 27017, 33060};

constexpr std::string_view merge_prefix = "x-forge-merge-";

/// YAML 1.1's merge key "<<" under names of its own, one a line: lib/yaml refuses it, and compose files live on it.
std::string with_merges_named(std::string_view text)
{
    std::string result;
    int number = 0;
    for (const auto line : split(text, '\n')) {
        if (line.data() != text.data())   // none after the last: an open quote would end on a line that there is not
            result += '\n';
        const auto begin = line.find_first_not_of(" \t-");
        if (begin != line.npos && line.substr(begin).starts_with("<<:"))
            result += std::string{line.substr(0, begin)} + std::string{merge_prefix} + std::to_string(++number)
                    + std::string{line.substr(begin + 2)};
        else
            result += line;
    }
    return result;
}

bool contains(const auto& list, const auto& value)
{
    return std::ranges::find(list, value) != std::end(list);
}

std::string text_of_value(const Json& value)
{
    return value.is_string() ? std::string{value.as_text()} : value ? dump(value) : "";
}

/// A member of a service, its own or merged into it; `pointer` becomes where it stands.
struct Member {
    Json value;
    std::string pointer;
};

Member member_of(const Json& object, const std::string& pointer, std::string_view name)
{
    if (const auto own = object[name])
        return {own, pointer + "/" + pointer_step(name)};
    for (const auto& [key, merged] : object.members())
        if (key.starts_with(merge_prefix)) {
            const auto base = pointer + "/" + key;
            if (merged.is_object())
                if (auto found = member_of(merged, base, name); found.value)
                    return found;
            for (std::size_t i = 0; i < merged.size() && merged.is_array(); ++i)
                if (auto found = member_of(merged.at(i), base + "/" + std::to_string(i), name); found.value)
                    return found;
        }
    return {};
}

class ServiceAudit {
public:
    ServiceAudit(std::string_view path, const YamlDocument& document, const std::string& name, Findings& findings)
        : path_(path), document_(document), pointer_("/services/" + pointer_step(name)),
          service_(document.value()["services"][name]), name_(name), findings_(findings)
    {
    }

    void run()
    {
        check_flags();
        check_image();
        check_volumes();
        check_capabilities();
        check_environment("environment");
        check_build();
        check_ports();
        check_hardening();
    }

private:
    Member member(std::string_view name) const { return member_of(service_, pointer_, name); }

    void report(std::string_view rule, const std::string& pointer, std::string_view excerpt)
    {
        const auto line = static_cast<std::size_t>(document_.at(pointer).line);
        findings_.add(container_finding(rule, path_, line, name_ + ": " + std::string{excerpt}));
    }

    /// Calls check(text, pointer) for each entry of a list, or for one text.
    template <class Check>
    void each(std::string_view name, Check check)
    {
        const auto list = member(name);
        for (std::size_t i = 0; i < list.value.size() && list.value.is_array(); ++i)
            check(list.value.at(i), list.pointer + "/" + std::to_string(i));
    }

    void check_flags()
    {
        struct Flag { std::string_view member, value, rule; };
        for (const auto& flag :
             {Flag{"privileged", "true", "compose-privileged"}, Flag{"network_mode", "host", "compose-host-network"},
              Flag{"pid", "host", "compose-host-pid"}, Flag{"ipc", "host", "compose-host-ipc"},
              Flag{"userns_mode", "host", "compose-host-ipc"}})
            if (const auto found = member(flag.member); lower(text_of_value(found.value)) == flag.value)
                report(flag.rule, found.pointer, std::string{flag.member} + ": " + std::string{flag.value});
        const auto user = member("user");
        const auto name = text_of_value(user.value);
        if (const auto plain = name.substr(0, name.find(':')); plain == "root" || plain == "0")
            report("compose-root-user", user.pointer, "user: " + name);
    }

    void check_image()
    {
        const auto image = member("image");
        if (image.value && !member("build").value && !has_fixed_version(image.value.as_text()))
            report("compose-latest-tag", image.pointer, "image: " + text_of_value(image.value));
    }

    void check_volumes()
    {
        each("volumes", [&](const Json& volume, const std::string& pointer) {
            std::string source{volume.is_object() ? volume["source"].as_text() : volume.as_text()};
            const std::string shown = volume.is_object() ? source : text_of_value(volume);
            if (!volume.is_object())
                source = source.substr(0, source.find(':'));
            while (source.size() > 1 && source.ends_with('/'))
                source.pop_back();
            if (source.find("docker.sock") != source.npos || source.find("containerd.sock") != source.npos
                || source.find("podman.sock") != source.npos)
                report("compose-docker-socket", pointer, shown);
            else if (contains(sensitive_folders, source) || source.starts_with("/etc/")
                     || source.starts_with("/root/") || source.starts_with("~/.ssh") || source.starts_with("~/.aws")
                     || source.starts_with("/var/lib/docker/"))
                report("compose-host-mount", pointer, shown);
        });
        each("devices", [&](const Json& device, const std::string& pointer) {
            report("compose-device", pointer, text_of_value(device));
        });
    }

    void check_capabilities()
    {
        each("cap_add", [&](const Json& capability, const std::string& pointer) {
            std::string name = text_of_value(capability);
            std::ranges::transform(name, name.begin(),
                                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
            if (contains(strong_capabilities, name.starts_with("CAP_") ? name.substr(4) : name))
                report("compose-cap-add", pointer, "cap_add: " + name);
        });
        each("security_opt", [&](const Json& option, const std::string& pointer) {
            const auto text = replace_all(lower(text_of_value(option)), "=", ":");
            if (text.ends_with(":unconfined") || text == "label:disable")
                report("compose-security-off", pointer, text);
        });
    }

    void check_variable(std::string_view name, const std::string& value, const std::string& pointer)
    {
        const std::string line = std::string{name} + "=" + value;
        if (is_written_out_secret(name, value) || !find_secrets(line, 1).findings.empty())
            report("compose-secret-in-environment", pointer,
                   std::string{name} + "=[" + std::to_string(value.size()) + " characters]");
    }

    void check_environment(std::string_view name)
    {
        const auto variables = member(name);
        check_variables(variables.value, variables.pointer);
    }

    void check_variables(const Json& variables, const std::string& pointer)
    {
        if (variables.is_object())
            for (const auto& [variable, value] : variables.members()) {
                if (variable.starts_with(merge_prefix))
                    check_variables(value, pointer + "/" + variable);
                else if (value.is_string())
                    check_variable(variable, std::string{value.as_text()}, pointer + "/" + pointer_step(variable));
            }
        for (std::size_t i = 0; i < variables.size() && variables.is_array(); ++i) {
            const auto text = text_of_value(variables.at(i));
            if (const auto equals = text.find('='); equals != text.npos)
                check_variable(text.substr(0, equals), text.substr(equals + 1), pointer + "/" + std::to_string(i));
        }
    }

    void check_build()
    {
        const auto build = member("build");
        check_variables(build.value["args"], build.pointer + "/args");
    }

    void check_ports()
    {
        each("ports", [&](const Json& port, const std::string& pointer) {
            const bool is_long = port.is_object();
            const auto text = is_long ? text_of_value(port["target"]) : text_of_value(port);
            const auto parts = split(std::string_view{text}.substr(0, text.find('/')), ':');
            const bool bound = is_long ? !port["host_ip"].as_text().empty() : parts.size() > 2 || text.starts_with("[");
            const auto target = parse_unsigned(parts.back());
            const auto address = is_long          ? std::string{port["host_ip"].as_text()}
                               : parts.size() > 2 ? std::string{parts[0]}
                                                  : "";
            if (target && contains(private_ports, static_cast<int>(*target)) && (!bound || address == "0.0.0.0"))
                report("compose-public-port", pointer, "ports: " + text);
        });
    }

    void check_hardening()
    {
        bool no_new = false;
        each("security_opt", [&](const Json& option, const std::string&) {
            no_new = no_new || text_of_value(option).starts_with("no-new-privileges");
        });
        if (!no_new)
            report("compose-new-privileges", pointer_, "no security_opt no-new-privileges");
        if (!member("read_only").value.as_bool())
            report("compose-writable-root", pointer_, "no read_only: true");
        if (!member("mem_limit").value && !member("deploy").value["resources"]["limits"]["memory"])
            report("compose-no-memory-limit", pointer_, "no mem_limit");
    }

    const std::string_view path_;
    const YamlDocument& document_;
    const std::string pointer_;
    const Json service_;
    const std::string name_;
    Findings& findings_;
};

}

void audit_compose(std::string_view path, std::string_view text, Findings& findings)
try {
    const auto document = parse_yaml(with_merges_named(text), {.bytes = 4 << 20, .nodes = 50'000});
    for (const auto& [name, service] : document.value()["services"].members())
        if (service.is_object())
            ServiceAudit{path, document, name, findings}.run();
} catch (const YamlError& error) {
    findings.add(container_finding("compose-unreadable", path, static_cast<std::size_t>(error.line), error.reason));
}

}
