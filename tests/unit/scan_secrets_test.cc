// Finds secrets in a text, and takes them out of it.
#include "scan/secrets.h"

#include "scan/judge.h"
#include "test.h"

#include <string>
#include <string_view>

using namespace forge;

namespace {

/// "rule" of the only finding, "" for none, "many" for several.
std::string found(std::string_view text)
{
    const auto scan = find_secrets(text);
    if (scan.findings.empty())
        return "";
    return scan.findings.size() == 1 ? std::string{scan.findings[0].rule->name} : "many";
}

}

// Every token here is random and was never issued.
TEST(a_key_is_found_by_the_format_its_provider_gave_it)
{
    CHECK_EQUAL("aws-access-key"s, found("id = AKIAQX3WZ7RTNM5KJ2PD"));
    CHECK_EQUAL("aws-secret-key"s, found("aws_secret_access_key = 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"));
    CHECK_EQUAL("gcp-api-key"s, found("key=AIzaSyD8kQ2mZx7Rv4Lw9TnB3pYc6Hs1JfGaUeW"));
    CHECK_EQUAL("github-token"s, found("ghp_Zk3Qw8Lx2Vn7Rb5Tm9Yc4Hs6Jf1Gd0PaUeWi"));
    CHECK_EQUAL("gitlab-token"s, found("glpat-x7Rv4Lw9TnB3pYc6Hs1J"));
    CHECK_EQUAL("slack-token"s, found("xoxb-293847561029-384756102938-Zk3Qw8Lx2Vn7Rb5Tm9Yc4Hs6"));
    CHECK_EQUAL("stripe-key"s, found("sk_live_Zk3Qw8Lx2Vn7Rb5Tm9Yc4Hs6"));
    CHECK_EQUAL("sendgrid-key"s, found("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"));
    CHECK_EQUAL("npm-token"s, found("npm_Zk3Qw8Lx2Vn7Rb5Tm9Yc4Hs6Jf1Gd0PaUeWi"));
    CHECK_EQUAL("anthropic-key"s, found("sk-ant-api03-Zk3Qw8Lx2Vn7Rb5Tm9Yc4Hs6Jf1Gd0PaUeWi"));
    CHECK_EQUAL("openai-key"s, found("sk-proj-Zk3Qw8Lx2Vn7Rb5Tm9Yc4Hs6Jf1Gd0PaUeWiXoQ3tL5mN8"));
    CHECK_EQUAL("azure-client-secret"s, found("x: Ab38Q~Zk3Qw8Lx2Vn7Rb5Tm9Yc4Hs6Jf1Gd0PaUe"));
    CHECK_EQUAL("telegram-bot-token"s, found("bot 5839201746:AAHk3Qw8Lx2Vn7Rb5Tm9Yc4Hs6Jf1Gd0PaU"));
    CHECK_EQUAL("huggingface-token"s, found("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"));
}

TEST(a_private_key_needs_more_than_its_header)
{
    const std::string body = "MIIEowIBAAKCAQEAu7Zk3Qw8Lx2Vn7Rb5Tm9Yc4Hs6Jf1Gd0PaUeWiXoQ3tL5mN8";
    CHECK_EQUAL("private-key"s,
                found("-----BEGIN RSA PRIVATE KEY-----\n" + body + "\n-----END RSA PRIVATE KEY-----\n"));
    CHECK_EQUAL("private-key"s, found("{\"private_key\": \"-----BEGIN PRIVATE KEY-----\\n" + body
                                      + "\\n-----END PRIVATE KEY-----\\n\"}"));
    CHECK_EQUAL(""s, found("if header == \"-----BEGIN PRIVATE KEY-----\":"));
    CHECK_EQUAL(""s, found("-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n"));
    CHECK_EQUAL(""s, found("-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n"));
}

TEST(a_password_in_an_address_is_found)
{
    CHECK_EQUAL("database-url"s, found("postgres://app:Qw8Lx2Vn7@db.internal:5432/app"));
    CHECK_EQUAL("database-url"s, found("mongodb+srv://svc:t7Rv4Lw9@cluster0.abcde.mongodb.net/x"));
    CHECK_EQUAL("database-url"s, found("redis://:Vn7Rb5Tm9Y@cache:6379/0"));
    CHECK_EQUAL("jdbc-password"s, found("jdbc:mysql://db/app?user=app&password=Qw8Lx2Vn7"));
    CHECK_EQUAL("basic-auth-url"s, found("git clone https://deploy:Rb5Tm9Yc4Hs6@git.acme.test/x.git"));
    CHECK_EQUAL(""s, found("postgres://postgres:postgres@localhost/dev"));
    CHECK_EQUAL(""s, found("postgres://user:${DB_PASSWORD}@db/app"));
    CHECK_EQUAL(""s, found("postgres://db.internal:5432/app?email=a@b"));
    CHECK_EQUAL(""s, found("https://github.com:443/a@b"));
}

TEST(an_assignment_is_judged_by_name_and_value)
{
    CHECK_EQUAL("password-assignment"s, found("DB_PASSWORD=Winter2024!Snow"));
    CHECK_EQUAL("password-assignment"s, found("  \"password\": \"t7Rv4Lw9\","));
    CHECK_EQUAL("password-assignment"s, found("spring.datasource.password = kX9#mQ2$vL"));
    CHECK_EQUAL("password-assignment"s, found("<password>t7Rv4Lw9xZ</password>"));
    CHECK_EQUAL("password-assignment"s, found("SMTP_PASS: 'Qw8Lx2Vn7'"));
    CHECK_EQUAL("password-assignment"s, found("password: str = \"Qw8Lx2Vn7\""));
    CHECK_EQUAL("password-assignment"s, found("password = \"hunter2\""));
    CHECK_EQUAL("password-assignment"s, found("DB_PASSWORD=password123"));
    CHECK_EQUAL("secret-assignment"s, found("api_key = \"1234567890abcdef1234567890abcdef\""));
    CHECK_EQUAL("secret-assignment"s, found("api_key = \"9f8e7d6c5b4a39281706f5e4d3c2b1a0\""));
    CHECK_EQUAL("secret-assignment"s, found("JWT_SECRET=Zk3Qw8Lx2Vn7Rb5Tm9Yc4Hs6"));
    CHECK_EQUAL("secret-assignment"s, found("clientSecret: 'Zk3Qw8Lx2Vn7Rb5Tm9Yc4Hs6',"));
}

TEST(what_only_looks_like_a_secret_is_not_reported)
{
    for (const auto text : {"AKIAIOSFODNN7EXAMPLE",
                            "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                            "password = changeme",
                            "password: <your-password>",
                            "password = \"${DB_PASSWORD}\"",
                            "token: xxxxxxxxxxxxxxxxxxxx",
                            "password = os.environ[\"DB_PASSWORD\"]",
                            "password = get_password(user)",
                            "token = self.session.token2",
                            "password_hash = \"$2b$12$Zk3Qw8Lx2Vn7Rb5Tm9Yc4u\"",
                            "token_url = \"https://id.acme.test/oauth2/token\"",
                            "secret_name: payments-api-tls-2024",
                            "integrity sha512-Zk3Qw8Lx2Vn7Rb5Tm9Yc4Hs6Jf1Gd0PaUeWiXoQ==",
                            "commit 9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c",
                            "key: 123e4567-e89b-42d3-a456-426614174000",
                            "secret: Uint8Array",
                            "token: Ed25519PrivateKey",
                            "private_key: Ed25519PrivateKey2",
                            "max_tokens: 3000",
                            "tokenizer = \"cl100k_base_v2x9\"",
                            "nextPageToken: \"Zk3Qw8Lx2Vn7Rb5Tm9Yc4Hs6\"",
                            "password: \"Passwort vergessen?\"",
                            "const passwordInput2 = document.getElementById('password-input-2')",
                            "password_file: /run/secrets/db1",
                            "secretKeyRef: {name: db-2, key: password1}",
                            "PasswordAuthentication no",
                            "password: string;",
                            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
                            "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ."
                            "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
                            "https://hooks.slack.com/services/XXX/YYY/ZZZ",
                            "sk-learn-contrib-some-long-package-name-that-is-fine",
                            "task-skeleton",
                            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})
        CPPUNIT_ASSERT_EQUAL_MESSAGE(text, ""s, found(text));
}

TEST(a_comment_allows_what_stands_on_its_line_or_the_next)
{
    const std::string key = "id = AKIAQX3WZ7RTNM5KJ2PD";
    CHECK_EQUAL(""s, found(key + "  # forge:allow-secret"));
    CHECK_EQUAL(""s, found(key + "  // gitleaks:allow"));
    CHECK_EQUAL(""s, found("# pragma: allowlist secret\n" + key));
    CHECK_EQUAL("aws-access-key"s, found("x = 1  # forge:allow-secret\n" + key));
    CHECK_EQUAL("aws-access-key"s, found("# forge:allow-secret\n\n" + key));
    CHECK_EQUAL(std::size_t{1}, find_secrets(key + "  # forge:allow-secret").allowed);
}

TEST(a_comment_counts_in_a_file_without_lines_too_when_it_stands_near)
{
    const std::string key = "AKIAQX3WZ7RTNM5KJ2PD";
    CHECK_EQUAL(""s, found(std::string(10'000, ' ') + key + " /* forge:allow-secret */"));
    CHECK_EQUAL("aws-access-key"s, found(key + std::string(10'000, ' ') + "/* forge:allow-secret */"));
}

// Each of these made a rule look at the same bytes again and again: the test would not end in a minute.
TEST(the_time_is_linear_in_a_text_made_to_be_slow)
{
    constexpr std::size_t size = 2 << 20;
    for (const std::string_view part :
         {"eyJ-", "Abc: -----BEGIN PRIVATE KEY-----\n", "-----BEGIN PRIVATE KEY-----\n", "PuTTY-User-Key-File-2: x\n",
          "password", "token=", "sk-proj-", "curl x ", "jdbc:", "://a:"}) {
        std::string text;
        while (text.size() < size)
            text += part;
        CHECK(find_secrets(text).findings.size() <= 10'000);
    }
    std::string keys;
    while (keys.size() < size)
        keys += "AKIAQX3WZ7RTNM5KJ2PD ";
    CHECK(find_secrets(keys).cut);
}

TEST(the_more_specific_rule_wins)
{
    CHECK_EQUAL("github-token"s, found("token = \"ghp_Zk3Qw8Lx2Vn7Rb5Tm9Yc4Hs6Jf1Gd0PaUeWi\""));
    CHECK_EQUAL("database-url"s, found("DB_PASSWORD_URL=postgres://app:Qw8Lx2Vn7@db.internal/app"));
}

TEST(offset_and_length_are_those_of_the_secret)
{
    const std::string text = "a\nb password=\"t7Rv4Lw9\"";
    const auto scan = find_secrets(text);
    CHECK_EQUAL("t7Rv4Lw9"s, text.substr(scan.findings.at(0).offset, scan.findings.at(0).length));
}

TEST(redacting_leaves_the_text_around_a_secret)
{
    CHECK_EQUAL("id = [redacted:aws-access-key], next"s, redact("id = AKIAQX3WZ7RTNM5KJ2PD, next"));
    CHECK_EQUAL("id = [redacted:aws-access-key] # forge:allow-secret"s,
                redact("id = AKIAQX3WZ7RTNM5KJ2PD # forge:allow-secret"));
    CHECK_EQUAL("nothing here"s, redact("nothing here"));
}

TEST(the_masked_form_holds_nothing_of_the_secret)
{
    const std::string text = "ghp_Zk3Qw8Lx2Vn7Rb5Tm9Yc4Hs6Jf1Gd0PaUeWi";
    const auto scan = find_secrets(text);
    CHECK_EQUAL("ghp_[40 characters]"s, masked(scan.findings.at(0), text));
}

TEST(a_scan_stops_at_its_limit_and_says_so)
{
    std::string text;
    for (int i = 0; i < 100; ++i)
        text += "AKIAQX3WZ7RTNM5KJ2PD\n";
    const auto scan = find_secrets(text, 10);
    CHECK_EQUAL(std::size_t{10}, scan.findings.size());
    CHECK(scan.cut);
    CHECK(!find_secrets(text, 100).cut);
}

TEST(any_bytes_can_be_scanned)
{
    CHECK_EQUAL("aws-access-key"s, found("\xff\xfe\0 AKIAQX3WZ7RTNM5KJ2PD \x80"s));
    CHECK_EQUAL(""s, found(""));
    CHECK_EQUAL(""s, found("sk"));
}

TEST(entropy_is_measured_in_bits_per_byte)
{
    CHECK_EQUAL(0.0, entropy("aaaa"));
    CHECK_EQUAL(2.0, entropy("abcd"));
    CHECK_EQUAL(0.0, entropy(""));
}
