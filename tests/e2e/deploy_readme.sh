#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What deploy/README.md says of a cluster, a real API server does. What can go wrong
# between it and its webhook goes wrong here, one after the other: it says what the
# table quotes, and the command beside it shows the cause. And the label that breaks
# the glass is for one group only.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/support/apiserver.sh
. "$SOURCE/tests/support/apiserver.sh"
need_apiserver

table=$SOURCE/deploy/README.md
webhooks=/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations
certs() { "$FIPSGATE" certs "$@" --openssl-conf "$work/fips/openssl.cnf"; }
bundle() { base64 -w0 "$1"; }
metrics() { curl -sS --max-time 10 "$probe/metrics"; }

# quoted WORDS: by the table
quoted() { grep -qF -- "$1" "$table" || fail "deploy/README.md does not say \`$1\`"; }

# register CLIENT-CONFIG [FAILURE-POLICY] [TIMEOUT]: the only webhook there is
register() {
	api DELETE "$webhooks/fipsgate" >/dev/null 2>&1 || true
	api POST "$webhooks" "$(jq -n --argjson client "$1" --arg policy "${2:-Fail}" --argjson timeout "${3:-3}" '{
		apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingWebhookConfiguration", metadata: { name: "fipsgate" },
		webhooks: [{ name: "enforce.fipsgate.io", admissionReviewVersions: ["v1"], sideEffects: "None", timeoutSeconds: $timeout,
			failurePolicy: $policy, clientConfig: $client,
			rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }] }] }')" >/dev/null ||
		fail "$answer"
}
# at URL CA-FILE, service PORT: client configurations
at() { jq -n --arg url "$1" --arg ca "$(bundle "$2")" '{ url: $url, caBundle: $ca }'; }
service() { jq -n --argjson port "$1" '{ service: { name: "fipsgate", namespace: "default", path: "/validate/enforce", port: $port } }'; }

# One that every shipped set denies.
pod='{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"name":"a","image":"a","env":[{"name":"GODEBUG","value":"fips140=off"}]}]}}'
# create: the API server's answer; what was registered reaches it a moment later
create() { api POST '/api/v1/namespaces/default/pods?dryRun=All' "$pod" >/dev/null 2>&1 || true; }
# told WORDS: what the API server says of the pod, and the table quotes
told() {
	quoted "$1"
	for _ in $(seq 40); do
		create
		if grep -qF -- "$1" <<<"$(jq -r .message <<<"$answer")"; then
			echo "ok      $1"
			return
		fi
		sleep 0.25
	done
	fail "not \`$1\`: $(jq -c '.message // .' <<<"$answer" | cut -c1-500)"
}
# shown WORDS COMMAND...: what the command prints, and the table quotes
shown() {
	local text
	text=$("${@:2}" 2>&1) || true
	grep -qF -- "$1" <<<"$text" || fail "${*:2}: not \`$1\`: $text"
	quoted "$1"
	echo "        $1"
}

prepare
start_apiserver
api POST /api/v1/namespaces/default/serviceaccounts '{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default"}}' >/dev/null || true
certs make "$work/ours" --dns localhost --dns 127.0.0.1
certs make "$work/theirs" --dns fipsgate.elsewhere.svc
pair() { echo --tls-cert "$1/tls.crt" --tls-key "$1/tls.key"; }

# Somebody answers, and must not be trusted, or does not trust.
# shellcheck disable=SC2046 # two options
serve $(pair "$work/ours")
register "$(at "$url/validate/enforce" "$work/ours/ca.crt")"
told 'denied the request: fipsgate denied this Pod'
register "$(at "$url/validate/enforce" "$work/theirs/ca.crt")"
told 'x509: certificate signed by unknown authority'
shown 'caBundle does not hold its CA' certs inspect "${url#https://}" --ca "$work/theirs/ca.crt"
register "$(at "$url/validate/enforced" "$work/ours/ca.crt")"
told 'no such path; the paths are'
register "$(at "https${probe#http}/validate/enforce" "$work/ours/ca.crt")"
told 'server gave HTTP response to HTTPS client'
kill -STOP "$pid"
register "$(at "$url/validate/enforce" "$work/ours/ca.crt")" Fail 1
told 'context deadline exceeded'
shown 'connected, and then no TLS in time' certs inspect "${url#https://}" --ca "$work/ours/ca.crt" --timeout 1s
kill -CONT "$pid"
stop_server
register "$(at "$url/validate/enforce" "$work/ours/ca.crt")"
told 'connect: connection refused'
shown 'nothing listens there' certs inspect "${url#https://}" --ca "$work/ours/ca.crt"

# The same, and nobody says so: what came in unjudged is only counted.
register "$(at "$url/validate/enforce" "$work/ours/ca.crt")" Ignore
for _ in $(seq 40); do
	create
	[ "$(jq -r .kind <<<"$answer")" != Pod ] || break
	sleep 0.25
done
api GET /metrics >"$work/api-metrics"
grep -q '^apiserver_admission_webhook_fail_open_count{name="enforce.fipsgate.io",type="validating"} [1-9]' "$work/api-metrics" ||
	fail "nobody counts: $(grep fail_open "$work/api-metrics")"
quoted apiserver_admission_webhook_fail_open_count
echo "ok      failurePolicy Ignore"

# By way of a Service.
register "$(service 443)"
told 'service "fipsgate" not found'
api POST /api/v1/namespaces/default/services '{"apiVersion":"v1","kind":"Service","metadata":{"name":"fipsgate"},"spec":{"ports":[{"port":443,"targetPort":8443}]}}' >/dev/null
told 'no endpoints available for service "fipsgate"'
register "$(service 8443)"
told 'no service port 8443 found for service "fipsgate"'

# Certificates: of another name, ended, without names; and of a client.
# shellcheck disable=SC2046
serve $(pair "$work/theirs")
register "$(at "https://localhost:${url##*:}/validate/enforce" "$work/theirs/ca.crt")"
told 'x509: certificate is valid for fipsgate.elsewhere.svc, not localhost'
shown 'hostname mismatch' certs inspect "localhost:${url##*:}" --ca "$work/theirs/ca.crt"
stop_server
# a certificate of our key with OPTIONS
self_signed() { openssl req -x509 -new -key "$work/ours/tls.key" -subj /CN=localhost "${@:2}" -out "$1" 2>"$work/openssl.log" || fail "$(cat "$work/openssl.log")"; }
self_signed "$work/nameless.crt" -days 1
serve --tls-cert "$work/nameless.crt" --tls-key "$work/ours/tls.key"
register "$(at "https://localhost:${url##*:}/validate/enforce" "$work/nameless.crt")"
told 'x509: certificate relies on legacy Common Name field, use SANs instead'
stop_server
certs make "$work/short" --dns localhost --leaf-life 1s --ca-life 1h
# A connection that was made before it ended would be kept.
while openssl x509 -noout -checkend 0 -in "$work/short/tls.crt" >/dev/null; do sleep 0.2; done
# shellcheck disable=SC2046
serve $(pair "$work/short")
register "$(at "https://localhost:${url##*:}/validate/enforce" "$work/short/ca.crt")"
told 'x509: certificate has expired or is not yet valid'
shown 'it has ended' certs inspect "localhost:${url##*:}" --ca "$work/short/ca.crt"
stop_server
# shellcheck disable=SC2046
serve $(pair "$work/ours") --client-ca "$work/theirs/ca.crt"
register "$(at "$url/validate/enforce" "$work/ours/ca.crt")"
told 'remote error: tls: certificate required'
shown 'peer did not return a certificate' cat "$log"
stop_server

# Nothing in common: fipsgate says so in its log; who says it to the API server here is another server.
# shellcheck disable=SC2046
serve $(pair "$work/ours")
openssl s_client -connect "${url#https://}" -groups X25519 </dev/null >/dev/null 2>&1 || true
shown 'tls handshake refused' cat "$log"
stop_server
port=$(free_port)
env -u OPENSSL_CONF openssl s_server -accept "127.0.0.1:$port" -cert "$work/ours/tls.crt" -key "$work/ours/tls.key" -tls1_3 -groups X448 -www </dev/null >/dev/null 2>&1 &
begun=$!
register "$(at "https://127.0.0.1:$port/validate/enforce" "$work/ours/ca.crt")"
told 'remote error: tls: handshake failure'
kill "$begun" 2>/dev/null || true
begun=

# No memory: one body of 4 MiB that does not come to its end holds all there is for large ones. The API server obeys
# Retry-After until its time is over, so that is what it tells.
# shellcheck disable=SC2046
serve $(pair "$work/ours") --max-body 4Mi --max-inflight 16Mi --max-arena 8Mi --queue-time 200ms
register "$(at "$url/validate/enforce" "$work/ours/ca.crt")"
python3 - "${url##*:}" "$work/ours/ca.crt" <<'PYTHON' &
import socket, ssl, sys, time
raw = socket.create_connection(("localhost", int(sys.argv[1])))
held = ssl.create_default_context(cafile=sys.argv[2]).wrap_socket(raw, server_hostname="localhost")
held.sendall(b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4194304\r\n\r\n")
held.sendall(b" " * 4194000)
time.sleep(25)
PYTHON
begun=$!
for _ in $(seq 50); do
	[ "$(metrics | awk '$1 == "fipsgate_inflight_bytes" { print $2 }')" != 4194304 ] || break
	sleep 0.1
done
head -c 1500000 /dev/zero | tr '\0' x >"$work/large"
jq --rawfile value "$work/large" '.spec.containers[0].env += [{ name: "A", value: $value }]' <<<"$pod" >"$work/large.json"
small=$pod
pod=@$work/large.json
told 'context deadline exceeded'
shown 'fipsgate_http_responses_total{code="503"}' metrics
pod=$small
[ "$(metrics | awk '/^fipsgate_http_responses_total{code="503"}/ { print $2 }')" -ge 2 ] || fail "the API server did not try again: $(metrics | grep 503)"
kill "$begun" 2>/dev/null || true
begun=
stop_server

# The label that breaks the glass: who may set and remove it, and what it lifts. Everybody here is an administrator.
# shellcheck disable=SC2046
serve $(pair "$work/ours")
export KUBECONFIG=$kubeconfig
label() { kubectl --as=alice --as-group=system:masters "${@:2}" label --overwrite namespace default "$1" 2>&1; }
label fipsgate.io/break-glass=1 >/dev/null || fail "the label cannot be set at all"
label fipsgate.io/break-glass- >/dev/null
kubectl apply -f "$SOURCE/deploy/break-glass.yaml" >/dev/null || fail "deploy/break-glass.yaml is no policy"
for _ in $(seq 60); do
	refused=$(label fipsgate.io/break-glass=1 --dry-run=server) || break
	sleep 0.25
done
[[ $refused == *"only the group break-glass may set or remove the label"* ]] || fail "anybody sets the label: $refused"
label payments=1 >/dev/null || fail "no other label can be set"
selective=$(at "$url/validate/enforce" "$work/ours/ca.crt")
register "$selective"
type=application/json-patch+json api PATCH "$webhooks/fipsgate" '[{"op":"add","path":"/webhooks/0/namespaceSelector","value":{"matchExpressions":[{"key":"fipsgate.io/break-glass","operator":"DoesNotExist"}]}}]' >/dev/null || fail "$answer"
told 'denied the request: fipsgate denied this Pod'
label fipsgate.io/break-glass=INC-1234 --as-group=break-glass >/dev/null || fail "the group cannot set the label"
for _ in $(seq 40); do
	create
	[ "$(jq -r .kind <<<"$answer")" != Pod ] || break
	sleep 0.25
done
[ "$(jq -r .kind <<<"$answer")" = Pod ] || fail "the label lifts nothing: $answer"
! label fipsgate.io/break-glass- >/dev/null || fail "anybody removes the label"
label fipsgate.io/break-glass- --as-group=break-glass >/dev/null || fail "the group cannot remove the label"
told 'denied the request: fipsgate denied this Pod'
echo "ok      break-glass"
stop_server

# It does not start.
status=0
refuses_to_start --openssl-conf "$work/none.cnf" || status=$?
[ "$status" = 3 ] || fail "exit status $status"
shown 'not started: FIPS is required' cat "$work/refused.log"
echo "deploy/README.md is as it says"
