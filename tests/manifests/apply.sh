#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The steps of deploy/kustomize/README.md, by kubectl, in a real API server: install,
# the way from audit to enforce, applied again, an emergency, another overlay, delete.
# There is no kubelet: this script runs what the job would run, with the token of the
# job's account. Nobody is at the address of the webhooks, so whatever is done
# meanwhile is done with a webhook that is down, and failurePolicy Fail.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/../e2e/lib.sh"
. "$SOURCE/tests/support/apiserver.sh"
need_apiserver

ok() { echo "ok      $1"; }
ns=fipsgate-system
overlays=$SOURCE/deploy/kustomize/overlays

# as_told COMMAND...: must go well, and without a warning
as_told() {
	"$@" >"$work/told" 2>&1 || fail "$*: $(cat "$work/told")"
	! grep -i '^warning' "$work/told" || fail "$*: a warning"
}
# The CronJob now, once: its arguments, as its account.
runs=0
run_job() {
	local token words name=fipsgate-certs-$((runs += 1))
	as_told kubectl -n "$ns" create job "$name" --from=cronjob/fipsgate-certs
	kubectl -n "$ns" get job "$name" -o json >"$work/job"
	jq -e '.spec.template.spec | .automountServiceAccountToken and .serviceAccountName == "fipsgate-certs"' "$work/job" >/dev/null || fail "the job has another account"
	token=$(echo '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}' |
		kubectl create --raw "/api/v1/namespaces/$ns/serviceaccounts/fipsgate-certs/token" -f - | jq -r .status.token)
	kubeconfig_of "$token" "$work/job.kubeconfig" "$ns"
	mapfile -t words < <(jq -r '.spec.template.spec.containers[0].args[]' "$work/job")
	words=("${words[@]/#--kubeconfig=in-cluster/--kubeconfig=$work/job.kubeconfig}")
	"$FIPSGATE" "${words[@]}" --openssl-conf "$work/fips/openssl.cnf" >"$work/rotated" 2>&1 || fail "${words[*]}: $(cat "$work/rotated")"
}
webhooks() { kubectl get validatingwebhookconfiguration,mutatingwebhookconfiguration -o json | jq -r "[.items[].webhooks // [] | .[]] | $1"; }
names() { webhooks 'map(.name | rtrimstr(".fipsgate.io")) | join(" ")'; }
bundles() { webhooks 'map(.clientConfig.caBundle // "") | unique | join(" ")'; }
trusted() { webhooks 'all(.[]; .clientConfig.caBundle)'; }
keys() { kubectl -n "$ns" get secret fipsgate-tls fipsgate-ca -o json | jq -c '[.items[].data]'; }
class='{"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"any"},"provisioner":"ebs.csi.aws.com","parameters":{"encrypted":"true"}}'
usable() { kubectl create --dry-run=server -f - <<<"$class" >"$work/told" 2>&1; }
# Until what was changed is known to the API server.
soon() {
	for _ in $(seq 100); do
		! "$@" || return 0
		sleep 0.2
	done
	fail "not so after 20 seconds: $*: $(cat "$work/told")"
}
fails_closed() { ! usable && grep -q 'failed calling webhook "enforce.fipsgate.io"' "$work/told"; }

prepare
start_apiserver
export KUBECONFIG=$kubeconfig

as_told kubectl apply -k "$overlays/audit-only"
[ "$(keys)" = '[null,null]' ] || fail "there are keys that nobody made: $(keys)"
run_job
made=$(keys)
jq -e '.[] | has("tls.crt") and has("tls.key")' <<<"$made" >/dev/null || fail "no certificate: $(cat "$work/rotated")"
as_told kubectl apply -k "$overlays/audit-only/webhooks"
run_job
[ "$(names)" = audit ] && [ "$(trusted)" = true ] || fail "audit-only registers $(names), trusted: $(trusted)"
usable || fail "audit refuses: $(cat "$work/told")"
ok "audit-only: one entry, trusted, and nothing is refused while nobody answers"

as_told kubectl apply -k "$overlays/production"
as_told kubectl apply -k "$overlays/production/webhooks"
[ "$(names)" = "enforce audit mutate" ] || fail "production registers $(names)"
run_job
[ "$(trusted)" = true ] && [ "$(bundles | wc -w)" = 1 ] || fail "an entry that was added is not trusted"
[ "$(keys)" = "$made" ] || fail "the next step made other keys"
soon fails_closed
as_told kubectl -n "$ns" scale deployment fipsgate --replicas=4
ok "production: all three, the same keys; while nobody answers, nothing but fipsgate itself can be changed"

before=$(bundles)
as_told kubectl apply -k "$overlays/production"
as_told kubectl apply -k "$overlays/production/webhooks"
[ "$(bundles)" = "$before" ] && [ "$(keys)" = "$made" ] || fail "applied again, it resets caBundle or keys"
as_told kubectl apply --server-side --force-conflicts -k "$overlays/production"
as_told kubectl apply --server-side --force-conflicts -k "$overlays/production/webhooks"
[ "$(bundles)" = "$before" ] && [ "$(keys)" = "$made" ] || fail "applied by the server, it resets caBundle or keys"
ok "applied again, by kubectl and by the server: caBundle and keys stay"

as_told kubectl delete validatingwebhookconfiguration,mutatingwebhookconfiguration fipsgate
soon usable
as_told kubectl apply -k "$overlays/production/webhooks"
run_job
[ "$(bundles)" = "$before" ] || fail "after an emergency: $(bundles)"
ok "an emergency, and back"

as_told kubectl delete -k "$overlays/production/webhooks"
as_told kubectl delete --wait=false -k "$overlays/production"
soon usable
left=$(kubectl get clusterroles,clusterrolebindings,validatingwebhookconfigurations,mutatingwebhookconfigurations -o name | grep fipsgate || true)
[ -z "$left" ] || fail "left behind: $left"
ok "deleted, the webhooks first"
