#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `fipsgate certs` where there is no cluster: files, servers that are looked at
# and waited for, and nothing made without FIPS. With one: certs_rotate.sh.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

ok() { echo "ok      $1"; }
prepare
fips=(--openssl-conf "$work/fips/openssl.cnf")

# says STATUS 'text' COMMAND...: that exit status, and a line with that text
says() {
	local status=0 wanted=$1 text=$2
	shift 2
	timeout 60 "$@" >"$work/out" 2>"$work/err" || status=$?
	[ "$status" = "$wanted" ] && grep -qF -- "$text" "$work/out" "$work/err" || fail "$*: exit $status, not $wanted: $(cat "$work/out" "$work/err")"
}

# Refusals first.
says 3 "there is no file" "$FIPSGATE" certs make "$work/none" --openssl-conf "$work/nowhere.cnf"
[ ! -e "$work/none" ] || fail "something was made without FIPS"
says 2 "name one directory" "$FIPSGATE" certs make
says 2 "neither a DNS name" "$FIPSGATE" certs make "$work/none" --dns 'https://a' "${fips[@]}"
[ ! -e "$work/none" ] || fail "something was made for a name that is none"
says 2 "--webhooks is missing" "$FIPSGATE" certs remove
says 2 "no part of a life" env KUBECONFIG="$SOURCE/tests/e2e/kubeconfig.yaml" "$FIPSGATE" certs rotate "${fips[@]}" --service a --secret b --ca-secret c --webhooks d --renew-at 3/2
says 2 "the same" env KUBECONFIG="$SOURCE/tests/e2e/kubeconfig.yaml" "$FIPSGATE" certs rotate "${fips[@]}" --service a --secret b --ca-secret b --webhooks d
says 2 "for a second at least" env KUBECONFIG="$SOURCE/tests/e2e/kubeconfig.yaml" "$FIPSGATE" certs rotate "${fips[@]}" --service a --secret b --ca-secret c --webhooks d --leaf-life 0s
says 2 "no certificate outlives its CA" env KUBECONFIG="$SOURCE/tests/e2e/kubeconfig.yaml" "$FIPSGATE" certs rotate "${fips[@]}" --service a --secret b --ca-secret c --webhooks d --leaf-life 2h --ca-life 1h
says 2 "no cluster is named" env -u KUBECONFIG -u HOME "$FIPSGATE" certs remove --webhooks a "${fips[@]}"
says 2 "name what to look at" "$FIPSGATE" certs inspect "${fips[@]}"
says 2 "KUBECONFIG names several files" env KUBECONFIG=a:b "$FIPSGATE" certs remove --webhooks a "${fips[@]}"
says 2 "not in a cluster" "$FIPSGATE" certs remove --webhooks a "${fips[@]}" --kubeconfig in-cluster
says 3 "https://127.0.0.1:1" env KUBECONFIG="$SOURCE/tests/e2e/kubeconfig.yaml" "$FIPSGATE" certs remove --webhooks a "${fips[@]}" --patience 1s
ok "what is wrong is told, and nothing is made"

"$FIPSGATE" certs make "$work/made" --dns localhost --dns 127.0.0.1 "${fips[@]}"
openssl verify -x509_strict -purpose sslserver -verify_hostname localhost -CAfile "$work/made/ca.crt" "$work/made/tls.crt" >/dev/null ||
	fail "openssl does not take what was made"
openssl verify -x509_strict -verify_ip 127.0.0.1 -CAfile "$work/made/ca.crt" "$work/made/tls.crt" >/dev/null || fail "not for the address"
! openssl verify -verify_hostname example.gov -CAfile "$work/made/ca.crt" "$work/made/tls.crt" >/dev/null 2>&1 || fail "for other names too"
[ "$(stat -c %a "$work/made/tls.key" "$work/made/ca.key" | sort -u)" = 600 ] || fail "others may read the keys"
text=$(openssl x509 -in "$work/made/tls.crt" -noout -text)
for want in 'ecdsa-with-SHA256' 'NIST CURVE: P-256' 'CA:FALSE' 'TLS Web Server Authentication' 'Digital Signature'; do
	grep -qF "$want" <<<"$text" || fail "no \`$want\` in $text"
done
grep -qF 'CA:TRUE, pathlen:0' <<<"$(openssl x509 -in "$work/made/ca.crt" -noout -text)" || fail "the CA may sign CAs"
says 3 "File exists" "$FIPSGATE" certs make "$work/made" "${fips[@]}"
openssl verify -CAfile "$work/made/ca.crt" "$work/made/tls.crt" >/dev/null || fail "what was there was overwritten"
ok "CA and certificate are made, and openssl takes them"

says 0 "localhost, 127.0.0.1" "$FIPSGATE" certs inspect "$work/made/tls.crt" "$work/made/ca.crt" "${fips[@]}"
says 1 "no PEM certificate" "$FIPSGATE" certs inspect "$work/made/tls.key" "${fips[@]}"
says 2 "No such file" "$FIPSGATE" certs inspect "$work/nothing" "${fips[@]}"
"$FIPSGATE" certs make "$work/short" --leaf-life 1s --ca-life 1h "${fips[@]}"
sleep 1.5
says 1 "it has ended" "$FIPSGATE" certs inspect "$work/short/tls.crt" "${fips[@]}"
ok "files are shown, and what is wrong with them"

serve --tls-cert "$work/made/tls.crt" --tls-key "$work/made/tls.key"
at=${url#https://}
says 0 "trusted  yes, as 127.0.0.1" "$FIPSGATE" certs inspect --ca "$work/made/ca.crt" "$at" "${fips[@]}"
grep -q 'speaks   TLSv1.3, TLS_AES_256_GCM_SHA384' "$work/out" || fail "$(cat "$work/out")"
says 1 "caBundle" "$FIPSGATE" certs inspect --ca "$work/tls.crt" "$at" "${fips[@]}"
says 1 "SERVICE.NAMESPACE.svc" "$FIPSGATE" certs inspect --ca "$work/made/ca.crt" --name fipsgate.fipsgate-system.svc "$at" "${fips[@]}"
says 1 "nothing listens there" "$FIPSGATE" certs inspect 127.0.0.1:1 "${fips[@]}"
says 1 "no TLS" "$FIPSGATE" certs inspect --ca "$work/made/ca.crt" "${probe#http://}" "${fips[@]}"
ok "servers are called, and what a client would have against them is told"

says 0 "is ready" "$FIPSGATE" certs wait --service "$url" --ca "$work/made/ca.crt" "${fips[@]}"
says 0 "is ready" "$FIPSGATE" certs wait --service "$probe/" "${fips[@]}"
says 3 "is not ready" "$FIPSGATE" certs wait --service "$url" --ca "$work/tls.crt" --patience 300ms "${fips[@]}"
says 3 "is not ready" "$FIPSGATE" certs wait --service https://127.0.0.1:1 --ca "$work/made/ca.crt" --patience 300ms "${fips[@]}"
says 2 "--service must be" "$FIPSGATE" certs wait --service fipsgate "${fips[@]}"
alive
stop_server
"$FIPSGATE" certs wait --service "$url" --ca "$work/made/ca.crt" --patience 60s "${fips[@]}" >/dev/null &
waiting=$!
sleep 0.5
kill -0 "$waiting" 2>/dev/null || fail "it does not wait"
serve --listen "$at" --tls-cert "$work/made/tls.crt" --tls-key "$work/made/tls.key"
wait "$waiting" || fail "it waits no longer, and was not answered"
ok "waits for a webhook until it answers"
