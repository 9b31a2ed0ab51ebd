#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Both images, built by their Containerfiles and run as a cluster runs them: no
# shell, no root, nothing to write to. One OpenSSL in each, and no other
# cryptography; inside the FIPS provider they serve, and stop when told to.
FIPSGATE=/bin/true # until it is built
. "$(dirname "$(readlink -f "$0")")/../e2e/lib.sh"
. "$(dirname "$(readlink -f "$0")")/lib.sh"
can_build

ok() { echo "ok      $1"; }

# What Debian's own libcurl brings along does not come in.
module=$(openssl version -m | cut -d '"' -f 2)/fips.so
! "$SOURCE/deploy/image/root.sh" "$work/refused" /usr/bin/curl "$module" >/dev/null 2>"$work/refused.log" || fail "root.sh takes Debian's curl"
grep -q 'cryptography that is not' "$work/refused.log" || fail "$(cat "$work/refused.log")"
ok "a root with other cryptography is refused"

build fipsgate deploy/image/Containerfile
look fipsgate 24 /usr/local/bin/fipsgate
ok "fipsgate: one program, one OpenSSL, no other cryptography"

prepare
mkdir "$work/tls"
cp "$work/tls.crt" "$work/tls.key" "$work/tls"
chown -R $user "$work/tls"
FIPSGATE=$work/enter
command_of fipsgate "$FIPSGATE" "$work/tls" /etc/fipsgate/tls
"$FIPSGATE" version >"$work/version" || fail "$(cat "$work/version")"
grep -q 'FIPS self test *passed' "$work/version" || fail "$(cat "$work/version")"
sed -n 's/^FIPS \(provider\|version\|status\)/        &/p' "$work/version"

serve --policies builtin:aws-govcloud --tls-cert /etc/fipsgate/tls/tls.crt --tls-key /etc/fipsgate/tls/tls.key --openssl-conf /etc/fipsgate/openssl.cnf
[ "$(awk '/^Uid/ { print $2 $3 $4 $5 }' "/proc/$pid/status")" = $user$user$user$user ] || fail "not user $user"
[ "$(awk '/^CapEff/ { print $2 }' "/proc/$pid/status")" = 0000000000000000 ] || fail "it has capabilities"
[ "$(post /validate "$SOURCE/deploy/examples/noncompliant.json")" = 200 ] && jq -e '.response.allowed == false' "$work/body" >/dev/null || fail "$(cat "$work/body")"
[ "$(post /mutate "$SOURCE/deploy/examples/compliant.json")" = 200 ] && jq -e '.response.allowed' "$work/body" >/dev/null || fail "$(cat "$work/body")"
alive
ok "fipsgate: serves over TLS, inside the FIPS provider, as user $user without rights"

# More at once than a libmicrohttpd of another version than this machine's may stand.
for _ in 1 2 3; do
	seq 48 | xargs -P 16 -I{} curl -sS --max-time 60 --cacert "$work/tls.crt" -H 'Content-Type: application/json' \
		--data-binary "@$SOURCE/deploy/examples/compliant.json" -o /dev/null -w '%{http_code}\n' "$url/validate" >>"$work/crowd"
done
[ "$(sort "$work/crowd" | uniq -c | xargs)" = "144 200" ] || fail "many at once: $(sort "$work/crowd" | uniq -c)"
alive

# libcurl, over TLS: to whoever says that there is no such thing.
sed "s|\"https://127.0.0.1:1\"|\"$url\", certificate-authority: /etc/fipsgate/tls/tls.crt|" "$SOURCE/tests/e2e/kubeconfig.yaml" >"$work/tls/kubeconfig"
"$FIPSGATE" certs remove --webhooks any --kubeconfig /etc/fipsgate/tls/kubeconfig >"$work/out" 2>&1 || fail "libcurl: $(cat "$work/out")"
stop_server # and its log is whole
[ "$(grep -c '"status":404.*webhookconfigurations/any' "$log")" = 2 ] || fail "libcurl asked nobody: $(cat "$work/out")"
ok "fipsgate: asks over TLS, and stops when told to"

# With a module of one's own: that of this machine.
build fips-proxy deploy/sidecar/Containerfile --volume "$module:/module/fips.so:ro" --build-arg MODULE=/module/fips.so
cmp "$module" "$(find "$work/fips-proxy" -name fips.so)" || fail "the module is not the one that was given"
look fips-proxy 32 /usr/local/bin/fips-proxy /usr/sbin/haproxy
ok "fips-proxy: two programs, one OpenSSL, no other cryptography"

cp "$work/tls.crt" "$work/tls/ca.crt"
read -r listen metrics _ < <(python3 "$SOURCE/tests/e2e/sidecar.py" ports 2 1)
command_of fips-proxy "$work/enter-proxy" "$work/tls" /etc/fips-proxy/tls \
	FIPS_PROXY_ADDRESS=127.0.0.1 FIPS_PROXY_LISTEN_PORT="$listen" FIPS_PROXY_METRICS_PORT="$metrics" FIPS_PROXY_DRAIN_SECONDS=0
"$work/enter-proxy" >"$log" 2>&1 &
pid=$!
for _ in $(seq 100); do
	[ "$(curl -sS -o /dev/null -w '%{http_code}' "http://127.0.0.1:$metrics/readyz" 2>/dev/null)" != 200 ] || break
	kill -0 "$pid" 2>/dev/null || fail "the proxy did not start"
	sleep 0.1
done
speaks() {
	local said
	said=$(openssl s_client -connect "127.0.0.1:$listen" -CAfile "$work/tls.crt" -verify_return_error "$@" </dev/null 2>&1) &&
		grep -q '^Verify return code: 0' <<<"$said"
}
speaks -groups P-256 || fail "the proxy does not speak TLS"
! speaks -groups X25519 && ! speaks -tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256 || fail "the proxy speaks more than it may"
stop_server
ok "fips-proxy: serves over TLS, inside the FIPS provider, and stops when told to"
