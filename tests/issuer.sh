# shellcheck shell=sh
# A real OpenID provider for the tests that need one.  To be read after tests/lib.sh; skips the test where there is none.
# shellcheck disable=SC2154   # scratch and devs are of tests/lib.sh

name="a real OpenID provider"
if ! command -v node >/dev/null; then
    skip "$name" "skipped: node is not installed"
    exit 0
elif [ ! -d tests/peers/node_modules/oidc-provider ]; then
    skip "$name" "skipped: not installed, run \"npm ci --prefix tests/peers\""
    exit 0
fi

# start_issuer PORT: sets provider (its process) and issuer (its URL).
start_issuer() {
    : >"$scratch/issuer.out"
    node tests/peers/issuer.mjs "$1" "$scratch/keys.json" >"$scratch/issuer.out" 2>"$scratch/issuer.err" &
    provider=$!
    devs="$devs $provider"
    slow_start=0
    until soon grep -q '^ready ' "$scratch/issuer.out"; do
        slow_start=$((slow_start + 1))
        [ "$slow_start" -lt 4 ] || { not_ok "the provider starts" "$(cat "$scratch/issuer.err")"; exit 1; }
    done
    issuer=$(sed -n 's/^ready //p' "$scratch/issuer.out")
}
stop_issuer() {
    kill -9 "$provider"
    wait "$provider" 2>/dev/null
}
control() { curl -sS --max-time 10 -X POST "$issuer/control/$1"; }

# token CLIENT [RESOURCE]: what the provider gives by client credentials.
token() {
    curl -sS --max-time 10 -d grant_type=client_credentials -d scope=api -d "resource=urn:${2:-forge}" -d "client_id=$1" \
        -d client_secret=secret "$issuer/token" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p'
}
