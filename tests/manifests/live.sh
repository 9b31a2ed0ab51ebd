#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The steps of deploy/static/README.md with a real API server: it asks by URL, shows
# the certificate of credentials.yaml and is asked for it, what must be denied is, and
# what can be mended is. Where the API server reads webhooks from files (1.36 and
# later; $KUBE_APISERVER), that is done as well; an older one passes over them.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/../e2e/lib.sh"
. "$SOURCE/tests/support/apiserver.sh"
need_apiserver
kustomize=$("$SOURCE/tests/manifests/kustomize.sh") || { status=$?; echo "$kustomize"; exit "$status"; }

ok() { echo "ok      $1"; }
static=$SOURCE/deploy/static
etc=$work/etc # stands for /etc/kubernetes

# What the README has an administrator type.
prepare
mkdir -p "$etc/admission/validating" "$etc/admission/mutating" "$etc/fipsgate/site"
"$FIPSGATE" certs make "$etc/fipsgate/tls" --dns 127.0.0.1 --leaf-life 8760h --ca-life 17520h --openssl-conf "$work/fips/openssl.cnf"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -sha256 -days 730 -subj /CN=kube-apiserver \
	-addext extendedKeyUsage=clientAuth -keyout "$etc/admission/client.key" -out "$etc/admission/client.crt" 2>/dev/null
cp "$etc/admission/client.crt" "$etc/fipsgate/client.crt"
cp "$SOURCE/deploy/kustomize/overlays/production/site.yaml" "$etc/fipsgate/site/"
cp "$etc/fipsgate/tls/tls.crt" "$etc/fipsgate/tls/tls.key" "$work" # where lib.sh has the server look

# The arguments of the unit but those that lib.sh gives.
mapfile -t words < <(sed -nE "s|/etc/kubernetes|$etc|; s|^\t(--[^ ]*).*|\1|p" "$static/fipsgate.service" | grep -vE '^--(listen|probe-listen|tls-)')
[ "${#words[@]}" = 5 ] || fail "the unit has other arguments: ${words[*]}"
serve "${words[@]}"
for file in "$static"/*.yaml; do
	sed "s|/etc/kubernetes|$etc|; s|127.0.0.1:9443|${url#https://}|" "$file" >"$etc/admission/${file##*/}"
done
bundle=$(base64 -w 0 "$etc/fipsgate/tls/ca.crt")
rendered() { "$kustomize" build "$static/$1" | sed "s|CA_BUNDLE|$bundle|; s|https://127.0.0.1:9443|$url|"; }

object() { printf '{"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"%s"},"provisioner":"ebs.csi.aws.com","parameters":{"encrypted":"%s"}}' "$1" "$2"; }
service=$SOURCE/policies/baseline/cases/repairs-service-without-a-policy/manifest.yaml
create() { kubectl --kubeconfig "$kubeconfig" create -f - >"$work/created" 2>&1; }
denied() { ! object "$1" false | create && grep -q 'denied the request' "$work/created"; }
# Until what was changed is known to the API server.
soon() {
	for _ in $(seq 100); do
		! "$@" || return 0
		kubectl --kubeconfig "$kubeconfig" delete storageclass tried >/dev/null 2>&1 || true
		sleep 0.2
	done
	fail "not so after 20 seconds: $*: $(cat "$work/created")"
}
judged() {
	soon denied tried
	object "good-$1" true | create || fail "what is right is refused: $(cat "$work/created")"
	create <"$service" || fail "what can be mended is refused: $(cat "$work/created")"
	kubectl --kubeconfig "$kubeconfig" -n payments get service ledger -o json >"$work/service"
	jq -e '.metadata.annotations | keys | any(endswith("ssl-negotiation-policy"))' "$work/service" >/dev/null || fail "not mended: $(cat "$work/service")"
	kubectl --kubeconfig "$kubeconfig" delete -f "$service" >/dev/null
}
refused() { curl -sS "$probe/metrics" | awk '$1 == "fipsgate_connections_dropped_total{reason=\"client_certificate\"}" { print $2 }'; }

start_apiserver --admission-control-config-file "$etc/admission/admission.yaml"
kubectl --kubeconfig "$kubeconfig" create namespace payments >/dev/null
rendered webhooks | kubectl --kubeconfig "$kubeconfig" apply -f - >/dev/null
judged registered
[ "$(refused)" = 0 ] || fail "the API server came without its certificate"
! curl -sS --cacert "$etc/fipsgate/tls/ca.crt" "$url/validate" >/dev/null 2>&1 || fail "anybody may ask"
[ "$(refused)" = 1 ] || fail "who has no certificate is not counted"
ok "registered by URL: it asks, with its certificate, and nobody else does"

rendered webhooks | kubectl --kubeconfig "$kubeconfig" delete -f - >/dev/null
allowed() { object tried false | create; }
soon allowed
kubectl --kubeconfig "$kubeconfig" delete storageclass tried >/dev/null
ok "deleted: nobody is asked"
stop_apiserver

# Webhooks in files.
rendered validating >"$etc/admission/validating/fipsgate.yaml"
rendered mutating >"$etc/admission/mutating/fipsgate.yaml"
minor=$("$apiserver" --version | sed -E 's/^Kubernetes v1\.([0-9]+).*/\1/')
gate=()
[ "$minor" -lt 36 ] || gate=(--feature-gates ManifestBasedAdmissionControlConfig=true)
rm -rf "$work/api"
start_apiserver --admission-control-config-file "$etc/admission/admission-with-manifests.yaml" "${gate[@]}"
if [ "$minor" -lt 36 ]; then
	sleep 2 # longer than it takes to learn of a configuration
	allowed || fail "1.$minor reads manifests: $(cat "$work/created")"
	ok "1.$minor passes over a directory of manifests, and asks nobody"
	exit 0
fi
kubectl --kubeconfig "$kubeconfig" create namespace payments >/dev/null
judged in-files
[ "$(kubectl --kubeconfig "$kubeconfig" get validatingwebhookconfigurations,mutatingwebhookconfigurations -o name)" = "" ] || fail "the API has a configuration"
ok "read from files: it asks, and the API has nothing that could be deleted"
rm "$etc/admission/validating/fipsgate.yaml"
soon allowed
ok "a file that is gone is noticed"
