# shellcheck shell=sh
# What the tests of the running system share: a forge dev in a scratch folder, checks that say "ok" or "not ok".
# To be read by tests/NAME.test with: . tests/lib.sh

build=${FORGE_BUILD:-build}
forge=$build/forge
scratch=$(mktemp -d "${TMPDIR:-/tmp}/forge-test.XXXXXX")
failures=0
devs=

# A sanitizer build is several times slower: deadlines of waits are multiplied by this.
case $build in *address* | *thread*) slow=5 ;; *) slow=1 ;; esac

end() {
    for pid in $devs; do
        # One that ended long ago may have left its number to a process of somebody else.
        grep -qs "^PPid:[[:space:]]*$$\$" "/proc/$pid/status" || continue
        kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
    done
    rm -rf "$scratch"
}
trap end EXIT
trap 'exit 1' INT TERM

# ok SENTENCE; not_ok SENTENCE [WHY]
ok() { echo "ok $1"; }
not_ok() {
    echo "not ok $1"
    [ -z "${2-}" ] || printf '%s\n' "$2" | head -40
    failures=$((failures + 1))
}
skip() { echo "skip $1: $2"; }

# check SENTENCE COMMAND...: the command succeeds.
check() {
    sentence=$1
    shift
    if said=$("$@" 2>&1); then ok "$sentence"; else not_ok "$sentence" "$* gave: $said"; fi
}

# equal SENTENCE EXPECTED ACTUAL
equal() {
    if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "expected: $2
but was:  $3"; fi
}

# has SENTENCE PART TEXT: the text contains the part.
has() {
    case $3 in *"$2"*) ok "$1" ;; *) not_ok "$1" "no \"$2\" in: $3" ;; esac
}

# soon COMMAND...: it succeeds within 5 s.
soon() {
    tries=$((100 * slow))
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.05
    done
}

# start_dev FOLDER [options...]: starts forge dev on a free port; sets dev (its process) and url when it is ready.
start_dev() {
    folder=$1
    shift
    mkdir -p "$folder"
    rm -f "$folder/out"     # of an earlier start: its "ready" is not this one's
    "$forge" dev --dir "$folder" --port 0 "$@" >"$folder/out" 2>"$folder/err" &
    dev=$!
    devs="$devs $dev"
    if soon grep -q '^ready ' "$folder/out"; then
        url=$(sed -n 's/^ready //p' "$folder/out")
    else
        not_ok "forge dev becomes ready in $folder" "$(cat "$folder/err" "$folder"/log/*.log)"
        exit 1
    fi
}

# stop_dev PROCESS: tells it to stop; gives its exit code.
stop_dev() {
    kill "$1"
    wait "$1"
}

# child_of PROCESS NAME: the number of a child by the name of its log or program; the first one.
child_of() { pgrep -P "$1" -f "$2" | head -n 1; }

# get PATH [curl options...]: status line, headers and body.
get() {
    path=$1
    shift
    curl -sS -i --max-time $((10 * slow)) "$@" "$url$path" | tr -d '\r'
}
# status PATH [curl options...]: the number alone.
status() {
    path=$1
    shift
    curl -sS -o /dev/null -w '%{http_code}' --max-time $((10 * slow)) "$@" "$url$path"
}

# start_provider: the test's model server; sets provider (its URL) and says things to it through descriptor 3.
start_provider() {
    mkfifo "$scratch/hold"
    "$build/test-provider" <"$scratch/hold" >"$scratch/provider" 2>"$scratch/provider.err" &
    devs="$devs $!"
    exec 3>"$scratch/hold"   # it serves for as long as this is open
    soon grep -q '^ready ' "$scratch/provider" || { not_ok "the test's provider starts" "$(cat "$scratch/provider.err")"; exit 1; }
    # shellcheck disable=SC2034   # the tests use it
    provider=$(sed -n 's/^ready //p' "$scratch/provider")
}

# run_echo MESSAGE: a run of demo.echo, its answer with the status line.
run_echo() {
    get /v1/api/execute -H 'content-type: application/json' \
        -d "{\"templateId\":\"demo.echo\",\"args\":{\"message\":\"$1\"}}"
}

# many_runs COUNT MESSAGE: a configuration for curl with so many runs of demo.echo, which prints the codes of the answers.
many_runs() {
    awk -v url="$url/v1/api/execute" -v count="$1" -v message="$2" 'BEGIN {
        for (i = 0; i < count; i++)
            printf "%surl = \"%s\"\nheader = \"content-type: application/json\"\nwrite-out = \"%%{http_code}\\n\"\noutput = \"/dev/null\"\ndata = \"%s\"\n",
                i ? "next\n" : "", url, "{\\\"templateId\\\":\\\"demo.echo\\\",\\\"args\\\":{\\\"message\\\":\\\"" message " " i "\\\"}}"
    }'
}

# The last line of each test.
finish() { exit $((failures > 0)); }
