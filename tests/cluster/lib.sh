# SPDX-License-Identifier: Apache-2.0
# Sourced, after tests/e2e/lib.sh, by what uses the cluster of $KUBECONFIG: the
# chart is installed there by Helm, and the program runs here, beside it, on what
# the kubelet would mount. kubectl is in PATH.
#
#   $ns      where the chart is installed     $judged   where objects are judged
#
# shellcheck shell=bash
cluster=$SOURCE/tests/cluster
ns=fipsgate-system
judged=fipsgate-judged
output=$work/output

ok() { echo "ok      $1"; }
k() { kubectl -n "$judged" "$@"; }
manifest() { echo "$cluster/$1.yaml"; }

# eventually COMMAND...: within a minute; what it prints is not kept
eventually() {
	for _ in $(seq 300); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.2
	done
	return 1
}

# What an answer was. Each keeps it in $output, and says what is wrong with it.
#   denied 'words' COMMAND...   by fipsgate, with these words
#   warned 'words' COMMAND...   done, with this warning
#   quiet COMMAND...            done, without a word of fipsgate
denied() {
	! "${@:2}" >"$output" 2>&1 || fail "${*:2}: is let in"
	grep -qF 'admission webhook "enforce.fipsgate.io" denied the request: fipsgate denied' "$output" && grep -qF -- "$1" "$output" ||
		fail "${*:2}: not denied because of \`$1\`: $(cat "$output")"
}
warned() {
	"${@:2}" >"$output" 2>&1 || fail "${*:2}: $(cat "$output")"
	grep '^Warning: ' "$output" | grep -qF -- "$1" || fail "${*:2}: no warning of \`$1\`: $(cat "$output")"
}
quiet() {
	"$@" >"$output" 2>&1 || fail "$*: $(cat "$output")"
	! grep '^Warning: ' "$output" || fail "$*: warns"
}

# holds 'jq filter' WORDS...: of what `kubectl get` WORDS shows
holds() {
	k get "${@:2}" --show-managed-fields -o json >"$work/stored" && jq -e "$1" "$work/stored" >/dev/null ||
		fail "${*:2}: not as $1: $(jq -c '.spec // .' "$work/stored")"
}

# asked 'jq filter': a review that the program wrote into its log
asked() { grep -h '"msg":"review"' "$log" | jq -e -s "any(.[]; $1)" >/dev/null; }

rotate() {
	"$FIPSGATE" certs rotate --openssl-conf "$work/fips/openssl.cnf" --namespace "$ns" --service fipsgate --dns 127.0.0.1 \
		--secret fipsgate-tls --ca-secret fipsgate-ca --webhooks fipsgate "$@" >"$work/rotated" 2>&1
}

# mount KIND NAME DIRECTORY: as the kubelet does, a directory made aside and a link that is swapped
mount() {
	local key version decode=cat
	[ "$1" != secret ] || decode="base64 -d"
	kubectl -n "$ns" get "$1" "$2" -o json >"$work/mounted" || return
	version=$(jq -r .metadata.resourceVersion "$work/mounted")
	[ ! -d "$3/..$version" ] || return 0
	mkdir -p "$3/..$version"
	for key in $(jq -r '.data | keys[]' "$work/mounted"); do
		jq -r --arg key "$key" '.data[$key]' "$work/mounted" | $decode >"$3/..$version/$key"
		ln -sfn "..data/$key" "$3/$key"
	done
	ln -s "..$version" "$3/..data_tmp"
	mv -T "$3/..data_tmp" "$3/..data"
}
mount_certificate() { mount secret fipsgate-tls "$work/etc/tls"; }

# helm_install OPTIONS...: or upgrade; values are those of a site and tests/cluster/values.yaml
helm_install() {
	"$helm" upgrade --install fipsgate "$SOURCE/charts/fipsgate" --namespace "$ns" --create-namespace -f "$SOURCE/tests/charts/values/site.yaml" \
		-f "$cluster/values.yaml" --set "webhooks.url=https://127.0.0.1:$port" "$@" >"$work/helm.log" 2>&1 || fail "helm: $(tail -n 3 "$work/helm.log")"
}

# serve_pod OPTIONS...: what a pod of the chart's Deployment would run
serve_pod() {
	local words
	mapfile -t words < <(kubectl -n "$ns" get deployment fipsgate -o json | jq -r '.spec.template.spec.containers[0].args[1:][]' |
		sed -E "/^--(probe-)?listen=/d; s|/etc/fipsgate|$work/etc|")
	serve "${words[@]}" --listen "127.0.0.1:$port" "$@"
}

# Everything that install_all makes, wherever it came to: the cluster judges nothing afterwards.
remove_all() {
	kubectl delete validatingwebhookconfiguration,mutatingwebhookconfiguration fipsgate --ignore-not-found >/dev/null 2>&1
	"$helm" uninstall fipsgate --namespace "$ns" --ignore-not-found >/dev/null 2>&1
	k patch pod kept --type merge --patch '{"metadata":{"finalizers":null}}' >/dev/null 2>&1
	kubectl delete namespace "$ns" "$judged" --ignore-not-found --timeout 60s >/dev/null 2>&1
}

# install_all OPTIONS...: of Helm; certificates, webhooks and the program, until an object is judged
install_all() {
	prepare
	port=$(free_port)
	helm_install "$@"
	mount configmap fipsgate-policies "$work/etc/policies"
	mount configmap fipsgate-facts "$work/etc/facts"
	rotate || fail "$(cat "$work/rotated")"
	mount_certificate
	serve_pod
	eventually is_judged || fail "nothing is judged: $(k create --dry-run=server -f "$(manifest pod-foreign-image)" 2>&1)"
}
is_judged() { tells 'enforce.fipsgate.io" denied the request: fipsgate denied' pod-foreign-image; }
fails_closed() { tells 'failed calling webhook "enforce.fipsgate.io"' pod-compliant; }
tells() { grep -qF -- "$1" <<<"$(k create --dry-run=server -f "$(manifest "$2")" 2>&1 || true)"; }

helm=$("$SOURCE/tests/charts/helm.sh") || { echo "$helm"; exit 77; }
