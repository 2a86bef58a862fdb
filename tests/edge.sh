# shellcheck shell=sh
# The site that is shipped (nginx/forge-site.conf.in) in an nginx of its own, with a certificate of a test's authority, before
# the workers of a forge dev.  To be read after tests/lib.sh; the paths and ports are filled in, nothing else is changed.
# shellcheck disable=SC2154   # scratch and devs are of tests/lib.sh

edge=$scratch/edge
tls=$edge/tls
PATH=$PATH:/usr/sbin

free_port() { perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport'; }

# make_certificates RESPONDER_PORT: an authority, and a certificate of it for localhost that names an OCSP responder.
# EDGE_KEY=rsa: with RSA keys.
make_certificates() {
    mkdir -p "$tls"
    case ${EDGE_KEY-} in rsa) key=rsa option=rsa_keygen_bits:2048 ;; *) key=ec option=ec_paramgen_curve:P-256 ;; esac
    openssl req -x509 -newkey "$key" -pkeyopt "$option" -nodes -days 3650 -subj "/O=forge tests/CN=authority" \
        -addext keyUsage=critical,keyCertSign,cRLSign -keyout "$tls/authority.key" -out "$tls/authority.pem"
    openssl req -newkey "$key" -pkeyopt "$option" -nodes -subj /CN=localhost -keyout "$tls/key.pem" -out "$tls/request.pem"
    cat >"$tls/extensions" <<END
subjectAltName=DNS:localhost,IP:127.0.0.1
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
authorityInfoAccess=OCSP;URI:http://127.0.0.1:$1
END
    openssl x509 -req -in "$tls/request.pem" -CA "$tls/authority.pem" -CAkey "$tls/authority.key" -set_serial 0x4711471147114711 \
        -days 90 -extfile "$tls/extensions" -out "$tls/leaf.pem"
    cat "$tls/leaf.pem" "$tls/authority.pem" >"$tls/certificate.pem"
    printf 'V\t491231235959Z\t\t4711471147114711\tunknown\t/CN=localhost\n' >"$tls/index"
}

# start_responder PORT: the authority's OCSP responder.
start_responder() {
    openssl ocsp -index "$tls/index" -CA "$tls/authority.pem" -rsigner "$tls/authority.pem" -rkey "$tls/authority.key" \
        -port "$1" -ndays 1 >"$edge/responder" 2>&1 &
    devs="$devs $!"
    soon grep -q -i 'waiting for' "$edge/responder"
}

# fill_site [SED OPTIONS...]: the shipped files with this test's paths and ports, and further changes.
# shellcheck disable=SC2120
fill_site() {
    sed -e "s|@datadir@/vaultmesh-forge/nginx/dashboard|$edge/pages|" -e "s|@datadir@/vaultmesh-forge|$PWD|; s|@sysconfdir@/vaultmesh-forge|$edge|; s|@localstatedir@/log/nginx|$edge|" \
        -e "s|@runstatedir@/vaultmesh-forge|$scratch/dev/run|; s|@localstatedir@/lib/vaultmesh-forge-acme|$edge/acme|" \
        -e "s|listen 80|listen 127.0.0.1:$plain_port|; s|listen 443|listen 127.0.0.1:$tls_port|; /listen \[::\]/d" \
        "$@" nginx/forge-site.conf.in >"$edge/site.conf"
    sed -e "s|@sysconfdir@/vaultmesh-forge/tls|$tls|" nginx/forge-certificate.conf.in >"$edge/forge-certificate.conf"
}

# start_edge: nginx with the site; sets secure and plain (its URLs).  Requests of 127.0.0.1 may say whose they are (x-test-address).
start_edge() {
    mkdir -p "$edge/acme/.well-known/acme-challenge" "$edge/tmp" "$edge/pages"
    echo page >"$edge/pages/index.html"
    plain_port=$(free_port) tls_port=$(free_port) responder_port=$(free_port)
    # shellcheck disable=SC2034   # the tests use them
    secure=https://localhost:$tls_port plain=http://localhost:$plain_port
    make_certificates "$responder_port" >"$edge/openssl" 2>&1 || { not_ok "certificates are made" "$(cat "$edge/openssl")"; exit 1; }
    start_responder "$responder_port"
    # shellcheck disable=SC2119
    fill_site
    user=
    [ "$(id -u)" -ne 0 ] || user='user root;'   # the scratch folder is its maker's alone
    cat >"$edge/nginx.conf" <<END
$user daemon off; worker_processes 2; worker_rlimit_nofile 16384; pid $edge/pid;
events { worker_connections 8000; }
http {
    client_body_temp_path $edge/tmp/1; fastcgi_temp_path $edge/tmp/2; proxy_temp_path $edge/tmp/3;
    scgi_temp_path $edge/tmp/4; uwsgi_temp_path $edge/tmp/5;
    set_real_ip_from 127.0.0.1; real_ip_header x-test-address;
    include $edge/site.conf;
}
END
    nginx -p "$edge" -c "$edge/nginx.conf" -e "$edge/error.log" &
    # shellcheck disable=SC2034
    web=$!
    devs="$devs $web"
    soon ask /v1/health || { not_ok "nginx starts with the shipped site" "$(cat "$edge/error.log")"; exit 1; }
}

# ask PATH [curl options...]: status line, headers and body, over TLS.
ask() {
    path=$1
    shift
    curl -sS -i --cacert "$tls/authority.pem" --resolve "localhost:$tls_port:127.0.0.1" --max-time $((20 * slow)) "$@" "$secure$path" >"$edge/answer" 2>&1
    result=$?
    tr -d '\r' <"$edge/answer"
    return $result
}
# code PATH [curl options...]: the number alone.
code() { ask "$@" -o /dev/null -w '%{http_code}'; }

# reload_edge: as after a new certificate; returns when the former workers of nginx take no more connections.
reload_edge() {
    before=$(pgrep -P "$web" | sort)
    nginx -p "$edge" -c "$edge/nginx.conf" -e "$edge/error.log" -s reload
    soon renewed
}
renewed() {
    for old in $before; do
        ! grep -qsv 'shutting down' "/proc/$old/cmdline" || return 1
    done
}
