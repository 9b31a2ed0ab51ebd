#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `fipsgate certs rotate` against a real API server, with the rights that it has
# in a cluster and no more: first install, renewal while objects are judged, the
# time when two CAs count, two runs at once, Secrets that are broken or somebody
# else's, an API server that is gone, and remove. The server under test is
# mounted its Secret as the kubelet does it.
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$SOURCE/tests/support/apiserver.sh"
need_apiserver
: "${JUMP:?the library of jump.c}"

ok() { echo "ok      $1"; }
ns=fipsgate-system
core=/api/v1/namespaces/$ns
rbac=/apis/rbac.authorization.k8s.io/v1
hooks=/apis/admissionregistration.k8s.io/v1

# rotate OPTIONS...: what a CronJob runs
rotate() {
	"$FIPSGATE" certs rotate --openssl-conf "$work/fips/openssl.cnf" --kubeconfig "$work/job.kubeconfig" --namespace "$ns" \
		--service fipsgate --dns 127.0.0.1 --secret fipsgate-tls --ca-secret fipsgate-ca --webhooks fipsgate "$@" >"${output:-$work/rotated}" 2>&1
}
remove_webhooks() { "$FIPSGATE" certs remove --openssl-conf "$work/fips/openssl.cnf" --kubeconfig "$work/job.kubeconfig" --webhooks fipsgate >"$work/rotated" 2>&1; }
# refused STATUS 'text' COMMAND...
refused() {
	local status=0 wanted=$1 text=$2
	shift 2
	"$@" || status=$?
	[ "$status" = "$wanted" ] && grep -qF -- "$text" "$work/rotated" || fail "$*: exit $status, not $wanted: $(cat "$work/rotated")"
}
secret() { api GET "$core/secrets/$1" | jq -r ".data[\"$2\"] // \"\"" | base64 -d; }
version_of() { api GET "$1" | jq -r .metadata.resourceVersion; }
versions() { echo "$(version_of "$core/secrets/fipsgate-tls") $(version_of "$core/secrets/fipsgate-ca") $(version_of "$hooks/validatingwebhookconfigurations/fipsgate") $(version_of "$hooks/mutatingwebhookconfigurations/fipsgate")"; }
# The caBundles of both configurations, which must be one.
bundle() {
	local all
	all=$(for kind in validating mutating; do api GET "$hooks/${kind}webhookconfigurations/fipsgate" | jq -r '.webhooks[].clientConfig.caBundle'; done | sort -u)
	[ "$(wc -l <<<"$all")" = 1 ] || fail "the caBundles differ: $all"
	base64 -d <<<"$all"
}
cas() { grep -c 'BEGIN CERTIFICATE' || true; }
verifies() { openssl verify -x509_strict -purpose sslserver -verify_hostname "fipsgate.$ns.svc" -CAfile <(bundle) <(secret fipsgate-tls tls.crt) >/dev/null 2>&1; }
empty_secret() {
	api DELETE "$core/secrets/$1" >/dev/null 2>&1 || true
	api POST "$core/secrets" "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"$1\",\"labels\":{\"kept\":\"yes\"},\"annotations\":{\"kept\":\"too\"}}}" >/dev/null || fail "$answer"
}
# put_data SECRET KEY TEXT
put_data() {
	type=application/merge-patch+json api PATCH "$core/secrets/$1" "{\"data\":{\"$2\":\"$(printf %s "$3" | base64 -w 0)\"}}" >/dev/null || fail "$answer"
}
# The Secret as the kubelet brings it: a directory made aside, and a link that is swapped.
mount_secret() {
	local version
	version=$(version_of "$core/secrets/fipsgate-tls")
	[ -d "$work/mount/..$version" ] && return
	mkdir -p "$work/mount/..$version"
	secret fipsgate-tls tls.crt >"$work/mount/..$version/tls.crt"
	secret fipsgate-tls tls.key >"$work/mount/..$version/tls.key"
	ln -s "..$version" "$work/mount/..data_tmp"
	mv -T "$work/mount/..data_tmp" "$work/mount/..data"
	ln -sfn ..data/tls.crt "$work/mount/tls.crt"
	ln -sfn ..data/tls.key "$work/mount/tls.key"
}
# The account of the job, with the rights of the chart: Secrets and configurations by their names.
make_account() {
	local names='"fipsgate-tls","fipsgate-ca"'
	api POST "$core/serviceaccounts" '{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"certs"}}' >/dev/null
	api POST "$rbac/namespaces/$ns/roles" "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"Role\",\"metadata\":{\"name\":\"certs\"},\"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\"secrets\"],\"resourceNames\":[$names],\"verbs\":[\"get\",\"update\"]}]}" >/dev/null
	api POST "$rbac/clusterroles" '{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"certs"},"rules":[{"apiGroups":["admissionregistration.k8s.io"],"resources":["validatingwebhookconfigurations","mutatingwebhookconfigurations"],"resourceNames":["fipsgate"],"verbs":["get","patch"]}]}' >/dev/null
	local subject="\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"certs\",\"namespace\":\"$ns\"}]"
	api POST "$rbac/namespaces/$ns/rolebindings" "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"RoleBinding\",\"metadata\":{\"name\":\"certs\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\",\"name\":\"certs\"},$subject}" >/dev/null
	api POST "$rbac/clusterrolebindings" "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"ClusterRoleBinding\",\"metadata\":{\"name\":\"certs\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"certs\"},$subject}" >/dev/null
	job_token=$(api POST "$core/serviceaccounts/certs/token" '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":3600}}' | jq -r .status.token)
	kubeconfig_of "$job_token" "$work/job.kubeconfig" "$ns"
}
# register KIND PATH POLICY: a configuration with one webhook and no caBundle
register() {
	api POST "$hooks/${1,,}webhookconfigurations" "{\"apiVersion\":\"admissionregistration.k8s.io/v1\",\"kind\":\"${1}WebhookConfiguration\",\"metadata\":{\"name\":\"fipsgate\"},\"webhooks\":[{\"name\":\"$2.fipsgate.io\",\"admissionReviewVersions\":[\"v1\"],\"sideEffects\":\"None\",\"failurePolicy\":\"Fail\",\"timeoutSeconds\":5,\"clientConfig\":{\"url\":\"$url/$3\"},\"namespaceSelector\":{\"matchLabels\":{\"judged\":\"yes\"}},\"objectSelector\":{},\"rules\":[{\"apiGroups\":[\"\"],\"apiVersions\":[\"v1\"],\"operations\":[\"CREATE\"],\"resources\":[\"pods\"]}]}]}" >/dev/null || fail "$answer"
}
# judged: the message about a pod that a policy forbids
judged() {
	{ api POST "/api/v1/namespaces/judged/pods?dryRun=All" '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"any"},"spec":{"automountServiceAccountToken":false,"containers":[{"name":"any","image":"registry.example.gov/any:1"}]}}' || true; } |
		jq -r '.message // "allowed"'
}
is_denied() { [[ "$(judged)" == *'"enforce.fipsgate.io" denied the request: fipsgate denied this Pod'* ]]; }

start_apiserver
api POST /api/v1/namespaces "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"$ns\"}}" >/dev/null
api POST /api/v1/namespaces '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"judged","labels":{"judged":"yes"}}}' >/dev/null
api POST /api/v1/namespaces/judged/serviceaccounts '{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default"}}' >/dev/null
make_account
prepare


refused 2 "grant that verb on that resource" rotate --secret other
refused 2 "create secrets \`$ns/fipsgate-ca\` at $api: 403" rotate
ok "says which right is missing"

# Six at once on Secrets that are empty, as the chart leaves them.
empty_secret fipsgate-tls
empty_secret fipsgate-ca
pids=()
for n in 1 2 3 4 5 6; do
	output=$work/rotated.$n rotate &
	pids+=($!)
done
for n in "${pids[@]}"; do wait "$n" || fail "one of six failed: $(cat "$work"/rotated.*)"; done
[ "$(cat "$work"/rotated.* | grep -c 'CA  *made, because there was none')" = 1 ] || fail "more than one CA was made: $(cat "$work"/rotated.*)"
[ "$(cat "$work"/rotated.* | grep -c 'certificate *made')" = 1 ] || fail "more than one certificate: $(cat "$work"/rotated.*)"
[ "$(secret fipsgate-tls ca.crt)" = "$(secret fipsgate-ca tls.crt)" ] || fail "ca.crt is another CA"
[ -z "$(secret fipsgate-ca ca.key)$(secret fipsgate-tls ca.key)" ] || fail "the CA's key is elsewhere too"
api GET "$core/secrets/fipsgate-tls" | jq -e '.metadata.labels.kept == "yes" and .metadata.annotations.kept == "too"' >/dev/null || fail "labels were lost"
ok "six at once make one CA and one certificate"

mkdir "$work/mount"
mount_secret
cat >"$work/policy.yaml" <<-POLICY
	apiVersion: fipsgate.io/v1alpha1
	kind: FipsPolicy
	metadata: { name: images }
	spec:
	  mode: enforce
	  rules: [{ name: digest, type: image-digest }]
POLICY
# Each review has a handshake of its own, so each one tries certificate and caBundle.
serve --policies "$work/policy.yaml" --tls-cert "$work/mount/tls.crt" --tls-key "$work/mount/tls.key" --max-requests 1
secret fipsgate-tls ca.crt >"$work/ca.crt"
"$FIPSGATE" certs wait --service "$url" --ca "$work/ca.crt" --openssl-conf "$work/fips/openssl.cnf" >/dev/null || fail "the webhook does not answer"
"$FIPSGATE" certs wait --service "$url" --kubeconfig "$work/job.kubeconfig" --namespace "$ns" --secret fipsgate-tls --openssl-conf "$work/fips/openssl.cnf" >/dev/null ||
	fail "the webhook does not answer by the CA in its Secret"
register Validating enforce validate/enforce
register Mutating mutate mutate
[[ "$(judged)" == *"failed calling webhook"* ]] || fail "without a caBundle: $(judged)"
rotate || fail "$(cat "$work/rotated")"
grep -q '2 webhooks changed' "$work/rotated" || fail "$(cat "$work/rotated")"
for _ in $(seq 50); do is_denied && break; sleep 0.1; done
is_denied || fail "with a caBundle: $(judged)"
verifies || fail "the certificate is not of the CA that is published"
ok "first install: the API server trusts the webhook"

before=$(versions)
rotate || fail "$(cat "$work/rotated")"
[ "$(versions)" = "$before" ] || fail "a run with nothing to do changed something"
"$FIPSGATE" certs inspect --openssl-conf "$work/fips/openssl.cnf" --kubeconfig "$work/job.kubeconfig" --namespace "$ns" \
	--secret fipsgate-tls --webhooks fipsgate --name 127.0.0.1 "${url#https://}" >"$work/shown" || fail "$(cat "$work/shown")"
grep -q "names    fipsgate.$ns.svc, 127.0.0.1" "$work/shown" && grep -q 'MutatingWebhookConfiguration fipsgate, webhook 1, caBundle, CA 1' "$work/shown" &&
	grep -q 'trusted  yes' "$work/shown" || fail "$(cat "$work/shown")"
ok "nothing to do changes nothing; inspect shows all of it"

# Certificates that live for 45 seconds and CAs for 135, renewed while objects are
# judged all the time; the mount comes a second after the Secret.
(
	while [ ! -e "$work/enough" ]; do
		message=$(judged)
		[[ "$message" == *'denied the request: fipsgate denied this Pod'* ]] || echo "$(date +%T) $message" >>"$work/wrong"
		echo >>"$work/asked"
	done
) &
begun=$!
short=(--leaf-life 45s --ca-life 135s --renew-at 1/3)
empty_secret fipsgate-ca # so that short lives begin at once; the server serves with the old one meanwhile
empty_secret fipsgate-tls
overlap=0 renewed=0
for _ in $(seq 120); do
	rotate "${short[@]}" || fail "$(cat "$work/rotated")"
	! grep -q 'certificate *made' "$work/rotated" || renewed=$((renewed + 1))
	secret fipsgate-tls tls.crt | openssl x509 -noout -issuer >>"$work/signers"
	# The new CA is published, and the old one's certificate still serves.
	current=$(secret fipsgate-ca tls.crt | openssl x509 -noout -subject)
	issuer=$(openssl x509 -in "$work/mount/tls.crt" -noout -issuer)
	[ "${current#subject=}" = "${issuer#issuer=}" ] || [ "$(bundle | cas)" -lt 2 ] || overlap=$((overlap + 1))
	verifies || fail "what is published does not verify what is to be served"
	[ ! -s "$work/wrong" ] || fail "a request failed: $(cat "$work/wrong")"
	sleep 1
	mount_secret
	signers=$(sort -u "$work/signers" | wc -l)
	[ "$signers" -lt 3 ] || [ "$renewed" -lt 5 ] || break
done
sleep 2
touch "$work/enough"
wait "$begun" || fail "nobody asked"
begun=
[ ! -s "$work/wrong" ] || fail "a request failed: $(cat "$work/wrong")"
[ "$signers" -ge 3 ] && [ "$renewed" -ge 5 ] && [ "$overlap" -ge 2 ] || fail "$signers CAs, $renewed certificates, $overlap times both"
[ "$(bundle | cas)" -le 5 ] || fail "$(bundle | cas) CAs are published"
ok "$renewed certificates of $signers CAs while $(wc -l <"$work/asked") objects were judged, none of them in vain"

# Long lives again. Broken: made anew. Somebody else's: left alone.
empty_secret fipsgate-ca
empty_secret fipsgate-tls
rotate || fail "$(cat "$work/rotated")"
put_data fipsgate-tls tls.key "no key at all"
rotate || fail "$(cat "$work/rotated")"
grep -q 'certificate *made, because it could not be read' "$work/rotated" && verifies || fail "$(cat "$work/rotated")"
old=$(secret fipsgate-ca tls.crt)
put_data fipsgate-ca tls.crt "no certificate at all"
rotate || fail "$(cat "$work/rotated")"
grep -q 'CA *made, because it could not be read' "$work/rotated" && grep -qF "$(sed -n 2p <<<"$old")" <(bundle) && verifies || fail "the CA that signed is not published any more: $(cat "$work/rotated")"
type=application/json-patch+json api PATCH "$hooks/mutatingwebhookconfigurations/fipsgate" '[{"op":"remove","path":"/webhooks/0/clientConfig/caBundle"}]' >/dev/null
rotate || fail "$(cat "$work/rotated")"
[ "$(bundle | cas)" -ge 2 ] || fail "a caBundle that was taken away does not come back"
mount_secret
ok "what is broken is made anew, and what serves stays trusted"

empty_secret fipsgate-tls
put_data fipsgate-tls tls.crt "$(cat "$work/tls.crt")"
put_data fipsgate-tls tls.key "$(cat "$work/tls.key")"
before=$(versions)
refused 2 "did not put there" rotate
[ "$(versions)" = "$before" ] || fail "somebody else's Secret was changed"
empty_secret fipsgate-tls
rotate || fail "$(cat "$work/rotated")"
verifies || fail "not whole again"
mount_secret
ok "what somebody else put into a Secret stays"

# With a clock that is wrong by half an hour, either way, nothing is done.
head -c 8 /dev/zero >"$work/offset"
for seconds in 1800 -1800; do
	python3 -c 'import struct, sys; open(sys.argv[1], "r+b").write(struct.pack("q", int(sys.argv[2])))' "$work/offset" "$seconds"
	before=$(versions)
	ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0 JUMP_FILE=$work/offset LD_PRELOAD=$JUMP refused 2 "the clocks differ" rotate
	[ "$(versions)" = "$before" ] || fail "a wrong clock changed something"
done
ok "a clock that is wrong changes nothing"

kubeconfig_of "$job_token" "$work/other.kubeconfig" "$ns"
sed -i "s|certificate-authority: \"[^\"]*\"|certificate-authority: \"$work/tls.crt\"|" "$work/other.kubeconfig"
refused 2 "is not of the CA we were given" rotate --kubeconfig "$work/other.kubeconfig"
kubeconfig_of nobody "$work/other.kubeconfig" "$ns"
refused 2 "does not take our token" rotate --kubeconfig "$work/other.kubeconfig"
ok "says whose certificate and whose token is wrong"

for _ in $(seq 50); do is_denied && break; sleep 0.1; done
is_denied || fail "in the end: $(judged)"
refused 2 "grant that verb" remove_webhooks
kubeconfig_of admin-token "$work/job.kubeconfig" "$ns"
remove_webhooks || fail "$(cat "$work/rotated")"
grep -q '^2 webhook configurations deleted' "$work/rotated" || fail "$(cat "$work/rotated")"
remove_webhooks || fail "a second time: $(cat "$work/rotated")"
for _ in $(seq 50); do [ "$(judged)" = allowed ] && break; sleep 0.1; done
[ "$(judged)" = allowed ] || fail "after remove: $(judged)"
ok "remove leaves a cluster that asks nobody"

stop_apiserver
refused 3 "is the API server up" rotate --patience 500ms
alive
ok "without an API server the webhook serves on"
