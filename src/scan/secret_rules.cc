// The table of what counts as a secret.
#include "scan/secret_rules.h"

namespace forge {

namespace {

using enum Risk;
using enum SecretKind;

constexpr SecretRule rules[] = {
    // Private keys.  A header alone is no key: base64 must follow.
    {"private-key", critical, "-----BEGIN",
     R"((-----BEGIN (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\\[rn]|[\s"'+,>|])*)"
     R"((?:[A-Z][A-Za-z-]{2,20}: [^\n]{0,80}(?:\\[rn]|[\s"'+,>|])+){0,4})"
     R"([A-Za-z0-9+/=]{32}(?:[A-Za-z0-9+/=\s"',+>|]|\\[rn])*)"
     R"((?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?))",
     "private key", "whatever trusts it (servers, certificates, accounts)", 3.0, format, false, 0, 16384},
    {"putty-private-key", critical, "PuTTY-User-Key-File-",
     R"((PuTTY-User-Key-File-[23]: [^\n]{1,80}\r?\n)"
     R"((?:(?:Encryption|Comment|Public-Lines|Key-Derivation|Argon2-\w+): [^\n]*\n|[A-Za-z0-9+/=]+\r?\n)*?)"
     R"(Private-Lines: \d+\r?\n(?:[A-Za-z0-9+/=]+\r?\n)+))",
     "PuTTY private key", "every server that trusts it", 3.0, format, true, 0, 16384},
    {"age-secret-key", critical, "AGE-SECRET-KEY-1", R"((AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}))", "age secret key",
     "the files encrypted to it"},

    // Clouds.
    {"aws-access-key", critical, "AKIA ASIA ABIA ACCA", R"(((?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16})(?:[^A-Za-z0-9]|\z))",
     "AWS access key id", "AWS IAM"},
    {"aws-secret-key", critical, "aws_secret aws-secret awssecret secret_access_key secretaccesskey",
     R"((?i:(?:aws[_-]?)?secret[_-]?(?:access[_-]?)?key)(?:_id)?\\?["'\]]{0,2}[ \t]{0,20}(?:=>|:=|=|:)"
     R"(|,)?[ \t]{0,4}\\?["']?([A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|\z))", "AWS secret access key", "AWS IAM", 3.5,
     format, false},
    {"aws-session-token", high, "aws_session_token",
     R"((?i:aws_session_token)["' \t]{0,4}[=:][ \t]{0,4}["']?([A-Za-z0-9/+=]{100,}))", "AWS session token", "AWS IAM",
     3.5, format, false},
    {"aws-mws-token", high, "amzn.mws.",
     R"((amzn\.mws\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))", "Amazon MWS token",
     "Amazon Seller Central"},
    {"gcp-api-key", high, "AIza", R"((AIza[0-9A-Za-z_-]{35}))", "Google API key",
     "the Google Cloud console (credentials)", 3.0},
    {"gcp-oauth-secret", high, "GOCSPX-", R"((GOCSPX-[A-Za-z0-9_-]{28}))", "Google OAuth client secret",
     "the Google Cloud console (credentials)"},
    {"gcp-access-token", high, "ya29.", R"((ya29\.[0-9A-Za-z_-]{30,}))", "Google OAuth access token",
     "the Google account"},
    {"azure-storage-key", critical, "AccountKey=", R"((?i:AccountKey)=([A-Za-z0-9+/]{60,}={0,2}))",
     "Azure storage account key", "the Azure portal (storage account, access keys)", 3.5},
    {"azure-shared-access-key", critical, "SharedAccessKey=", R"((?i:SharedAccessKey)=([A-Za-z0-9+/]{42,44}={0,2}))",
     "Azure shared access key", "the Azure portal (shared access policies)", 3.5},
    {"azure-sas-signature", high, "sig=", R"(sig=((?:[A-Za-z0-9]|%2[BbFf]|%3[Dd]|[+/=]){43,})(?:[&\s"'<]|\z))",
     "Azure shared access signature", "the Azure portal (rotate the account key)", 3.5},
    // Three characters of it stay: else a stream would hold back every short word.
    {"azure-client-secret", critical, "0q~ 1q~ 2q~ 3q~ 4q~ 5q~ 6q~ 7q~ 8q~ 9q~",
     R"((?:[^A-Za-z0-9_~.-]|\A)[A-Za-z0-9_~.-]{3}(\dQ~[A-Za-z0-9_~.-]{31,34}))", "Microsoft Entra client secret",
     "the Entra admin centre (app registrations)", 3.0, format, false, 4, 64},
    {"digitalocean-token", critical, "dop_v1_ doo_v1_ dor_v1_", R"((do[opr]_v1_[a-f0-9]{64}))", "DigitalOcean token",
     "the DigitalOcean control panel (API)"},
    {"alibaba-access-key", critical, "LTAI", R"((LTAI[A-Za-z0-9]{16,26})(?:[^A-Za-z0-9]|\z))",
     "Alibaba Cloud access key id", "the Alibaba RAM console", 3.0},
    {"heroku-key", high, "HRKU-", R"((HRKU-[0-9A-Za-z_-]{36,70}))", "Heroku API key", "the Heroku account"},
    {"flyio-token", high, "fm1_ fm2_ fo1_", R"((f(?:m1|m2|o1)_[A-Za-z0-9+/=_-]{40,}))", "Fly.io token",
     "Fly.io (tokens)", 3.5},
    {"cloudflare-origin-key", high, "v1.0-", R"((v1\.0-[a-f0-9]{24}-[a-f0-9]{146}))", "Cloudflare origin CA key",
     "the Cloudflare dashboard"},

    // Code hosts, registries, build and infrastructure.
    {"github-token", critical, "ghp_ gho_ ghu_ ghs_ ghr_", R"((gh[pousr]_[A-Za-z0-9]{36,}))", "GitHub token",
     "GitHub (settings, developer settings)"},
    {"github-fine-grained-token", critical, "github_pat_", R"((github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}))",
     "GitHub fine-grained token", "GitHub (settings, developer settings)"},
    {"gitlab-token", critical, "glpat- gldt- glptt- glrt- glcbt- glft- glsoat- glimt- gloas- glagent- glffct-",
     R"((gl(?:pat|dt|ptt|rt|cbt|ft|soat|imt|oas|agent|ffct)-[A-Za-z0-9_.-]{20,64}))", "GitLab token",
     "GitLab (access tokens)"},
    {"gitlab-runner-token", high, "GR1348941", R"((GR1348941[A-Za-z0-9_-]{20}))", "GitLab runner registration token",
     "GitLab (runners)"},
    {"bitbucket-token", high, "ATBB", R"((ATBB[A-Za-z0-9]{28,32})(?:[^A-Za-z0-9]|\z))", "Bitbucket app password",
     "Bitbucket (app passwords)", 3.0},
    {"atlassian-token", high, "ATATT3 ATCTT3", R"((AT[AC]TT3[A-Za-z0-9_=-]{60,}))", "Atlassian API token",
     "the Atlassian account (security)", 3.5},
    {"npm-token", critical, "npm_", R"((npm_[A-Za-z0-9]{36,}))", "npm access token",
     "npmjs.com (access tokens)", 3.0},
    {"npmrc-auth", critical, ":_auth", R"(:_auth(?:Token|)[ \t]?=[ \t]?["']?([A-Za-z0-9_+/=.-]{16,}))",
     "npm registry credential", "the package registry", 3.0, format, false},
    {"pypi-token", critical, "pypi-AgE", R"((pypi-AgE[A-Za-z0-9_-]{50,}))", "PyPI token",
     "pypi.org (account settings)", 3.5},
    {"rubygems-key", critical, "rubygems_", R"((rubygems_[a-f0-9]{48}))", "RubyGems API key", "rubygems.org"},
    {"cargo-token", critical, "cio", R"((cio[A-Za-z0-9]{32})(?:[^A-Za-z0-9]|\z))", "crates.io token",
     "crates.io (account settings)", 3.5},
    {"nuget-key", critical, "oy2", R"((oy2[a-z0-9]{43})(?:[^A-Za-z0-9]|\z))", "NuGet API key", "nuget.org (API keys)",
     3.0},
    {"docker-hub-token", critical, "dckr_pat_ dckr_oat_", R"((dckr_[po]at_[A-Za-z0-9_-]{27,40}))", "Docker Hub token",
     "Docker Hub (account settings)"},
    {"vault-token", critical, "hvs. hvb. hvr.", R"((hv[sbr]\.[A-Za-z0-9_-]{24,}))", "HashiCorp Vault token",
     "Vault (token revoke)", 3.0},
    // Its first part, which names the token, stays for the same reason.
    {"terraform-token", critical, ".atlasv1.", R"([A-Za-z0-9]{14}(\.atlasv1\.[A-Za-z0-9_=-]{60,70}))",
     "Terraform Cloud token", "Terraform Cloud (tokens)", 3.5, format, false, 14, 128},
    {"pulumi-token", high, "pul-", R"((pul-[a-f0-9]{40}))", "Pulumi token", "Pulumi (access tokens)"},
    {"doppler-token", critical, "dp.pt. dp.st. dp.ct. dp.sa.", R"((dp\.(?:pt|st|ct|sa)\.[A-Za-z0-9._-]{40,64}))",
     "Doppler token", "Doppler", 3.0},
    {"databricks-token", critical, "dapi", R"((dapi[a-f0-9]{32}(?:-\d)?)(?:[^A-Za-z0-9]|\z))", "Databricks token",
     "Databricks (user settings)", 2.8},
    {"planetscale-secret", high, "pscale_", R"((pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_=.-]{32,64}))",
     "PlanetScale credential", "PlanetScale"},
    {"supabase-token", high, "sbp_", R"((sbp_[a-f0-9]{40}))", "Supabase token", "Supabase (access tokens)"},
    {"tailscale-key", high, "tskey-", R"((tskey-[a-z]{2,10}-[A-Za-z0-9]{8,40}(?:-[A-Za-z0-9]{16,60})?))",
     "Tailscale key", "Tailscale (keys)"},
    {"sourcegraph-token", high, "sgp_", R"((sgp_(?:[a-fA-F0-9]{16}_|local_)?[a-fA-F0-9]{40}))", "Sourcegraph token",
     "Sourcegraph"},
    {"sonar-token", high, "sqp_ squ_ sqa_", R"((sq[pua]_[a-f0-9]{40}))", "SonarQube token", "SonarQube (security)"},
    {"artifactory-key", high, "AKCp", R"((AKCp[A-Za-z0-9]{60,70}))", "Artifactory API key", "Artifactory", 3.5},
    {"netlify-token", high, "nfp_", R"((nfp_[A-Za-z0-9]{36}))", "Netlify token", "Netlify (applications)", 3.0},
    {"onepassword-token", critical, "ops_eyJ", R"((ops_eyJ[A-Za-z0-9+/=_-]{100,}))",
     "1Password service account token", "1Password"},

    // Models.
    {"anthropic-key", critical, "sk-ant-", R"((sk-ant-(?:api|admin|sid|oat)\d\d-[A-Za-z0-9_-]{24,}))",
     "Anthropic API key", "the Anthropic console", 3.0},
    {"openrouter-key", critical, "sk-or-", R"((sk-or-(?:v1-)?[A-Za-z0-9]{32,64}))", "OpenRouter API key",
     "OpenRouter (keys)", 3.0},
    {"openai-key", critical, "sk-",
     R"((sk-(?:(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{40,}|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20})"
     R"(|[A-Za-z0-9]{48}))(?:[^A-Za-z0-9]|\z))", "OpenAI API key", "the OpenAI platform (API keys)", 3.5},
    {"huggingface-token", critical, "hf_ api_org_", R"(((?:hf|api_org)_[A-Za-z0-9]{34,40})(?:[^A-Za-z0-9]|\z))",
     "Hugging Face token", "Hugging Face (access tokens)", 3.0},
    {"groq-key", high, "gsk_", R"((gsk_[A-Za-z0-9]{48,56}))", "Groq API key", "the Groq console", 3.5},
    {"xai-key", high, "xai-", R"((xai-[A-Za-z0-9]{70,90}))", "xAI API key", "the xAI console", 3.5},
    {"perplexity-key", high, "pplx-", R"((pplx-[A-Za-z0-9]{40,60}))", "Perplexity API key", "Perplexity (API)", 3.5},
    {"replicate-token", high, "r8_", R"((r8_[A-Za-z0-9]{37})(?:[^A-Za-z0-9]|\z))", "Replicate token",
     "Replicate (API tokens)", 3.5},

    // Messages, mail, payment and other services.
    {"slack-token", critical, "xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs- xoxe.",
     R"((xox[abeoprs][.-](?:xox[bp]-)?[0-9A-Za-z-]{20,}))", "Slack token", "Slack (api.slack.com/apps)"},
    {"slack-app-token", critical, "xapp-", R"((xapp-\d-[A-Z0-9]+-\d+-[A-Za-z0-9]{32,}))", "Slack app token",
     "Slack (api.slack.com/apps)"},
    {"slack-webhook", high, "hooks.slack.com/",
     R"(hooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9]{6,}/[A-Za-z0-9]{6,}/[A-Za-z0-9/]{20,}))",
     "Slack webhook", "Slack (incoming webhooks)"},
    {"teams-webhook", high, "webhook.office.com/",
     R"(webhook\.office\.com/webhookb2/([a-f0-9-]{36}@[a-f0-9-]{36}/IncomingWebhook/[a-f0-9]{32}/[a-f0-9-]{36}))",
     "Teams webhook", "Teams (connectors)", 2.5, format, false},
    {"discord-webhook", high, "discord.com/api/webhooks/ discordapp.com/api/webhooks/",
     R"(discord(?:app)?\.com/api/webhooks/(\d{17,20}/[A-Za-z0-9_-]{60,70}))", "Discord webhook",
     "Discord (integrations)", 3.0},
    {"telegram-bot-token", high, ":AA", R"((?:[^0-9]|\A)(\d{8,10}:AA[A-Za-z0-9_-]{32,33})(?:[^A-Za-z0-9_-]|\z))",
     "Telegram bot token", "Telegram (BotFather)", 3.0, format, false, 11, 64},
    {"stripe-key", critical, "sk_live_ sk_test_ rk_live_ rk_test_ sk_prod_ rk_prod_",
     R"(([rs]k_(?:live|test|prod)_[0-9A-Za-z]{16,}))", "Stripe secret key", "the Stripe dashboard (API keys)", 3.0},
    {"stripe-webhook-secret", high, "whsec_", R"((whsec_[A-Za-z0-9+/=]{32,64}))", "webhook signing secret",
     "the Stripe dashboard (webhooks)", 3.0},
    {"square-token", critical, "sq0atp- sq0csp- EAAAE",
     R"((sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}|EAAAE[A-Za-z0-9_-]{55,60}))", "Square token",
     "the Square developer console", 3.0},
    {"paypal-token", critical, "access_token$",
     R"((access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}))", "PayPal Braintree token",
     "the Braintree control panel"},
    {"razorpay-key", high, "rzp_live_", R"((rzp_live_[A-Za-z0-9]{14,20}))", "Razorpay key", "Razorpay", 3.0},
    {"shopify-token", critical, "shpat_ shpca_ shppa_ shpss_", R"((shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}))",
     "Shopify token", "the Shopify admin"},
    {"twilio-api-key", high, "SK0 SK1 SK2 SK3 SK4 SK5 SK6 SK7 SK8 SK9 SKa SKb SKc SKd SKe SKf",
     R"((SK[0-9a-f]{32})(?:[^A-Za-z0-9]|\z))", "Twilio API key", "the Twilio console", 3.0},
    {"twilio-auth-token", critical, "twilio",
     R"((?i:twilio[\w.-]{0,24}(?:token|secret|auth|key)[\w.-]{0,12})["'\]]{0,2}[ \t]{0,8}(?:=>|:=|=|:)"
     R"(|,)[ \t]{0,4}["']?([0-9a-f]{32})(?:[^A-Za-z0-9]|\z))", "Twilio auth token", "the Twilio console", 2.8, format,
     false},
    {"sendgrid-key", critical, "SG.", R"((SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}))", "SendGrid API key",
     "SendGrid (API keys)", 3.5},
    {"mailgun-key", high, "key-", R"((key-[0-9a-f]{32})(?:[^A-Za-z0-9]|\z))", "Mailgun API key", "Mailgun", 2.8},
    {"mailchimp-key", high, "-us1 -us2 -us3 -us4 -us5 -us6 -us7 -us8 -us9",
     R"((?:[^A-Za-z0-9]|\A)([0-9a-f]{32}-us\d{1,2})(?:[^A-Za-z0-9-]|\z))", "Mailchimp API key", "Mailchimp", 2.8,
     format, false, 33, 64},
    {"brevo-key", high, "xkeysib- xsmtpsib-", R"((x(?:key|smtp)sib-[a-f0-9]{64}-[A-Za-z0-9]{16}))", "Brevo API key",
     "Brevo (SMTP and API)"},
    {"postman-key", high, "PMAK-", R"((PMAK-[a-f0-9]{24}-[a-f0-9]{34}))", "Postman API key", "Postman (settings)"},
    {"newrelic-key", high, "NRAK-", R"((NRAK-[A-Z0-9]{27}))", "New Relic key", "New Relic (API keys)", 3.0},
    {"grafana-token", high, "glsa_ glc_", R"((glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|glc_[A-Za-z0-9+/=]{40,}))",
     "Grafana token", "Grafana (service accounts)", 3.0},
    {"sentry-token", high, "sntrys_ sntryu_", R"((sntry[su]_[A-Za-z0-9+/=_]{60,}))", "Sentry token",
     "Sentry (auth tokens)", 3.0},
    {"dynatrace-token", high, "dt0c01. dt0s01.", R"((dt0[cs]01\.[A-Z0-9]{24}\.[A-Z0-9]{64}))", "Dynatrace token",
     "Dynatrace (access tokens)"},
    {"linear-key", high, "lin_api_", R"((lin_api_[A-Za-z0-9]{40}))", "Linear API key", "Linear (settings)", 3.0},
    {"notion-token", high, "ntn_", R"((ntn_[A-Za-z0-9]{40,50}))", "Notion token", "Notion (integrations)", 3.0},
    {"figma-token", high, "figd_", R"((figd_[A-Za-z0-9_-]{40}))", "Figma token", "Figma (settings)", 3.0},
    {"mapbox-token", medium, "sk.eyJ", R"((sk\.eyJ[A-Za-z0-9_-]{40,}\.[A-Za-z0-9_-]{20,}))", "Mapbox secret token",
     "Mapbox (access tokens)", 3.5},
    {"facebook-token", high, "EAA", R"((EAA(?:M|C|B|G)[A-Za-z0-9]{100,}))", "Facebook access token",
     "Meta for Developers", 3.5},
    {"firebase-server-key", high, ":APA91b",
     R"((?:[^A-Za-z0-9_-]|\A)(AAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{130,}))", "Firebase server key",
     "the Firebase console", 3.5, format, false, 12, 300},

    // Logins inside addresses and headers.
    {"database-url", high,
     "postgres mysql mariadb mongodb redis:// rediss:// redis+ amqp mssql sqlserver:// oracle clickhouse cockroach "
     "cassandra nats:// kafka",
     R"((?i:postgres(?:ql)?|mysql|mariadb|mongodb|rediss?|amqps?|mssql|sqlserver|oracle|clickhouse|cockroach(?:db)?)"
     R"(|cassandra|nats|kafka)(?:\+[a-z0-9_]+)?://[^\s:@/"'<>]{0,}:([^\s@/"'<>]{3,})@[A-Za-z0-9\[{$])",
     "password in a database address", "the database (change the password)", 0, login},
    {"jdbc-password", high, "jdbc:", R"((?i:jdbc:[a-z0-9:]+[^\s"'<>]{0,}?[?;&](?:password|pwd)=)([^\s"'<>&;]{2,}))",
     "password in a JDBC address", "the database (change the password)", 0, login, true, 0, 400},
    {"basic-auth-url", high,
     "http:// https:// ftp:// ftps:// sftp:// ssh:// smtp:// smtps:// imap:// ldap:// ldaps:// git:// socks5://",
     R"((?i:https?|s?ftps?|ssh|smtps?|imaps?|ldaps?|git|socks5)://[^\s:@/"'<>?#]{0,}:)"
     R"(([^\s@/"'<>?#]{4,})@[A-Za-z0-9\[{$])", "password in an address", "the service (change the password)", 0, login},
    {"adonet-password", high, ";password= ;pwd=", R"(;[ \t]?(?i:password|pwd)[ \t]?=[ \t]?([^;"'\s<>]{4,}))",
     "password in a connection string", "the database (change the password)", 0, login, false},
    {"authorization-header", high, "authorization",
     R"((?i:authorization)\\?["']?[ \t]{0,4}[:=,][ \t]{0,4}\\?["']?(?i:basic|bearer|token)"
     R"(|apikey)[ \t]+([A-Za-z0-9+/=._~-]{16,}))", "credential in an Authorization header",
     "the service that issued it", 3.3, format, false},
    {"curl-user", high, "curl", R"(curl[ \t][^\n]{0,}?[ \t](?:-u|--user)[ =]?["']?[^\s:"'$]{1,64}:([^\s"']{3,}))",
     "password on a curl command line", "the service (change the password)", 0, login, true, 0, 256},
    {"netrc-password", high, "machine", R"(machine[ \t]+\S{1,}\s+login\s+\S{1,}\s+password\s+(\S{4,}))",
     "password in a netrc file", "the service (change the password)", 0, login},
    {"docker-config-auth", high, "\"auth\"", R"re("auth"[ \t]?:[ \t]?"([A-Za-z0-9+/]{12,}={0,2})")re",
     "registry login in a Docker configuration", "the registry", 3.0, format, false},
    {"jwt", high, "eyJ", R"((eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}))", "JSON Web Token",
     "the service that issued it (end the session)", 3.5, format, true, 0, 16384},

    // Assignments to names that promise a secret.
    {"password-assignment", high, "passw passphrase pwd _pass -pass dbpass",
     R"((?i:passw(?:or)?d|passphrase|pwd|[_-]pass|dbpass))", "password in clear", "the service (change the password)",
     2.5, password, false},
    {"password-assignment", high, "pass", R"((?i:pass))", "password in clear", "the service (change the password)",
     2.5, password},
    {"password-option", high, "--password --passwd --token --secret --api-key --client-secret",
     R"(--(?:password|passwd|token|secret|api-key|client-secret)[ \t]+["']?([^\s"'$<{(\[-][^\s"']{7,}))",
     "secret on a command line", "the service that issued it", 3.0, login},
    {"docker-env-secret", high, "ENV ARG",
     R"((?:ENV|ARG)[ \t]+(?i:[A-Z0-9_]{0,40}(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)"
     R"(|CREDENTIALS?)[A-Z0-9_]{0,20})[ \t]+["']?([^\s"'$=][^\s"']{7,}))", "secret in an image's environment",
     "the service that issued it", 3.0, login},
    {"secret-assignment", high,
     "secret token apikey api_key api-key api.key accesskey access_key access-key authkey auth_key auth-key "
     "private_key private-key privatekey encryption_key encryptionkey encryption-key signing_key signingkey "
     "signing-key master_key masterkey credential",
     R"((?i:secret|token|(?:api|access|auth|private|encryption|signing|master)[_.-]?key|credentials?))",
     "secret in clear", "the service that issued it", 2.9, token, false},
};

}

std::span<const SecretRule> secret_rules()
{
    return rules;
}

std::string remedy(const SecretRule& rule)
{
    return "Treat it as known to others: revoke it at " + std::string{rule.issuer} + " and issue a new one. "
         + "Keep the new one in a secret store, an environment variable or a file outside the repository.";
}

}
