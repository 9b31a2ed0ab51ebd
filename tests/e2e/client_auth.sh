#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# --client-ca and --client-name: who is refused gets a TLS alert, a log line and
# a place in the metrics; probes need no certificate.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

ok() { echo "ok      $1"; }
quiet() { "$@" 2>"$work/openssl.log" || fail "$(cat "$work/openssl.log")"; }
new_key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha256 -nodes)

# ca NAME
ca() { quiet openssl req -x509 "${new_key[@]}" -days 1 -subj "/CN=$1" -keyout "$work/$1.key" -out "$work/$1.crt"; }
# client NAME CA SUBJECT [EXTENSION]
client() {
	quiet openssl req "${new_key[@]}" -subj "$3" -keyout "$work/$1.key" -out "$work/$1.csr"
	printf '%s\n' "${4:-extendedKeyUsage=clientAuth}" >"$work/$1.ext"
	quiet openssl x509 -req -in "$work/$1.csr" -CA "$work/$2.crt" -CAkey "$work/$2.key" -CAcreateserial -days 1 \
		-extfile "$work/$1.ext" -out "$work/$1.crt"
}
review=$SOURCE/tests/fixtures/pod-plain-create.json
# ask NAME: the HTTP status that client gets, 000 for none
ask() {
	local with=()
	[ "$1" = nobody ] || with=(--cert "$work/$1.crt" --key "$work/$1.key")
	curl -sS --max-time 20 --cacert "$work/tls.crt" "${with[@]}" -H 'Content-Type: application/json' --data-binary "@$review" \
		-o "$work/body" -w '%{http_code}' "$url/validate" 2>"$work/curl.log" || true
}
refused() { curl -sS "$probe/metrics" | awk '$1 == "fipsgate_connections_dropped_total{reason=\"client_certificate\"}" { print $2 }'; }

ca ours
ca theirs
client api ours /CN=kube-apiserver
client named ours /CN=whatever 'subjectAltName=DNS:api.example.gov'
client other ours /CN=somebody-else
client stranger theirs /CN=kube-apiserver
client server ours /CN=kube-apiserver extendedKeyUsage=serverAuth

refuses_to_start --client-name kube-apiserver && fail "names without a CA start" || [ $? = 2 ]
grep -q 'client-name asks for certificates that nobody verifies: give --client-ca' "$work/refused.log" || fail "$(cat "$work/refused.log")"
refuses_to_start --client-ca /nowhere/ca.crt && fail "a CA that is not there starts" || [ $? = 2 ]
grep -q '/nowhere/ca.crt' "$work/refused.log" || fail "$(cat "$work/refused.log")"
ok "half of it is refused at the start"

serve --client-ca "$work/ours.crt" --client-name kube-apiserver --client-name api.example.gov
[ "$(ask api)" = 200 ] || fail "the client is refused: $(cat "$work/curl.log")"
[ "$(ask named)" = 200 ] || fail "the alternative name is refused: $(cat "$work/curl.log")"
ok "who is named comes in"
count=0
for who in nobody other stranger server; do
	[ "$(ask $who)" = 000 ] || fail "$who is let in"
	grep -q 'alert' "$work/curl.log" || fail "$who gets no alert: $(cat "$work/curl.log")"
	count=$((count + 1))
	[ "$(refused)" = "$count" ] || fail "$who is not counted: $(refused)"
done
[ "$(grep -c '"msg":"tls handshake refused"' "$log")" = 4 ] || fail "not 4 lines in the log"
ok "nobody else: an alert, a log line, a count"
alive
ok "probes need no certificate"

# Another CA is taken up like another certificate.
cp "$work/theirs.crt" "$work/ours.crt.new" && mv "$work/ours.crt.new" "$work/ours.crt"
for _ in $(seq 200); do
	[ "$(ask stranger)" = 200 ] && break
	sleep 0.05
done
[ "$(ask stranger)" = 200 ] || fail "the new CA is not in use"
[ "$(ask api)" = 000 ] || fail "the old CA still is"
ok "the CA can be replaced while it serves"
