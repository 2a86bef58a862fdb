// The table of settings that do not meet PCI DSS v4.0.
#include "analyze/config_rules.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "os/file.h"

namespace forge {

namespace {

using namespace std::string_view_literals;
using enum Risk;

constexpr std::string_view weak_tls_why =
    "SSL and early TLS have known attacks: what crosses the network can be read or changed.";
constexpr std::string_view tls_remedy = "Allow TLS 1.2 and 1.3 only.";

constexpr ConfigRule rules[] = {
    // OpenSSH server.
    {"sshd", "sshd-root-login", "8.2.1", high, false, R"(^permitrootlogin[\s=]+yes\b)", "root may log in over SSH",
     "Nobody can tell who acted as root, and root is the name attackers try first.",
     "Set PermitRootLogin no; log in by name, then use sudo."},
    {"sshd", "sshd-empty-passwords", "8.3.1", critical, false, R"(^permitemptypasswords[\s=]+yes\b)",
     "Accounts without a password may log in over SSH", "Knowing a name is enough to get in.",
     "Set PermitEmptyPasswords no."},
    {"sshd", "sshd-password-login", "8.4.2", medium, false, R"(^passwordauthentication[\s=]+yes\b)",
     "SSH accepts a password alone",
     "One guessed or stolen password gives access; the requirement is more than one factor.",
     "Set PasswordAuthentication no and use keys with a second factor (AuthenticationMethods "
     "publickey,keyboard-interactive)."},
    {"sshd", "sshd-password-default", "8.4.2", medium, true, R"(^passwordauthentication[\s=]+)",
     "SSH accepts a password alone, by default", "Where nothing is said, PasswordAuthentication is yes.",
     "Set PasswordAuthentication no and use keys with a second factor."},
    {"sshd", "sshd-protocol-1", "2.2.7", critical, false, R"(^protocol[\s=]+(?:1|2\s*,\s*1|1\s*,\s*2)\b)",
     "SSH protocol 1 is allowed", "It is broken: sessions can be read and changed.",
     "Remove the line: OpenSSH speaks version 2 only."},
    {"sshd", "sshd-weak-cipher", "2.2.7", high, false,
     R"(^ciphers[\s=]+[^-\s]?.*(?:3des|arcfour|blowfish|cast128|-cbc))", "SSH allows weak ciphers",
     "Administrative access must use strong cryptography.",
     "Name only chacha20-poly1305, aes-gcm and aes-ctr ciphers, or remove the line."},
    {"sshd", "sshd-weak-mac", "2.2.7", medium, false,
     R"(^macs[\s=]+.*(?:hmac-md5|hmac-sha1(?:-96)?(?:,|\s|$)|umac-64(?:,|@|\s|$)))",
     "SSH allows weak integrity checks", "MD5 and SHA-1 are no strong cryptography.",
     "Name hmac-sha2-256-etm and hmac-sha2-512-etm, or remove the line."},
    {"sshd", "sshd-weak-kex", "2.2.7", medium, false,
     R"(^kexalgorithms[\s=]+.*(?:group1-sha1|group14-sha1|group-exchange-sha1))", "SSH allows weak key exchange",
     "SHA-1 and short groups are no strong cryptography.",
     "Name curve25519-sha256 and group16-sha512, or remove the line."},
    {"sshd", "sshd-idle", "8.2.8", medium, false,
     R"(^clientaliveinterval[\s=]+(?:0|9[1-9]\d|90[1-9]|[1-9]\d{3,})\s*$)",
     "Idle SSH sessions stay open longer than 15 minutes", "An unattended session can be used by others.",
     "Set ClientAliveInterval 300 and ClientAliveCountMax 2, and a shell timeout."},
    {"sshd", "sshd-idle-default", "8.2.8", low, true, R"(^clientaliveinterval[\s=]+)",
     "Idle SSH sessions are never ended", "Where nothing is said, sessions stay open.",
     "Set ClientAliveInterval 300 and ClientAliveCountMax 2, and a shell timeout."},
    {"sshd", "sshd-tries", "8.3.4", medium, false, R"(^maxauthtries[\s=]+(?:1[1-9]|[2-9]\d|\d{3,})\b)",
     "More than ten tries at a password", "Guessing is not slowed down.",
     "Set MaxAuthTries 4 and lock accounts after ten failures (pam_faillock)."},
    {"sshd", "sshd-quiet", "10.2.1", high, false, R"(^loglevel[\s=]+quiet\b)", "SSH logs nothing",
     "Logins cannot be traced.", "Set LogLevel VERBOSE."},
    {"sshd", "sshd-x11", "2.2.4", low, false, R"(^x11forwarding[\s=]+yes\b)", "X11 forwarding is on",
     "A function that servers do not need.", "Set X11Forwarding no."},

    // nginx and Apache.
    {"nginx", "nginx-weak-tls", "4.2.1", high, false, R"(^ssl_protocols\s+.*(?:sslv[23]|tlsv1(?:\s|;)|tlsv1\.1))",
     "nginx allows SSL or early TLS", weak_tls_why, "ssl_protocols TLSv1.2 TLSv1.3;"},
    {"nginx", "nginx-weak-cipher", "4.2.1", high, false,
     R"(^ssl_ciphers\s+['"]?(?:[^!\-]*[:'"])?(?:rc4|des|3des|des-cbc3|export|exp|null|anull|enull|md5|low|all)\b)",
     "nginx allows weak ciphers", "They can be broken; what crosses the network can be read.",
     "Name ECDHE suites with AES-GCM or ChaCha20 only."},
    {"nginx", "nginx-upstream-unverified", "4.2.1", medium, false, R"(^(?:proxy|grpc|uwsgi)_ssl_verify\s+off)",
     "Certificates of upstreams are not checked", "Anyone on the way can answer in the upstream's place.",
     "Set proxy_ssl_verify on; and proxy_ssl_trusted_certificate. "},
    {"nginx", "nginx-no-log", "10.2.1", high, false, R"(^access_log\s+off)", "nginx keeps no access log",
     "Access cannot be traced.", "Write an access log, and send it to where it cannot be changed."},
    {"nginx", "nginx-listing", "2.2.6", medium, false, R"(^autoindex\s+on)", "nginx lists folders",
     "It shows files that nobody linked to.", "autoindex off;"},
    {"nginx", "nginx-version", "2.2.6", low, false, R"(^server_tokens\s+on)", "nginx tells its version",
     "It tells attackers which faults to try.", "server_tokens off;"},
    {"apache", "apache-weak-tls", "4.2.1", high, false,
     R"(^sslprotocol\s+(?:[^-]*\ball\b\s*(?:-sslv[23]\s*)*$|(?:.*\s)?\+?(?:sslv[23]|tlsv1|tlsv1\.1)(?:\s|$)))",
     "Apache allows SSL or early TLS", weak_tls_why, "SSLProtocol -all +TLSv1.2 +TLSv1.3"},
    {"apache", "apache-listing", "2.2.6", medium, false, R"(^options\s+.*\+?\bindexes\b)", "Apache lists folders",
     "It shows files that nobody linked to.", "Options -Indexes"},
    {"apache", "apache-trace", "2.2.6", low, false, R"(^traceenable\s+on)", "Apache answers TRACE",
     "It gives headers back, cookies too.", "TraceEnable off"},

    // Firewalls: iptables-save, nft and ufw.
    {"firewall", "fw-input-open", "1.3.1", high, false,
     R"(^:input\s+accept|^(?:sudo\s+)?iptables\s+-p\s+input\s+accept|^default_input_policy="?accept)"
     R"(|^(?:sudo\s+)?ufw\s+default\s+allow(?:\s+incoming)?\s*$|^default:\s+allow\s+\(incoming\))"
     R"(|hook\s+input\b.*policy\s+accept)", "Inbound traffic is allowed unless forbidden",
     "What nobody thought of is open.", "Deny by default, then allow what the environment needs."},
    {"firewall", "fw-accept-all", "1.3.1", critical, false, R"(^(?:iptables\s+)?-a\s+input\s+-j\s+accept\s*$)",
     "A rule allows all inbound traffic", "Every later rule is without effect.", "Remove the rule."},
    {"firewall", "fw-open-store", "1.4.4", high, false,
     R"(^(?:iptables\s+)?-a\s+input\s+(?:-p\s+tcp\s+)?(?:-m\s+\w+\s+)*--dport\s+(?:1433|1521|3306|5432|6379|9200)"
     R"(|11211|27017)\s+(?:-m\s+\S+\s+(?:--\w+\s+\S+\s+)?)*-j\s+accept|^(?:sudo\s+)?ufw\s+allow\s+(?:1433|1521|3306)"
     R"(|5432|6379|9200|11211|27017)(?:/tcp)?\s*$|^(?:1433|1521|3306|5432|6379|9200|11211)"
     R"(|27017)(?:/tcp)?\s+allow(?:\s+in)?\s+anywhere)", "A database is reachable from everywhere",
     "What stores cardholder data must not be reachable from untrusted networks.", "Allow named source networks only."},
    {"firewall", "fw-open-admin", "1.3.1", high, false,
     R"(^(?:iptables\s+)?-a\s+input\s+(?:-p\s+tcp\s+)?(?:-m\s+\w+\s+)*--dport\s+(?:22|3389|5900|5985)"
     R"(|5986)\s+(?:-m\s+\S+\s+(?:--\w+\s+\S+\s+)?)*-j\s+accept|^(?:sudo\s+)?ufw\s+allow\s+(?:22|3389|5900|ssh)"
     R"(|openssh)(?:/tcp)?\s*$|^(?:22|3389|5900|openssh)(?:/tcp)?\s+allow(?:\s+in)?\s+anywhere)",
     "Administration is reachable from everywhere", "Each address of the Internet may try to log in.",
     "Allow the management network only."},
    {"firewall", "fw-insecure-service", "2.2.5", high, false,
     R"(--dport\s+(?:21|23|512|513|514)\s.*-j\s+accept|^(?:sudo\s+)?ufw\s+allow\s+(?:21|23|ftp|telnet)(?:/tcp)?\b)"
     R"(|^(?:21|23)(?:/tcp)?\s+allow)", "Telnet, FTP or r-services are allowed", "They send passwords in clear.",
     "Use SSH or SFTP, and close the port."},
    {"firewall", "fw-forward-open", "1.4.1", medium, false,
     R"(^:forward\s+accept|^default_forward_policy="?accept|hook\s+forward\b.*policy\s+accept)",
     "Traffic is forwarded unless forbidden", "The host joins networks that should be apart.",
     "Set the policy of FORWARD to DROP."},
    {"firewall", "fw-output-open", "1.3.2", medium, false,
     R"(^:output\s+accept|^default_output_policy="?accept|^default:.*allow\s+\(outgoing\))"
     R"(|hook\s+output\b.*policy\s+accept)", "Outbound traffic is allowed unless forbidden",
     "Stolen data leaves unhindered.", "Deny outbound traffic by default, then allow what is needed."},

    // Stores.
    {"mysql", "mysql-no-grants", "8.3.1", critical, false, R"(^skip[-_]grant[-_]tables)", "MySQL checks no passwords",
     "Everyone who reaches it is its administrator.", "Remove skip-grant-tables."},
    {"mysql", "mysql-open", "1.4.4", high, false, R"(^bind[-_]address\s*=\s*["']?(?:0\.0\.0\.0|\*|::)["']?\s*$)",
     "MySQL listens on all addresses", "What stores cardholder data must not be reachable from untrusted networks.",
     "Bind the address of the application's network."},
    {"mysql", "mysql-plain-allowed", "4.2.1", medium, true, R"(^require[-_]secure[-_]transport\s*=\s*(?:on|1|true))",
     "MySQL allows connections without TLS", "Queries and card data cross the network in clear.",
     "Set require_secure_transport = ON."},
    {"mysql", "mysql-local-infile", "2.2.6", medium, false, R"(^local[-_]infile\s*(?:=\s*(?:on|1|true))?\s*$)",
     "MySQL clients may load local files", "A server can ask a client for any file it can read.",
     "Set local_infile = OFF."},
    {"mysql", "mysql-weak-tls", "4.2.1", high, false, R"(^tls[-_]version\s*=.*(?:tlsv1(?:,|\s|$)|tlsv1\.1))",
     "MySQL allows early TLS", weak_tls_why, tls_remedy},
    {"postgresql", "pg-no-tls", "4.2.1", high, false, R"(^ssl\s*=\s*['"]?(?:off|no|false|0)\b)",
     "PostgreSQL has TLS switched off", "Queries and card data cross the network in clear.",
     "Set ssl = on with a certificate, and hostssl in pg_hba.conf."},
    {"postgresql", "pg-weak-tls", "4.2.1", high, false,
     R"(^ssl_min_protocol_version\s*=\s*['"]?(?:sslv3|tlsv1(?:\.1)?)['"]?\s*$)", "PostgreSQL allows early TLS",
     weak_tls_why, tls_remedy},
    {"postgresql", "pg-md5", "8.3.2", medium, false, R"(^password_encryption\s*=\s*['"]?(?:md5|off)\b)",
     "PostgreSQL stores passwords as MD5", "Stolen hashes are quickly turned into passwords.",
     "Set password_encryption = scram-sha-256 and have passwords set anew."},
    {"postgresql", "pg-no-log", "10.2.1", medium, false,
     R"(^(?:log_connections|logging_collector)\s*=\s*['"]?(?:off|no|false|0)\b)",
     "PostgreSQL does not log connections", "Access cannot be traced.",
     "Set log_connections and log_disconnections on."},
    {"postgresql", "pg-open", "1.4.4", medium, false, R"(^listen_addresses\s*=\s*['"](?:\*|0\.0\.0\.0|::)['"])",
     "PostgreSQL listens on all addresses",
     "What stores cardholder data must not be reachable from untrusted networks.",
     "Name the address of the application's network."},
    {"pg_hba", "pg-trust", "8.3.1", critical, false, R"(^(?:local|host\w*)\s.*\strust(?:\s|$))",
     "PostgreSQL asks for no password", "Everyone who reaches it may be any user.",
     "Use scram-sha-256 or certificates."},
    {"pg_hba", "pg-weak-method", "8.3.2", medium, false, R"(^(?:local|host\w*)\s.*\s(?:md5|password)(?:\s|$))",
     "PostgreSQL takes passwords in clear or as MD5", "They can be caught or computed.", "Use scram-sha-256."},
    {"pg_hba", "pg-everywhere", "1.4.4", high, false, R"(^host\w*\s+\S+\s+\S+\s+(?:0\.0\.0\.0/0|::/0|all)\s)",
     "PostgreSQL accepts connections from everywhere",
     "What stores cardholder data must not be reachable from untrusted networks.", "Name the application's network."},
    {"redis", "redis-unprotected", "8.3.1", critical, false, R"(^protected-mode\s+no\b)",
     "Redis runs without protected mode", "Everyone who reaches it may read and change all of it.",
     "Set protected-mode yes, users with ACL, and bind to the application's network."},
    {"redis", "redis-open", "1.4.4", high, false, R"(^bind\s+.*(?:0\.0\.0\.0|\*|(?:^|\s)::(?:\s|$)))",
     "Redis listens on all addresses", "A store must not be reachable from untrusted networks.",
     "Bind the address of the application's network."},

    // Passwords of the system: login.defs, pwquality, pam.
    {"passwords", "password-short", "8.3.6", medium, false,
     R"(^(?:pass_min_len\s+(?:\d|1[01])\s*$|minlen\s*=\s*(?:\d|1[01])\s*$|password\s.*\bminlen=(?:\d|1[01])(?:\s|$)))",
     "Passwords may be shorter than 12 characters", "Short passwords are guessed.",
     "Require 12 characters, digits and letters."},
    {"passwords", "password-age", "8.3.9", low, false, R"(^pass_max_days\s+(?:9[1-9]|[1-9]\d{2,})\s*$)",
     "Passwords may be older than 90 days", "Where a password is the only factor, it must be changed every 90 days.",
     "Set PASS_MAX_DAYS 90, or require a second factor."},
    {"passwords", "password-weak-hash", "8.3.2", high, false,
     R"(^(?:encrypt_method\s+(?:des|md5)\b|password\s.*pam_unix\.so.*\s(?:md5|bigcrypt)\b))",
     "Passwords are stored with a weak hash", "Stolen hashes are quickly turned into passwords.",
     "Use yescrypt or SHA512."},
    {"passwords", "password-null", "8.3.1", high, false, R"(^auth\s.*pam_unix\.so.*\snullok)",
     "Accounts without a password may log in", "Knowing a name is enough to get in.", "Remove nullok."},
};

constexpr ConfigRequirement requirements[] = {
    {"1.3.1", "Inbound traffic to the cardholder data environment is restricted"},
    {"1.3.2", "Outbound traffic from the cardholder data environment is restricted"},
    {"1.4.1", "Controls stand between trusted and untrusted networks"},
    {"1.4.4", "What stores cardholder data is not directly reachable from untrusted networks"},
    {"2.2.4", "Only necessary services and functions are enabled"},
    {"2.2.5", "Insecure services are justified and secured"},
    {"2.2.6", "Security parameters prevent misuse"},
    {"2.2.7", "Administrative access over the network is encrypted with strong cryptography"},
    {"3.5.1", "Card numbers are unreadable wherever they are stored"},
    {"4.2.1", "Strong cryptography protects card numbers on open networks"},
    {"8.2.1", "Each user has an id of their own"},
    {"8.2.8", "Sessions idle for 15 minutes need a new login"},
    {"8.3.1", "All access is authenticated"},
    {"8.3.2", "Authentication factors are unreadable in transit and in store"},
    {"8.3.4", "Guessing is limited"},
    {"8.3.6", "Passwords have at least 12 characters"},
    {"8.3.9", "Passwords as the only factor change every 90 days"},
    {"8.4.2", "Access to the cardholder data environment needs more than one factor"},
    {"8.6.2", "Passwords of applications are not written into files or scripts"},
    {"10.2.1", "Audit logs are on for all components"},
};

struct KindByName {
    std::string_view name;
    std::string_view kind;
};

// File names, or ends of them.
constexpr KindByName kinds[] = {
    {"sshd_config", "sshd"}, {"my.cnf", "mysql"}, {"mysqld.cnf", "mysql"}, {"mariadb.cnf", "mysql"}, {"50-server.cnf",
     "mysql"}, {"my.ini", "mysql"},
    {"postgresql.conf", "postgresql"}, {"pg_hba.conf", "pg_hba"}, {"redis.conf", "redis"}, {"login.defs",
     "passwords"}, {"pwquality.conf", "passwords"},
    {"common-password", "passwords"}, {"common-auth", "passwords"}, {"system-auth", "passwords"}, {"password-auth",
     "passwords"},
    {"nginx.conf", "nginx"}, {"apache2.conf", "apache"}, {"httpd.conf", "apache"}, {"ssl.conf",
     "apache"}, {"rules.v4", "firewall"}, {"rules.v6", "firewall"},
    {"iptables.rules", "firewall"}, {"iptables", "firewall"}, {"nftables.conf", "firewall"}, {"ufw",
     "firewall"}, {"ufw.txt", "firewall"}, {"firewall.rules", "firewall"},
};

}

std::span<const ConfigRule> config_rules()
{
    return rules;
}

std::span<const ConfigRequirement> config_requirements()
{
    return requirements;
}

std::string_view config_kind(std::string_view path, std::string_view text)
{
    const std::string name = lower(base_name(std::string{path}));
    for (const auto& known : kinds)
        if (name == known.name)
            return known.kind;
    const std::string whole = "/" + lower(path);
    if (whole.find("/sshd_config.d/") != whole.npos)
        return "sshd";
    if (whole.find("/sites-") != whole.npos || whole.find("/nginx/") != whole.npos)
        return "nginx";
    if (text.starts_with("*filter") || text.find("\n*filter\n") != text.npos || text.find("\n:INPUT ") != text.npos)
        return "firewall";
    return name.ends_with(".conf") && text.find("ssl_protocols") != text.npos ? "nginx"sv : ""sv;
}

}
