// Every setting of every program, once: its variable, name, default, range and manual.
#pragma once

#include <string>
#include <vector>

#include "config/settings.h"

namespace forge {

/// The programs that read settings; a line below names those that use it.
enum Program : unsigned { worker = 1, ledgerd = 2, indexer = 4, command = 8, every = 15 };

enum class Environment { production, development };
enum class AiMode { offline, live };
enum class GuardianMode { agent, stub };

constexpr std::string_view openai_standard_url = "https://api.openai.com/v1";

/// Read at start, and again by `forge reload`; never changed.  A reload makes a new Config, checks it, and puts it in
/// the old one's place; what is declared at_start counts only after a restart (needing_restart names it).
struct Config : Settings {
    /// Throws nothing for bad values: call check() next.  `reader` is the program: it reads no secrets of others.
    explicit Config(SettingsSource source, unsigned reader = every);

    /// Settings that production does not honour or should not have, for forge_unsafe_setting and the doctor.
    std::vector<std::string> unsafe() const;
    bool is_production() const { return environment == Environment::production; }
    /// Whether somebody set it, be it to its default.
    bool is_given(std::string_view name) const;
    /// AUTH_DEV_BYPASS as it holds: never in production.
    bool bypass_is_honoured() const { return dev_bypass && !is_production(); }

    // The installation.
    const Environment environment = choice<Environment>(
        "FORGE_ENV", {{"production", Environment::production}, {"development", Environment::development}},
        at_start(every),
        "What this installation is for; development allows the bypass, the signer and the guardian's stub.");
    const std::string state_dir = path("FORGE_STATE_DIR", "/var/lib/vaultmesh-forge", at_start(every),
        "What must outlive a reboot.");
    const std::string runtime_dir = path("FORGE_RUNTIME_DIR", "/run/vaultmesh-forge", at_start(every),
        "Sockets, and what the workers share: metrics, limits, running runs.");
    const std::string cache_dir = path(
        "FORGE_CACHE_DIR", "/var/cache/vaultmesh-forge", at_start(worker | indexer | command),
        "What can be made again: the catalog's index.");
    const std::string catalog_root = path(
        "VMESH_CATALOG_ROOT", "/usr/share/vaultmesh-forge/catalog", at_start(worker | indexer | command),
        "The folder of templates; output schemas stand in schemas/ inside it or beside it.");
    const std::string profiles_root = path("FORGE_PROFILES_ROOT", "/etc/vaultmesh-forge/profiles", on_reload(worker),
        "The folder of profiles, NAME.yaml each.");
    const std::string evidence_root = path("FORGE_EVIDENCE_ROOT", state_dir + "/evidence", at_start(worker),
        "Where uploaded evidence is kept until it expires.");
    const long workers = number("FORGE_WORKERS", 2, {1, 256}, at_start(command),
        "Worker processes that `forge dev` and the package start.");
    const long threads = number("FORGE_THREADS", 3, {1, 64}, at_start(worker),
        "Threads of a worker that parse requests.");
    const long drain_seconds = number("FORGE_DRAIN_SECONDS", 30, {0, 3600}, on_reload(worker),
        "After this long a stopping worker closes its open runs as cancelled.");

    // The ledger.
    const std::string ledger_root = path(
        "VMESH_LEDGER_ROOT", state_dir + "/artifacts/ledger", at_start(worker | ledgerd | command),
        "The folder of the ledger.");
    const std::string ledger_socket = path(
        "FORGE_LEDGER_SOCKET", runtime_dir + "/ledger.sock", at_start(worker | ledgerd | command),
        "Where forge-ledgerd listens.");
    const std::string ledger_origin = text("FORGE_LEDGER_ORIGIN", "", at_start(ledgerd),
        "The log's permanent name, like forge.example.com/forge-1a2b3c4d; read only when a ledger is created.");
    const std::string ledger_policy = path(
        "FORGE_LEDGER_POLICY", "/etc/vaultmesh-forge/ledger.policy", at_start(ledgerd),
        "The tlog-policy with the witnesses whose cosignatures the ledger takes.");
    const std::string ledger_pin = path("FORGE_LEDGER_PIN", "", at_start(ledgerd),
        "A file with a line of forge-ledger-pin: an older or another ledger does not start.  Unset: none.");
    const std::string ledger_witnessed = path(
        "FORGE_LEDGER_WITNESSED", "/var/lib/vaultmesh-forge-verify/witness.json", at_start(ledgerd),
        "What forge-ledger-witness has had cosigned: an older or another ledger does not start.");
    const bool require_witness = choice<bool>(
        "FORGE_REQUIRE_WITNESS", {{"off", false}, {"on", true}}, at_start(ledgerd),
        "The ledger starts only when FORGE_LEDGER_WITNESSED says something of it.");
    const std::string idempotency_key_file = path(
        "FORGE_IDEMPOTENCY_KEY_FILE", state_dir + "/idempotency.key", at_start(worker),
        "32 random bytes under which Idempotency-Keys are kept; made at first start.");
    const std::string subject_key_file = path("FORGE_SUBJECT_KEY_FILE", state_dir + "/subject.key", at_start(worker),
        "32 random bytes under which logs name subjects; made at first start.");
    const long content_days = number("RETENTION_CONTENT_DAYS", 0, {0, 36500}, on_reload(ledgerd | command),
        "Private values of runs are destroyed after this many days; 0: never.");

    // Who may come in.
    const std::string issuer = url("OIDC_ISSUER", "", Plain::loopback_only, on_reload(worker),
        "The `iss` of accepted tokens, exactly.  Unset: every token is answered 503 keys_unavailable.");
    const std::string audience = text("OIDC_AUDIENCE", "", on_reload(worker), "The `aud` that a token must contain.");
    const std::string jwks_url = url("OIDC_JWKS_URL", "", Plain::loopback_only, on_reload(worker),
        "The issuer's keys; unset: discovered from OIDC_ISSUER.");
    const std::string client_id = text("OIDC_CLIENT_ID", "forge", on_reload(worker | command),
        "As whom `forge login` and the dashboard ask the issuer: a public client.");
    const std::string scopes = text("OIDC_SCOPES", "openid offline_access", on_reload(worker | command),
        "What they ask for, separated by blanks; offline_access is for refreshing.");
    const std::string resource = text("OIDC_RESOURCE", "", on_reload(worker | command),
        "The resource that they ask a token for (RFC 8707), for issuers that want one.");
    const std::vector<std::string> token_algorithms = list(
        "OIDC_ALGORITHMS", "RS256,PS256,ES256,EdDSA", algorithms, on_reload(worker),
        "Accepted signatures.");
    const long token_leeway_seconds = number("OIDC_LEEWAY_SECONDS", 60, {0, 60}, on_reload(worker),
        "Tolerance for clocks that differ, in `nbf` and `iat`.");
    const Millis keys_max_age = duration(
        "OIDC_KEYS_MAX_AGE", "24 hours", {60'000, 30 * day_millis}, on_reload(worker),
        "How long the last good keys serve while the issuer cannot be reached.");
    const std::string rbac_path = path(
        "VMESH_RBAC_PATH", "/etc/vaultmesh-forge/rbac.yaml", at_start(worker | command),
        "Roles, their actions, and where a token names its roles.");
    const bool dev_bypass = flag("AUTH_DEV_BYPASS", at_start(worker),
        "Development only: loopback clients need no token.  Not honoured in production.");
    const bool dev_signer = flag("AUTH_DEV_SIGNER", at_start(worker),
        "Development only: the worker signs tokens for tests.  Production refuses to start.");
    const Secret roe_token = secret("ROE_TOKEN", on_reload(worker),
        "Rules of engagement: opens templates that are marked lab-only.");

    // Limits: requests per window, subject and route, over all workers.
    const long execute_rate = number("EXECUTE_POST_RPS", 30, {1, 1'000'000}, on_reload(worker),
        "Runs per EXECUTE_POST_WINDOW and subject.");
    const Millis execute_window = duration("EXECUTE_POST_WINDOW", "1 minute", {1000, day_millis}, on_reload(worker),
        "The window of all four limits.");
    const long ask_rate = number("GUARDIAN_ASK_RPS", 30, {1, 1'000'000}, on_reload(worker),
        "Questions to the guardian per window and subject.");
    const long guardian_mode_rate = number("GUARDIAN_MODE_RPS", 60, {1, 1'000'000}, on_reload(worker),
        "Looks at the guardian's mode per window and address.");
    const long events_rate = number("LEDGER_EVENTS_RPS", 60, {1, 1'000'000}, on_reload(worker),
        "Looks at ledger events per window and subject.");
    const Millis denied_window = duration("FORGE_DENIED_WINDOW", "1 minute", {1000, 3600'000}, at_start(worker),
        "Refusals of one caller in so long a time become one access.denied in the ledger.");
    const long sse_clients = number("SSE_MAX_CLIENTS", 1000, {1, 100'000}, on_reload(worker),
        "Open streams over all workers.");
    const long sse_anonymous_percent = number("SSE_ANONYMOUS_PERCENT", 50, {0, 100}, on_reload(worker),
        "The share of them that streams without a token may take.");
    const long sse_per_address = number("SSE_MAX_PER_ADDRESS", 20, {0, 100'000}, on_reload(worker),
        "Anonymous streams of one address; 0: no limit.");
    const long rejoin_seconds = number("FORGE_REJOIN_SECONDS", 10, {0, 3600}, on_reload(worker),
        "A run whose stream is gone is cancelled after this long without a rejoin.");
    const std::vector<std::string> allowed_origins = origins("ALLOWED_ORIGINS", on_reload(worker),
        "Browser origins that may use the API (CORS).");
    const std::vector<std::string> cors_origin = origins("CORS_ORIGIN", on_reload(worker),
        "As ALLOWED_ORIGINS, which wins over it.");
    const bool expose_openapi = flag("EXPOSE_OPENAPI", on_reload(worker),
        "Serve /v1/openapi.json in production too.");

    // The model.
    const AiMode ai_mode = choice<AiMode>(
        "AI_CORE_MODE", {{"offline", AiMode::offline}, {"live", AiMode::live}}, at_start(worker),
        "Offline answers from collectors and examples; live asks the provider.");
    const bool allow_simulated = flag("ALLOW_SIMULATED", on_reload(worker),
        "Let production answer with a template's example where there is no collector.");
    const std::string providers_path = path(
        "FORGE_PROVIDERS_PATH", "/etc/vaultmesh-forge/providers.yaml", on_reload(worker),
        "The providers, their models and their order.  Where there is no such file, the settings that follow name them: "
        "OpenAI, OpenRouter, Anthropic and Ollama, those that are set, in this order.");
    const std::string budgets_path = path(
        "FORGE_BUDGETS_PATH", "/etc/vaultmesh-forge/budgets.yaml", on_reload(worker),
        "What subjects and templates may spend in a day or a month.  Where there is no such file, as much as they like.");
    const std::string model = text("MODEL", "", on_reload(worker),
        "The model to ask of the first of them; needed when AI_CORE_MODE=live without a file of providers.");
    const std::string openai_url = url(
        "OPENAI_BASE_URL", std::string{openai_standard_url}, Plain::anywhere, on_reload(worker),
        "Chat completions are at its /chat/completions; any server that speaks them will do.");
    const Secret openai_key = secret("OPENAI_API_KEY", on_reload(worker), "The key for OPENAI_BASE_URL.");
    const Secret openrouter_key = secret("OPENROUTER_API_KEY", on_reload(worker), "The key for OpenRouter.");
    const std::string openrouter_model = text("OPENROUTER_MODEL", "", on_reload(worker),
        "The model to ask of OpenRouter; needed where it is not the first provider.");
    const std::string openrouter_referer = url("OPENROUTER_REFERER", "", Plain::anywhere, on_reload(worker),
        "The page that OpenRouter is told asks (HTTP-Referer).  Unset: none.");
    const std::string openrouter_title = text("OPENROUTER_TITLE", "VaultMesh Forge", on_reload(worker),
        "What OpenRouter calls who asks (X-Title).");
    const Secret anthropic_key = secret("ANTHROPIC_API_KEY", on_reload(worker), "The key for ANTHROPIC_BASE_URL.");
    const std::string anthropic_url = url(
        "ANTHROPIC_BASE_URL", "https://api.anthropic.com", Plain::anywhere, on_reload(worker),
        "Messages are at its /v1/messages.");
    const std::string anthropic_model = text("ANTHROPIC_MODEL", "", on_reload(worker),
        "The model to ask of Anthropic; needed where it is not the first provider.");
    const std::string ollama_host = text("OLLAMA_HOST", "", on_reload(worker),
        "Where Ollama listens: a URL, or a host with or without a port.  Unset: it is not asked.");
    const std::string ollama_model = text("OLLAMA_MODEL", "", on_reload(worker),
        "The model to ask of Ollama; needed where it is not the first provider.");
    const long provider_retries = number("FORGE_PROVIDER_RETRIES", 2, {0, 10}, on_reload(worker),
        "Further attempts at one provider, after what may pass: no connection, HTTP 429, 5xx.");
    const long breaker_failures = number("FORGE_BREAKER_FAILURES", 5, {0, 1000}, at_start(worker),
        "A provider that fails so many times in a row, over all workers, is left alone for a while; 0: never.");
    const Millis breaker_rest = duration("FORGE_BREAKER_REST", "10 s", {100, 300'000}, at_start(worker),
        "For how long, until one call tries it again; twice that after each such call that fails, up to 5 minutes.");
    const Millis connect_deadline = duration("FORGE_PROVIDER_CONNECT", "5 s", {10, 600'000}, on_reload(worker),
        "Give up on a provider that does not take the connection.");
    const Millis first_token_deadline = duration(
        "FORGE_PROVIDER_FIRST_TOKEN", "60 s", {10, 3600'000}, on_reload(worker),
        "Give up on a provider that sends nothing; on a stream: no token.");
    const Millis idle_deadline = duration("FORGE_PROVIDER_IDLE", "30 s", {10, 3600'000}, on_reload(worker),
        "Give up on a provider that stops in the middle.");
    const Millis total_deadline = duration("FORGE_PROVIDER_TOTAL", "5 minutes", {10, 3600'000}, on_reload(worker),
        "Give up on an answer that takes longer, all attempts at all providers together.");

    // The guardian.
    const GuardianMode guardian_mode = choice<GuardianMode>(
        "GUARDIAN_MODE", {{"agent", GuardianMode::agent}, {"stub", GuardianMode::stub}},
        on_reload(worker), "Ask the agent, or answer as a stub (in production a stub answers 503).");
    const std::string guardian_agent = text("GUARDIAN_AGENT", "forge-guardian", on_reload(worker),
        "The agent's program.");

private:
    static constexpr std::string_view algorithms[] = {"RS256", "PS256", "ES256", "EdDSA"};
    static constexpr long day_millis = 86'400'000;
};

}
