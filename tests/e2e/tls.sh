#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Who may speak TLS with us, who may not, and that there is no server at all
# without a FIPS provider that proves itself. $NO_EMS_CLIENT is the program of
# no_ems_client.c (ctest sets it).
. "$(dirname "$(readlink -f "$0")")/lib.sh"
: "${NO_EMS_CLIENT:?the client of no_ems_client.c}"

bad=0
ok() { echo "ok      $1"; }
not_ok() {
	echo "not ok  $1"
	bad=1
}

# hello S_CLIENT-OPTIONS...: what comes back to one request, and what was negotiated
hello() {
	printf 'GET /validate HTTP/1.1\r\nHost: localhost\r\n\r\n' |
		timeout 20 openssl s_client -connect "127.0.0.1:$port" -ign_eof "$@" >"$work/hello" 2>&1 || true
}

speaks() { # what | 'negotiated' | options
	hello "${@:3}"
	if grep -q '^HTTP/1.1 405' "$work/hello" && grep -qE "$2" "$work/hello"; then
		ok "speaks $1"
	else
		not_ok "speaks $1: $(grep -iE 'error|alert|Protocol|Cipher|HTTP' "$work/hello" | head -n 3 | tr '\n' ';')"
	fi
}

silent() { # what | options
	hello "${@:2}"
	if grep -q '^HTTP/' "$work/hello"; then
		not_ok "refuses $1: it answered"
	elif ! grep -qiE 'alert|no protocols available|no ciphers available|no cipher match|errno|eof|cannot be set|error' "$work/hello"; then
		not_ok "refuses $1: nothing was tried: $(head -n 3 "$work/hello")"
	else
		ok "refuses $1"
	fi
}

serve
port=${url##*:}

for group in P-256 P-384 P-521; do
	speaks "TLS 1.3, AES-256-GCM, $group" 'New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384' -tls1_3 -groups "$group"
done
speaks "TLS 1.2, AES-256-GCM, P-256" 'New, TLSv1.2, Cipher is ECDHE-ECDSA-AES256-GCM-SHA384' -tls1_2 -groups P-256
speaks "TLS 1.3, AES-128-GCM" 'Cipher is TLS_AES_128_GCM_SHA256' -tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256
speaks "TLS 1.2, AES-128-GCM" 'Cipher is ECDHE-ECDSA-AES128-GCM-SHA256' -tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256
speaks "the middle of X25519 and P-256: P-256" '(Server|Peer) Temp Key: ECDH, (P-256|prime256v1)' -tls1_3 -groups X25519:P-256
speaks "http/1.1 of h2 and http/1.1" 'ALPN protocol: http/1.1' -alpn h2,http/1.1

silent "ChaCha20 in TLS 1.3" -tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256
silent "ChaCha20 in TLS 1.2" -tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305
silent "AES-CCM" -tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256
silent "AES-CBC" -tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256
silent "X25519 alone, TLS 1.3" -tls1_3 -groups X25519
silent "X25519 alone, TLS 1.2" -tls1_2 -groups X25519
silent "X448 alone" -tls1_3 -groups X448
silent "TLS 1.1" -tls1_1 -cipher DEFAULT@SECLEVEL=0
silent "TLS 1.0" -tls1 -cipher DEFAULT@SECLEVEL=0
silent "static RSA" -tls1_2 -cipher AES128-GCM-SHA256:AES256-GCM-SHA384
silent "finite-field DHE" -tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256
silent "h2 alone" -alpn h2
silent "a raw request without TLS" -tls1_2 -starttls ftp

"$NO_EMS_CLIENT" "$port" ems >"$work/ems" && grep -q '^HTTP/1.1 405' "$work/ems" && ok "speaks TLS 1.2 with extended master secret" ||
	not_ok "speaks TLS 1.2 with extended master secret: $(head -n 1 "$work/ems")"
if "$NO_EMS_CLIENT" "$port" no-ems >"$work/ems"; then
	not_ok "refuses TLS 1.2 without extended master secret: it answered"
elif grep -q 'extended master secret: no' "$work/ems" && ! grep -q HTTP "$work/ems"; then
	ok "refuses TLS 1.2 without extended master secret, after the handshake and before a byte"
else
	# The provider of a FIPS 140-3 module may refuse it in the handshake already.
	[ -s "$work/ems" ] && not_ok "refuses TLS 1.2 without extended master secret: $(head -n 1 "$work/ems")" ||
		ok "refuses TLS 1.2 without extended master secret, in the handshake"
fi

# No session to resume.
hello -tls1_2
grep -q 'Secure Renegotiation IS supported' "$work/hello" && grep -qE 'Session-ID: *$' "$work/hello" &&
	! grep -q 'TLS session ticket:' "$work/hello" && ok "gives neither session nor ticket" || not_ok "gives neither session nor ticket"

metrics=$(curl -sS --max-time 10 "$probe/metrics")
grep -qx 'fipsgate_fips_active 1' <<<"$metrics" && ok "the metric says FIPS" || not_ok "the metric says FIPS"
grep -q 'fipsgate_connections_dropped_total{reason="protocol"} [1-9]' <<<"$metrics" && ok "refused handshakes are counted" ||
	not_ok "refused handshakes are counted"
grep -q '^\[+\]fips ok: .*self test passed.*not a CMVP-validated build' <<<"$(curl -sS --max-time 10 "$probe/readyz?verbose")" &&
	ok "readyz names the provider and what it is not" || not_ok "readyz names the provider and what it is not"
alive
stop_server

# An RSA certificate, and one on P-384.
"$SOURCE/deploy/dev-cert.sh" "$work/rsa" rsa
"$SOURCE/deploy/dev-cert.sh" "$work/p-384" p-384
serve --tls-cert "$work/rsa/tls.crt" --tls-key "$work/rsa/tls.key"
port=${url##*:}
for group in P-256 P-384 P-521; do
	speaks "TLS 1.2, AES-256-GCM, $group, RSA certificate" 'New, TLSv1.2, Cipher is ECDHE-RSA-AES256-GCM-SHA384' -tls1_2 -groups "$group"
done
speaks "TLS 1.2, AES-128-GCM, RSA certificate" 'Cipher is ECDHE-RSA-AES128-GCM-SHA256' -tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256
silent "static RSA, where the key could do it" -tls1_2 -cipher AES128-GCM-SHA256:AES256-GCM-SHA384
silent "ChaCha20 with RSA" -tls1_2 -cipher ECDHE-RSA-CHACHA20-POLY1305
stop_server
serve --tls-cert "$work/p-384/tls.crt" --tls-key "$work/p-384/tls.key"
port=${url##*:}
speaks "TLS 1.2, AES-256-GCM, P-384 throughout" '(Server|Peer) Temp Key: ECDH, (P-384|secp384r1)' -tls1_2 -groups P-384
stop_server

# Nothing but a proved FIPS provider will do. Each refusal: exit 3, one line, no socket.
refuses() { # what | 'the line says' | environment and arguments: env A=B -- arguments
	local status=0 what=$1 text=$2
	shift 2
	common
	timeout $((60 * patience)) "$@" "$FIPSGATE" "${arguments[@]}" --openssl-conf "$conf" 2>"$work/refused.log" || status=$?
	if [ "$status" = 3 ] && [ "$(wc -l <"$work/refused.log")" = 1 ] && grep -qF -- "$text" "$work/refused.log" &&
		! grep -q 'fipsgate serves' "$work/refused.log"; then
		ok "does not start $what"
	else
		not_ok "does not start $what: exit $status: $(head -c 400 "$work/refused.log")"
	fi
}

mkdir "$work/empty"
conf=$work/fips/openssl.cnf
refuses "without the module file" "could not load the shared library" env OPENSSL_MODULES="$work/empty"
if command -v strace >/dev/null; then
	common
	# Who is traced cannot look for leaks.
	ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 OPENSSL_MODULES=$work/empty strace -f -e trace=socket,bind,listen -o "$work/trace" "$FIPSGATE" "${arguments[@]}" 2>/dev/null || true
	grep -qE 'AF_INET|listen' "$work/trace" && not_ok "no socket without FIPS: $(grep -m 1 AF_INET "$work/trace")" || ok "no socket without FIPS"
fi
conf=$work/nowhere.cnf
refuses "without a configuration" "there is no file" env
sed '/^\.include/d' "$work/fips/openssl.cnf" >"$work/no-module.cnf"
conf=$work/no-module.cnf
refuses "without the module's section" "does not load" env
sed 's/^base = .*/default = base_sect/' "$work/fips/openssl.cnf" >"$work/default.cnf"
conf=$work/default.cnf
refuses "with the provider default instead of base" "base" env
sed 's/^base = .*/&\ndefault = base_sect/' "$work/fips/openssl.cnf" >"$work/both.cnf"
conf=$work/both.cnf
refuses "with the provider default beside them" "\`default\`" env
sed -i '/^\.include/d' "$work/both.cnf"
mkdir "$work/broken"
sed 's/^module-mac = ..:/module-mac = 00:/' "$work/fips/fipsmodule.cnf" >"$work/broken/fipsmodule.cnf"
sed "s|^\.include .*|.include $work/broken/fipsmodule.cnf|" "$work/fips/openssl.cnf" >"$work/broken/openssl.cnf"
conf=$work/broken/openssl.cnf
refuses "with a module that fails its integrity test" "does not load" env

# --fips off starts, and says so everywhere.
serve --fips off
grep -q '"fips":false' "$log" && grep -q '"level":"warn".*FIPS is off' "$log" && ok "--fips off is in the log" || not_ok "--fips off is in the log"
grep -q 'FIPS is off' <<<"$(curl -sS --max-time 10 "$probe/readyz?verbose")" && ok "--fips off is in readyz" || not_ok "--fips off is in readyz"
grep -qx 'fipsgate_fips_active 0' <<<"$(curl -sS --max-time 10 "$probe/metrics")" && ok "--fips off is in the metrics" || not_ok "--fips off is in the metrics"
port=${url##*:}
silent "ChaCha20 even then" -tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256
stop_server

# Certificates that must not serve.
not_served() { # what | 'the line says'
	local status=0
	common
	timeout $((60 * patience)) "$FIPSGATE" "${arguments[@]}" --tls-cert "$work/$1.crt" --tls-key "${3:-$work/$1.key}" 2>"$work/refused.log" || status=$?
	[ "$status" = 2 ] && grep -qF -- "$2" "$work/refused.log" && ok "does not serve with: $1" ||
		not_ok "does not serve with: $1: exit $status: $(head -c 400 "$work/refused.log")"
}
make_cert() { openssl req -x509 -nodes -days 1 -subj /CN=localhost -keyout "$work/$1.key" -out "$work/$1.crt" "${@:2}" 2>/dev/null; }
make_cert rsa-1024 -newkey rsa:1024
make_cert ed25519 -newkey ed25519
make_cert p-224 -newkey ec -pkeyopt ec_paramgen_curve:secp224r1
make_cert other -newkey ec -pkeyopt ec_paramgen_curve:P-256
not_served rsa-1024 "RSA of at least 2048"
not_served ed25519 "RSA of at least 2048"
not_served p-224 "P-256, P-384 or P-521"
not_served other "belong to the certificate" "$work/tls.key"
not_served nothing "cannot use the certificate"

exit $bad
