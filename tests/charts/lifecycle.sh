#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs, upgrades, rolls back and deletes the chart by Helm, in a real API
# server. There is no kubelet: this script runs what jobs would run, with the
# token of the job's own account, and says so to the API server. Nobody is at the
# address of the webhooks, so whatever is done meanwhile is done with a webhook
# that is down, and failurePolicy Fail.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/../e2e/lib.sh"
. "$SOURCE/tests/support/apiserver.sh"
here=$SOURCE/tests/charts
ns=fipsgate-system

status=0
helm=$("$here/helm.sh") || { status=$?; echo "$helm"; exit "$status"; }
need_apiserver

# The token that the kubelet would mount into a pod of this account.
token_of() {
	echo '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":3600}}' |
		kubectl create --raw "/api/v1/namespaces/$ns/serviceaccounts/$1/token" -f - | jq -r .status.token
}

# run_job JSON: what its pod would run; the Service is not there, so `wait` asks the probes of a server that is
run_job() {
	local account words
	account=$(jq -r .spec.template.spec.serviceAccountName <<<"$1")
	mapfile -t words < <(jq -r '.spec.template.spec.containers[0].args[]' <<<"$1")
	if [ "$(jq .spec.template.spec.automountServiceAccountToken <<<"$1")" = true ]; then
		kubeconfig_of "$(token_of "$account")" "$work/job.kubeconfig" "$ns"
		words=("${words[@]/#--kubeconfig=in-cluster/--kubeconfig=$work/job.kubeconfig}")
	else
		words=("${words[@]/#--service=*/--service=$probe}")
		[ "$(registered)" -eq 0 ] || echo "registered before the Service answers: $(webhooks '[.[].name]') $(cat "$work/ran")" >>"$work/wrong"
	fi
	"$FIPSGATE" "${words[@]}" --openssl-conf "$work/fips/openssl.cnf" >>"$work/jobs.log" 2>&1
}

# As a controller and a kubelet would: each job that is there, once.
run_jobs() {
	local job
	while sleep 0.2; do
		kubectl -n "$ns" get jobs -o json 2>/dev/null >"$work/jobs.json" || continue
		jq -c '.items[] | select((.status.succeeded // 0) == 0)' "$work/jobs.json" | while read -r job; do
			jq -r .metadata.name <<<"$job" >>"$work/ran"
			if ! run_job "$job" 2>>"$work/jobs.log"; then
				# One that was deleted under way has lost its account as well.
				kubectl -n "$ns" get job "$(jq -r .metadata.name <<<"$job")" >/dev/null 2>&1 &&
					echo "a job failed: $(tail -n 1 "$work/jobs.log")" >>"$work/wrong"
				continue
			fi
			jq '.status = { succeeded: 1, startTime: .metadata.creationTimestamp, completionTime: (now | todate), uncountedTerminatedPods: {},
				conditions: ["SuccessCriteriaMet", "Complete" | { type: ., status: "True" }] }' <<<"$job" |
				kubectl replace --raw "$(jq -r '"/apis/batch/v1/namespaces/\(.metadata.namespace)/jobs/\(.metadata.name)/status"' <<<"$job")" -f - >/dev/null 2>&1 || true
		done
	done
}

webhooks() { kubectl get validatingwebhookconfiguration,mutatingwebhookconfiguration -o json | jq "[.items[] | select(.metadata.name == \"fipsgate\") | .webhooks // [] | .[]] | $1"; }
registered() { webhooks length; }
trusted() { webhooks '[.[] | select((.clientConfig.caBundle // "") != "")] | length'; }
bundles() { webhooks '[.[].clientConfig.caBundle] | unique'; }
fails_closed() { ! kubectl -n default create --dry-run=server -f "$work/pod.yaml" >"$work/told" 2>&1 && grep -q 'enforce.fipsgate.io' "$work/told"; }
usable() { kubectl -n default create --dry-run=server -f "$work/pod.yaml" >"$work/told" 2>&1; }

release() {
	: >"$work/ran"
	timeout 120 "$helm" "$@" --namespace "$ns" --timeout 60s >"$work/helm.log" 2>&1 || fail "helm $*: $(tail -n 3 "$work/helm.log"; cat "$work/wrong" "$work/jobs.log" 2>/dev/null)"
	[ ! -s "$work/wrong" ] || fail "helm $*: $(cat "$work/wrong")"
}
install() { release "$1" fipsgate "$SOURCE/charts/fipsgate" -f "$here/values/defaults.yaml" "${@:2}"; }
ran() { grep -q -- "-$1\$" "$work/ran"; }

serve
start_apiserver
export KUBECONFIG=$kubeconfig
kubectl create namespace "$ns" >/dev/null
kubectl create -n default serviceaccount default >/dev/null
cat >"$work/pod.yaml" <<-POD
	apiVersion: v1
	kind: Pod
	metadata: { name: any }
	spec: { automountServiceAccountToken: false, containers: [{ name: any, image: registry.example.gov/any:1 }] }
POD
run_jobs &
begun=$!

install install
ran wait || fail "nobody waited for the Service"
[ "$(registered)" = 3 ] && [ "$(trusted)" = 3 ] || fail "after the installation $(registered) webhooks are registered and $(trusted) trusted"
fails_closed || fail "an object comes in while the webhook is down: $(cat "$work/told")"
kubectl -n "$ns" get secret fipsgate-tls -o json | jq -e '.data | has("tls.crt") and has("tls.key") and has("ca.crt")' >/dev/null || fail "there is no certificate"
before=$(bundles)
certificate=$(kubectl -n "$ns" get secret fipsgate-tls -o json | jq -r '.data["tls.crt"]')

install upgrade --set webhooks.enforce.timeoutSeconds=5
[ "$(bundles)" = "$before" ] || fail "an upgrade changed the caBundle"
[ "$(webhooks '[.[].timeoutSeconds] | max')" = 5 ] || fail "an upgrade changed nothing"
[ "$(kubectl -n "$ns" get secret fipsgate-tls -o json | jq -r '.data["tls.crt"]')" = "$certificate" ] || fail "an upgrade changed the certificate"

install upgrade --set webhooks.mutate.enabled=false
[ "$(registered)" = 2 ] && [ "$(bundles)" = "$before" ] || fail "a webhook that was switched off is still there"
install upgrade
[ "$(trusted)" = 3 ] || fail "a webhook that was added trusts nobody"

kubectl delete validatingwebhookconfiguration,mutatingwebhookconfiguration fipsgate >/dev/null
usable || fail "the emergency exit does not lead out: $(cat "$work/told")"
install upgrade
[ "$(registered)" = 3 ] && [ "$(trusted)" = 3 ] || fail "after an emergency, an upgrade does not bring the webhooks back"

release rollback fipsgate 2
[ "$(trusted)" = 3 ] && [ "$(webhooks '[.[].timeoutSeconds] | max')" = 5 ] || fail "a rollback lost the webhooks"
release rollback fipsgate 1
[ "$(registered)" = 3 ] && [ "$(trusted)" = 3 ] || fail "a rollback to the first revision leaves $(registered) webhooks, $(trusted) of them trusted"

release uninstall fipsgate
ran remove || fail "the webhooks were not deleted first"
[ "$(registered)" = 0 ] && usable || fail "after uninstall: $(cat "$work/told")"

# Once more, without hooks when it goes, right after the installation.
install install
fails_closed || fail "not registered again"
release uninstall fipsgate --no-hooks
usable || fail "uninstall --no-hooks leaves a webhook that nobody answers: $(cat "$work/told")"

# And without any hook at all.
install install --no-hooks
[ "$(registered)" = 0 ] && usable || fail "installed without hooks, and registered all the same"
install upgrade --no-hooks
[ "$(registered)" = 3 ] || fail "an upgrade without hooks does not register"
release uninstall fipsgate --no-hooks
usable || fail "uninstall --no-hooks after an upgrade leaves a webhook that nobody answers: $(cat "$work/told")"
install install --set hooks.enabled=false
[ "$(registered)" = 3 ] || fail "hooks.enabled=false does not register"
release uninstall fipsgate
usable || fail "hooks.enabled=false: $(cat "$work/told")"
left=$(kubectl -n "$ns" get all,secrets,configmaps,roles,rolebindings,networkpolicies,poddisruptionbudgets -o name 2>/dev/null | grep fipsgate || true)
[ -z "$left" ] || fail "left behind: $left"
