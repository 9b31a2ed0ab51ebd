#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# deploy/sidecar with the real haproxy and the real FIPS provider: callers reach
# the application over TLS, the application reaches verified upstreams, whoever
# offers less is refused, and it stops and changes certificates without losing a
# request. $FIPS_PROXY is the start program, $NO_EMS_CLIENT that of
# no_ems_client.c (ctest sets both).
. "$(dirname "$(readlink -f "$0")")/lib.sh"
: "${FIPS_PROXY:?the start program}" "${NO_EMS_CLIENT:?the client of no_ems_client.c}"
tool=$SOURCE/tests/e2e/sidecar.py
[ -x /usr/sbin/haproxy ] || { echo "skipped: no haproxy"; exit 0; }

bad=0
ok() { echo "ok      $1"; }
not_ok() {
	echo "not ok  $1; the last lines of the log:"
	tail -n 8 "$log" 2>/dev/null | cut -c1-300 | sed 's/^/        /'
	bad=1
}
# check WHAT COMMAND...
check() { if "${@:2}"; then ok "$1"; else not_ok "$1"; fi; }

helpers=()
stop_all() {
	[ "${#helpers[@]}" = 0 ] || kill "${helpers[@]}" 2>/dev/null || true
	stop_server
	rm -rf "$work"
}
trap stop_all EXIT

# Certificates. leaf NAME HOST DAYS [CA]
authority() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" \
		-keyout "$work/$1.key" -out "$work/$1.crt" 2>/dev/null
}
leaf() {
	openssl req -newkey "${5:-ec}" ${6:--pkeyopt ec_paramgen_curve:P-256} -nodes -subj "/CN=$2" \
		-keyout "$work/$1.key" -out "$work/$1.csr" 2>/dev/null
	openssl x509 -req -in "$work/$1.csr" -CA "$work/${4:-ca}.crt" -CAkey "$work/${4:-ca}.key" -CAcreateserial -days "$3" \
		-extfile <(echo "subjectAltName=DNS:$2") -out "$work/$1.crt" 2>/dev/null
}
authority ca
authority stranger
leaf own localhost 1
leaf good localhost 1
leaf renewed localhost 1
leaf other-name elsewhere.example 1
leaf expired localhost -1
leaf unknown localhost 1 stranger
leaf small localhost 1 ca rsa:1024 " "
leaf rsa localhost 1 ca rsa:2048 " "
mkdir "$work/tls"
use() { # the certificate NAME, as the kubelet would
	cp "$work/$1.crt" "$work/tls/tls.crt.new" && cp "$work/$1.key" "$work/tls/tls.key.new" && cp "$work/ca.crt" "$work/tls/ca.crt"
	mv "$work/tls/tls.key.new" "$work/tls/tls.key" && mv "$work/tls/tls.crt.new" "$work/tls/tls.crt"
}
use own
chmod -R go+rX "$work"

"$SOURCE/deploy/sidecar/configure.sh" "$work/fips"
chmod -R go+rX "$work/fips"
read -r app listen metrics up1 up2 up3 up4 up5 up6 up7 up8 base < <(python3 "$tool" ports 11 11)
environment=(OPENSSL_CONF="$work/fips/openssl.cnf" FIPS_PROXY_ADDRESS=127.0.0.1 FIPS_PROXY_TLS_DIR="$work/tls"
	FIPS_PROXY_APP_PORT="$app" FIPS_PROXY_LISTEN_PORT="$listen" FIPS_PROXY_METRICS_PORT="$metrics" FIPS_PROXY_UPSTREAM_PORT="$base")
python3 "$tool" app "$app" &
helpers+=($!)

# proxy [NAME=VALUE...] [-- WRAPPER...]: starts it and waits until it is ready
proxy() {
	local settings=()
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		settings+=("$1")
		shift
	done
	[ $# = 0 ] || shift
	env -u OPENSSL_MODULES "${environment[@]}" "${settings[@]}" "$@" "$FIPS_PROXY" >"$log" 2>&1 &
	pid=$!
	for _ in $(seq 300); do
		[ "$(curl -sS --max-time 5 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$metrics/readyz" 2>/dev/null)" = 200 ] && return
		kill -0 "$pid" 2>/dev/null || fail "the proxy did not start"
		sleep 0.1
	done
	fail "the proxy is not ready"
}
# ends: SIGTERM, and its exit status
ends() {
	local status=0
	kill -TERM "$pid"
	wait "$pid" || status=$?
	pid=
	return "$status"
}
through() { curl -sS --max-time 20 --cacert "$work/ca.crt" "https://localhost:$listen/" "$@" 2>"$work/curl.err"; }

# What it must not start with: exit status, one line, no socket.
nobody_listens() { ! (exec 3<>"/dev/tcp/127.0.0.1/$listen") 2>/dev/null; }
refuses() { # WHAT STATUS 'the line says' NAME=VALUE...
	local status=0
	env -u OPENSSL_MODULES "${environment[@]}" "${@:4}" timeout 60 "$FIPS_PROXY" >"$work/out" 2>"$work/refused.log" || status=$?
	if [ "$status" = "$2" ] && [ "$(wc -l <"$work/refused.log")" = 1 ] && [ ! -s "$work/out" ] &&
		grep -qF -- "$3" "$work/refused.log" && nobody_listens; then
		ok "does not start $1"
	else
		not_ok "does not start $1: exit $status: $(head -c 400 "$work/refused.log")"
	fi
}
while IFS='|' read -r name value line; do
	refuses "with $name=$value" 2 "fips-proxy: $name is \`$value\`: $line" "$name=$value"
done <<'TABLE'
FIPS_PROXY_APP_PORT|0|it is not a number from 1 to 65535; wanted a port
FIPS_PROXY_APP_PORT|65536|it is not a number from 1 to 65535
FIPS_PROXY_APP_PORT|080|it is not a number from 1 to 65535
FIPS_PROXY_APP_PORT||it is not a number from 1 to 65535
FIPS_PROXY_LISTEN_PORT|8443 ssl verify none|it is not a number from 1 to 65535
FIPS_PROXY_METRICS_PORT|0x50|it is not a number from 1 to 65535
FIPS_PROXY_UPSTREAMS|localhost|an entry does not end in `:` and a port
FIPS_PROXY_UPSTREAMS|a:1,|an entry does not begin with a DNS name
FIPS_PROXY_UPSTREAMS|a:1 check-ssl|an entry does not end in `:` and a port
FIPS_PROXY_UPSTREAMS|a":1|an entry does not begin with a DNS name
FIPS_PROXY_UPSTREAMS|"$HOME":1|an entry does not begin with a DNS name
FIPS_PROXY_UPSTREAM_PORT|-1|it is not a number from 1 to 65535
FIPS_PROXY_UPSTREAM_NAMES|a b|an entry is not a DNS name
FIPS_PROXY_UPSTREAM_NAMES|UPPER|an entry is not a DNS name
FIPS_PROXY_PROTOCOL|udp|there is no such choice; wanted tcp, http or grpc
FIPS_PROXY_CLIENTS|none|there is no such choice; wanted any or verified
FIPS_PROXY_LOG|all|there is no such choice; wanted warnings or connections
FIPS_PROXY_ADDRESS|localhost|it is not an IP address
FIPS_PROXY_ADDRESS|127.0.0.1:80|it is not an IP address
FIPS_PROXY_DRAIN_SECONDS|1s|it is not a number from 0 to 3600
FIPS_PROXY_STOP_SECONDS|3601|it is not a number from 0 to 3600
FIPS_PROXY_TLS_DIR|tls|it is not an absolute path
FIPS_PROXY_TLS_DIR|/a b|it has a character other than
TABLE
refuses "with a value of two lines" 2 'FIPS_PROXY_APP_PORT is `80\x0auser root`' FIPS_PROXY_APP_PORT=$'80\nuser root'
refuses "with one port for two" 2 "FIPS_PROXY_APP_PORT and FIPS_PROXY_LISTEN_PORT are both" FIPS_PROXY_LISTEN_PORT="$app"
refuses "with an upstream on the application's port" 2 "has upstream 2" FIPS_PROXY_UPSTREAMS=a:1,b:2 FIPS_PROXY_UPSTREAM_PORT=$((app - 1))
refuses "with upstreams beyond the last port" 2 "do not fit below 65536" FIPS_PROXY_UPSTREAMS=a:1,b:2 FIPS_PROXY_UPSTREAM_PORT=65535
refuses "with more names than upstreams" 2 "has 2 entries, and there are 1 upstreams" FIPS_PROXY_UPSTREAMS=a:1 FIPS_PROXY_UPSTREAM_NAMES=a,b
refuses "with an address and no name to verify" 2 "is an address: name it by its DNS name" FIPS_PROXY_UPSTREAMS=127.0.0.1:1

mkdir "$work/empty"
refuses "without the FIPS module" 3 "could not load the shared library" OPENSSL_MODULES="$work/empty"
refuses "without a configuration" 3 "FIPS is required" OPENSSL_CONF=
refuses "with a configuration that is not there" 3 "there is no file" OPENSSL_CONF="$work/nowhere.cnf"
sed 's/^base = .*/&\ndefault = base_sect/' "$work/fips/openssl.cnf" >"$work/default.cnf"
refuses "with the provider default beside them" 3 "\`default\`" OPENSSL_CONF="$work/default.cnf"
sed 's/^module-mac = ..:/module-mac = 00:/' "$work/fips/fipsmodule.cnf" >"$work/empty/fipsmodule.cnf"
sed "s|^\.include .*|.include $work/empty/fipsmodule.cnf|" "$work/fips/openssl.cnf" >"$work/broken.cnf"
refuses "with a module that fails its integrity test" 3 "FIPS is required" OPENSSL_CONF="$work/broken.cnf"

# The application calls: s_server stands for the upstreams.
upstream() { # PORT NAME OPTIONS...
	openssl s_server -accept "127.0.0.1:$1" -cert "$work/$2.crt" -key "$work/$2.key" -www -quiet "${@:3}" >"$work/s_server.$1" 2>&1 &
	helpers+=($!)
}
upstream "$up1" good
upstream "$up2" unknown
upstream "$up3" other-name
upstream "$up4" expired
upstream "$up5" good -tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256
upstream "$up6" good -groups X25519
upstream "$up7" small -cipher DEFAULT@SECLEVEL=0
upstream "$up8" good -tls1_2 -Verify 1 -CAfile "$work/ca.crt" -verify_return_error
list=
for port in $up1 $up2 $up3 $up4 $up5 $up6 $up7 $up8 $up3; do list+=${list:+,}localhost:$port; done
names=,,,,,,,,elsewhere.example
proxy FIPS_PROXY_UPSTREAMS="$list,nowhere.invalid:1,127.0.0.1:$up1" FIPS_PROXY_UPSTREAM_NAMES="$names,,localhost"
calls() { curl -sS --max-time 20 "http://127.0.0.1:$((base + $1 - 1))/" >"$work/called" 2>/dev/null; grep -q "Ciphers supported" "$work/called"; }
not_called() { ! calls "$1"; }
check "an upstream with the right certificate is called" calls 1
check "and one that wants our certificate" calls 8
check "and one by the name that is to be verified" calls 9
check "and an address with a name" calls 11
check "an upstream with a certificate of another authority is refused" not_called 2
check "with another name" not_called 3
check "that expired" not_called 4
check "with RSA of 1024 bits" not_called 7
check "an upstream that has ChaCha20 alone is refused" not_called 5
check "that has X25519 alone" not_called 6
check "that nobody can find" not_called 10

# Others call the application.
hello() {
	printf 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' |
		timeout 20 openssl s_client -connect "127.0.0.1:$listen" -ign_eof "$@" >"$work/hello" 2>&1 || true
}
speaks() { # what | 'negotiated' | options
	hello "${@:3}"
	grep -q '^app' "$work/hello" && grep -qE "$2" "$work/hello" && ok "speaks $1" ||
		not_ok "speaks $1: $(grep -iE 'error|alert|Protocol|Cipher|HTTP' "$work/hello" | head -n 3 | tr '\n' ';')"
}
silent() { # what | options
	hello "${@:2}"
	if grep -q '^HTTP/' "$work/hello"; then
		not_ok "refuses $1: it answered"
	elif ! grep -qiE 'alert|no protocols available|no ciphers available|no cipher match|errno|eof' "$work/hello"; then
		not_ok "refuses $1: nothing was tried: $(head -n 3 "$work/hello")"
	else
		ok "refuses $1"
	fi
}
tls() {
	speaks "TLS 1.3, AES-256-GCM, P-256" 'New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384' -tls1_3 -groups P-256
	speaks "TLS 1.3, AES-128-GCM, P-384" 'Cipher is TLS_AES_128_GCM_SHA256' -tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256 -groups P-384
	speaks "TLS 1.2, AES-256-GCM" "New, TLSv1.2, Cipher is ECDHE-$1-AES256-GCM-SHA384" -tls1_2
	speaks "P-256 of X25519 and P-256" '(Server|Peer) Temp Key: ECDH, (P-256|prime256v1)' -groups X25519:P-256
	silent "ChaCha20 in TLS 1.3" -tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256
	silent "ChaCha20 in TLS 1.2" -tls1_2 -cipher "ECDHE-$1-CHACHA20-POLY1305"
	silent "X25519 alone, TLS 1.3" -tls1_3 -groups X25519
	silent "X25519 alone, TLS 1.2" -tls1_2 -groups X25519
	silent "TLS 1.1" -tls1_1 -cipher DEFAULT@SECLEVEL=0
	silent "static RSA" -tls1_2 -cipher AES128-GCM-SHA256:AES256-GCM-SHA384
	silent "finite-field DHE" -tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256
	silent "AES-CBC" -tls1_2 -cipher "ECDHE-$1-AES128-SHA256"
}
tls ECDSA
"$NO_EMS_CLIENT" "$listen" ems >"$work/ems" && grep -q '^HTTP/1.1' "$work/ems" && ok "speaks TLS 1.2 with extended master secret" ||
	not_ok "speaks TLS 1.2 with extended master secret: $(head -n 1 "$work/ems")"
"$NO_EMS_CLIENT" "$listen" no-ems >"$work/ems" && not_ok "refuses TLS 1.2 without extended master secret: it answered" ||
	ok "refuses TLS 1.2 without extended master secret"
check "plain HTTP is not answered" test "$(curl -s --max-time 20 "http://127.0.0.1:$listen/")" = ""

curl -sS --max-time 20 "http://127.0.0.1:$metrics/metrics" >"$work/metrics"
check "Prometheus gets its metrics" grep -q '^haproxy_frontend_connections_total{proxy="inbound"} [1-9]' "$work/metrics"
check "livez answers" test "$(curl -sS "http://127.0.0.1:$metrics/livez")" = ok
check "and nothing else" test "$(curl -sS -o /dev/null -w '%{http_code}' "http://127.0.0.1:$metrics/")" = 404
check "it says which provider it proved" grep -q '^fips-proxy: .*FIPS Provider .*self test passed' "$log"

# Another certificate while requests run, then an end while requests run.
load() {
	python3 "$tool" load "$listen" "$work/ca.crt" 8 "$work/enough" >"$work/load" &
	loader=$!
	helpers+=("$loader")
}
serial() { openssl x509 -noout -serial; }
served() { hello; serial <"$work/hello"; }
load
use renewed
for _ in $(seq 100); do
	[ "$(served)" = "$(serial <"$work/renewed.crt")" ] && break
	sleep 0.2
done
check "a new certificate is served" test "$(served)" = "$(serial <"$work/renewed.crt")"
cp "$work/good.key" "$work/tls/tls.key"
sleep 2
check "what does not fit together is not" test "$(through) $(served)" = "app $(serial <"$work/renewed.crt")"
use own
for _ in $(seq 100); do
	[ "$(served)" = "$(serial <"$work/own.crt")" ] && break
	sleep 0.2
done
check "what fits again is" test "$(served)" = "$(serial <"$work/own.crt")"
check "SIGTERM ends it with status 0" ends
wait "$loader"
read -r answered lost <"$work/load"
[ "$lost" = 0 ] && [ "$answered" -ge 50 ] && ok "no request of $answered was lost, through three certificates and the end" ||
	not_ok "requests lost: $lost, answered: $answered"
check "nobody listens any more" nobody_listens

# What was asked before the end is answered after it. The hard limit; HTTP; clients with certificates; an RSA certificate.
busy() {
	for _ in $(seq 100); do
		curl -sS "http://127.0.0.1:$metrics/metrics" >"$work/metrics"
		grep -q '^haproxy_frontend_current_sessions{proxy="inbound"} [1-9]' "$work/metrics" && return
		sleep 0.1
	done
}
proxy FIPS_PROXY_DRAIN_SECONDS=0
through -o "$work/late" --url "https://localhost:$listen/slow?60" >/dev/null &
late=$!
helpers+=("$late")
busy
check "a request is waited for, and the end is clean" ends
wait "$late" || true
check "and it was answered" grep -qx app "$work/late"

proxy FIPS_PROXY_DRAIN_SECONDS=0 FIPS_PROXY_STOP_SECONDS=1
through -o "$work/cut" -w '%{http_code}' --url "https://localhost:$listen/slow?300" >/dev/null &
helpers+=($!)
busy
began=$SECONDS
ends || true
check "whoever takes too long is cut" test $((SECONDS - began)) -lt 20

proxy FIPS_PROXY_PROTOCOL=http FIPS_PROXY_CLIENTS=verified FIPS_PROXY_DRAIN_SECONDS=0
check "a client with a certificate is served, HTTP/2" test "$(through --cert "$work/good.crt" --key "$work/good.key" -w '%{http_version}')" = "$(printf 'app\n2')"
check "one without is not" test "$(through)" = ""
check "nor one of another authority" test "$(through --cert "$work/unknown.crt" --key "$work/unknown.key")" = ""
ends || not_ok "it ends with status 0"

use rsa
proxy FIPS_PROXY_DRAIN_SECONDS=0
tls RSA
ends || not_ok "it ends with status 0"

# Behind a name server that never answers, then as in a pod: no root, no capability, nothing to write to.
if [ "$(id -u)" = 0 ]; then
	silent_server=127.$((RANDOM % 250 + 1)).$((RANDOM % 250 + 1)).$((RANDOM % 250 + 1))
	python3 "$tool" silence "$silent_server" &
	helpers+=($!)
	echo "nameserver $silent_server" >"$work/resolv.conf"
	proxy FIPS_PROXY_DRAIN_SECONDS=0 FIPS_PROXY_UPSTREAMS="nowhere.invalid:1,elsewhere.invalid:1,localhost:$up1,127.0.0.1:$up1" \
		FIPS_PROXY_UPSTREAM_NAMES=,,,localhost -- unshare -m sh -c 'mount --bind "$0" /etc/resolv.conf && exec "$@"' "$work/resolv.conf"
	check "names that are not answered delay no other name" calls 3
	check "nor an address" calls 4
	ends || not_ok "it ends with status 0"

	cat >"$work/pod.sh" <<-'POD'
		awk '{ print $5 }' /proc/self/mountinfo | grep -vE '^/(proc|sys|dev)(/|$)' | while read -r at; do
			mount -o remount,bind,ro "$at" 2>/dev/null || true
		done
		touch "$1" 2>/dev/null && exit 99
		shift
		exec setpriv --reuid 65532 --regid 65532 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@"
	POD
	chmod -R go+rX "$work" && chmod 755 "$work"
	cp "$FIPS_PROXY" "$work/fips-proxy" && chmod 755 "$work/fips-proxy"
	chmod 644 "$work/tls/"*
	FIPS_PROXY=$work/fips-proxy
	use own && chmod 644 "$work/tls/"*
	proxy FIPS_PROXY_DRAIN_SECONDS=0 FIPS_PROXY_UPSTREAMS="localhost:$up1" -- unshare -m sh "$work/pod.sh" "$work/written"
	check "it serves as nobody, with nothing to write to" test "$(through) $(awk '/^Uid/ { print $2 }' "/proc/$pid/status")" = "app 65532"
	check "and calls" calls 1
	ends || not_ok "it ends with status 0"
else
	echo "skipped: only root can take the name server away and make everything read-only"
fi

exit $bad
