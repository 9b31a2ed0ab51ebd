#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What people and controllers do in a cluster that fipsgate guards. Needs only
# KUBECONFIG, of a cluster for tests whose API server reaches 127.0.0.1 here, and
# kubectl; leaves it as it was. The chart is installed by Helm, with the webhooks
# that it ships (by URL); the program runs here, not in a pod.
: "${KUBECONFIG:?a cluster for tests}"
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$SOURCE/tests/cluster/lib.sh"
trap 'status=$?; remove_all || true; finish "$status"' EXIT

# What was there before fipsgate: a Deployment and a pod that it would not let in.
before() {
	remove_all || fail "what an earlier run left does not go"
	kubectl create namespace "$judged" >/dev/null
	eventually k get serviceaccount default || fail "no controller makes a service account"
	quiet k apply -f "$(manifest before)"
	eventually pod_of legacy || fail "no controller makes pods of a Deployment"
}
pod_of() { k get pods -l "app=$1" -o name | grep .; }

# One line of tests/cluster/objects.
expect_denied() {
	denied "$2" k apply --dry-run=server -f "$1"
	denied "$2" k apply -f "$1"
	denied "$2" k apply --server-side -f "$1"
	! k get -f "$1" >/dev/null 2>&1 || fail "$1 is there"
}
expect_stored() { # manifest, jq filter
	k apply --dry-run=server -o json -f "$1" 2>/dev/null | jq -e "$2" >/dev/null || fail "$1: a dry run is not as $2"
	! k get -f "$1" >/dev/null 2>&1 || fail "$1: a dry run left something"
	k apply -f "$1" >"$output" 2>&1 || fail "$1: $(cat "$output")"
	applied_twice "$1" "$2" k apply -f "$1"
	k delete -f "$1" >/dev/null 2>&1
	applied_twice "$1" "$2" k apply --server-side --field-manager gitops -f "$1"
	jq -e '[.metadata.managedFields[].manager] | index("gitops")' "$work/stored" >/dev/null || fail "$1: nobody owns its fields"
	k delete -f "$1" >/dev/null 2>&1
}
expect_quiet() {
	quiet k create --dry-run=server -f "$1"
	expect_stored "$1" "$2"
}
expect_warned() {
	warned "$2" k create --dry-run=server -f "$1"
	expect_stored "$1" '.metadata.name'
}
# applied_twice MANIFEST FILTER COMMAND...: as GitOps does. A second write may happen (of claims it does without us), and changes nothing.
applied_twice() {
	"${@:3}" >"$output" 2>&1 || fail "${*:3}: $(cat "$output")"
	holds "$2" -f "$1"
	k diff -f "$1" >"$output" 2>&1 || fail "$1: drifts: $(cat "$output")"
	lasting "$work/stored" >"$work/first"
	"${@:3}" >"$output" 2>&1 || fail "a second ${*:3}: $(cat "$output")"
	holds "$2" -f "$1"
	lasting "$work/stored" | diff "$work/first" - >"$output" || fail "a second ${*:3} changes it: $(cat "$output")"
}
lasting() { jq 'del(.metadata.managedFields, .metadata.resourceVersion)' "$1"; }
objects() {
	local expectation name words
	while read -r expectation name words; do
		case $expectation in '#' | '') continue ;; esac
		"expect_$expectation" "$(manifest "$name")" "$words"
	done <"$cluster/objects"
}


# Pods are made by controllers from templates, which nobody changes.
controllers() {
	k apply -f "$(manifest deployment-plain)" -f "$(manifest job-plain)" >/dev/null 2>&1
	eventually pods_of app=web 1 && eventually pods_of job-name=once 1 || fail "a template's pods do not come: $(k get events)"
	for label in app=web job-name=once; do
		holds '.items[0].spec | .initContainers[0].restartPolicy == "Always" and (.containers[0].image | contains("/docker-hub/"))' pods -l "$label"
	done
	quiet k scale deployment web --replicas 3
	eventually pods_of app=web 3 || fail "scaled, and no pods come"
	denied "registry/fips-endpoints" k set image deployment/web web=registry.example.com/web:2
	quiet k delete deployment/web job/once
	eventually pods_of app=web 0 || fail "deleted, and its pods stay"
}
pods_of() { [ "$(k get pods -l "$1" -o name | wc -l)" = "$2" ]; }

# What was there before goes on, may be touched and goes away; nothing new of it comes in.
legacy() {
	warned "registry/fips-endpoints" k label deployment legacy touched=yes
	quiet k scale deployment legacy --replicas 2
	eventually event_tells 'denied the request: fipsgate denied this Pod' || fail "no event tells why there is no second pod: $(k get events)"
	pods_of app=legacy 1 || fail "a second pod came in"
	denied "registry/fips-endpoints" k set image deployment/legacy web=registry.example.com/web:2
	quiet k delete pod kept --wait=false
	holds '.metadata.deletionTimestamp' pod/kept
	quiet k patch pod kept --type merge --patch '{"metadata":{"finalizers":null}}'
	! k get pod kept >/dev/null 2>&1 || fail "a pod that nothing keeps stays"
	quiet k delete deployment legacy
}
event_tells() { grep -qF -- "$1" <<<"$(k get events -o json)"; }

# There is no kubelet to do it: what counts is that admission was asked, and what it said.
subresources() {
	kubectl get --raw /api/v1 >"$work/api.json"
	"$SOURCE/tests/cases/ways-in/subresources.sh" "$work/api.json" >"$output" || fail "$(cat "$output")"
	k apply -f "$(manifest pod-plain)" >/dev/null 2>&1
	! k exec plain -- id >"$output" 2>&1 || fail "a pod that does not run runs commands"
	! grep -q 'admission webhook' "$output" || fail "exec is refused: $(cat "$output")"
	eventually asked '.operation == "CONNECT" and .kind == "PodExecOptions" and .stage == "audit" and .recorded == 1' || fail "exec is not recorded"
	[ -z "${AUDIT_LOG:-}" ] || eventually grep -qF '"audit.fipsgate.io/findings":"audit access/commands violation /command' "$AUDIT_LOG" ||
		fail "the cluster's audit log does not say who ran a command"
	denied "at: /spec/ephemeralContainers/0/image" k debug plain --image registry.example.com/tool:1 --container look
	k debug plain --image busybox:1.37 --container look >"$output" 2>&1 || fail "debug: $(cat "$output")"
	holds '.spec.ephemeralContainers | length == 1 and (.[0].image | endswith("/docker-hub/library/busybox:1.37"))' pod/plain
	sed 's/name: plain/name: resized/' "$(manifest pod-plain)" | k create -f - >/dev/null 2>&1
	k patch pod resized --subresource resize --patch '{"spec":{"containers":[{"name":"web","resources":{"requests":{"cpu":"20m"}}}]}}' >"$output" 2>&1 ||
		fail "resize: $(cat "$output")"
	holds '.spec.containers[0].resources.requests.cpu == "20m"' pod/resized
	eventually asked '.operation == "UPDATE" and .name == "resized" and .stage == "enforce"' || fail "nobody asked about the resize"
	quiet k delete pod plain resized
}

# With failurePolicy Fail, and nobody there.
outage() {
	k apply -f "$(manifest pod-compliant)" >/dev/null
	stop_server
	eventually fails_closed || fail "objects come in while nobody judges them"
	quiet k apply -f "$(manifest left-out)" -f "$(manifest configmap)"
	quiet k delete -f "$(manifest left-out)" -f "$(manifest configmap)" -f "$(manifest pod-compliant)"
	quiet kubectl -n kube-system create --dry-run=server -f "$(manifest pod-foreign-image)"
	quiet kubectl create token default -n "$judged"
	own=$(kubectl -n "$ns" get pods -o name | sort)
	[ "$(wc -l <<<"$own")" = 2 ] || fail "there are no two pods of ours: $own"
	kubectl -n "$ns" delete --wait=false "$(head -n 1 <<<"$own")" >/dev/null
	eventually comes_back || fail "our own pods do not come back: $(kubectl -n "$ns" get events)"

	helm_install --set webhooks.enforce.failurePolicy=Ignore
	eventually k create --dry-run=server -f "$(manifest pod-foreign-image)" || fail "Ignore does not ignore"
	helm_install
	eventually fails_closed || fail "Fail does not fail"
	serve_pod
	eventually is_judged || fail "nobody is asked again, after it was down"
}
comes_back() { [ "$(kubectl -n "$ns" get pods -o name | sort | tee "$output" | wc -l)" = 2 ] && [ "$(cat "$output")" != "$own" ]; }

# Rules that name them all the same: leases, events and kubelets are left out by conditions, nobody else is.
left_out() {
	helm_install -f "$cluster/left-out.values.yaml"
	eventually asks_about ConfigMap || fail "a rule of one's own is not asked about"
	quiet k apply -f "$(manifest left-out)"
	quiet k delete -f "$(manifest left-out)"
	! asked '.kind == "Lease" or .kind == "Event"' || fail "leases and events are asked about"
	quiet k create --dry-run=server -f "$(manifest pod-foreign-image)" --as system:node:one --as-group system:nodes --as-group system:masters
	denied "registry/fips-endpoints" k create --dry-run=server -f "$(manifest pod-foreign-image)" --as system:node:one --as-group system:masters
	helm_install
}
asks_about() { k create --dry-run=server -f "$(manifest configmap)" && asked ".kind == \"$1\""; }

break_glass() {
	kubectl label namespace "$judged" fipsgate.io/break-glass=incident-7 >/dev/null
	is_judged || fail "a label opens what the chart does not let it open"
	helm_install --set webhooks.breakGlass=true
	eventually k create --dry-run=server -f "$(manifest pod-foreign-image)" || fail "the glass does not break: $(cat "$output")"
	kubectl label namespace "$judged" fipsgate.io/break-glass- >/dev/null
	eventually is_judged || fail "the label is gone, and nothing is judged"
	helm_install
}

# Each review has a handshake of its own, so each tries certificate and caBundle.
rotation() {
	local n
	stop_server
	serve_pod --max-requests 1
	(while [ ! -e "$work/enough" ]; do
		echo asked >>"$work/asked"
		k create --dry-run=server -f "$(manifest pod-compliant)" >>"$work/told" 2>&1 || touch "$work/failed"
	done) &
	begun=$!
	kubectl -n "$ns" delete secret fipsgate-tls >/dev/null # so that short lives begin
	for n in 1 2 3 4; do
		rotate --leaf-life 30s --renew-at 1/10 || fail "$(cat "$work/rotated")"
		grep -q 'certificate *made' "$work/rotated" || fail "rotation $n makes nothing: $(cat "$work/rotated")"
		sleep 1
		mount_certificate
		sleep 2.5
	done
	touch "$work/enough"
	wait "$begun" && begun=
	[ ! -e "$work/failed" ] || fail "a request failed: $(cat "$work/told")"
	[ "$(curl -s "$probe/metrics" | sed -n 's/^fipsgate_reloads_total{what="certificate",outcome="replaced"} //p')" = 4 ] ||
		fail "the program did not take up four certificates"
	rm "$work/enough"
}

uninstall() {
	"$helm" uninstall fipsgate --namespace "$ns" >/dev/null
	stop_server
	eventually k create --dry-run=server -f "$(manifest pod-foreign-image)" || fail "after uninstall: $(k create --dry-run=server -f "$(manifest pod-foreign-image)" 2>&1)"
	kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations,clusterroles,clusterrolebindings -o name | grep fipsgate && fail "it is still there"
	quiet k apply -f "$(manifest pod-foreign-image)" -f "$(manifest deployment-foreign-image)"
	eventually pods_of app=foreign 1 || fail "pods do not come"
	remove_all || fail "namespaces do not go"
}

before
install_all
ok "installed; what is wrong is denied"
objects
ok "objects: $(grep -cE '^[a-z]' "$cluster/objects") rows; dry runs, applied twice, applied server-side, deleted"
controllers
ok "controllers make pods, which are repaired; scale; a rollout of what is wrong is refused"
legacy
ok "what was there before can be touched, scaled and deleted, and nothing new of it comes in"
subresources
ok "exec is recorded; ephemeral containers are judged and repaired; resize"
outage
ok "down: Fail fails, the cluster itself goes on, our pods come back; Ignore ignores"
left_out
ok "leases, events and kubelets are not asked about"
break_glass
ok "the label for emergencies counts where the chart says so, and nowhere else"
rotation
ok "certificates changed while $(wc -l <"$work/asked") objects were applied, none of them in vain"
uninstall
ok "uninstalled: a cluster that asks nobody"
