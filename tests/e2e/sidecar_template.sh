#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The `sidecar` rule of the shipped sets is the proxy of deploy/sidecar: names,
# types and defaults of variables, ports, probes, mount, image. And what the
# webhook makes of a pod that meets the restricted Pod Security Standard still
# meets it, in both forms, says the library that the API server uses.
# $FIPS_PROXY is the start program (ctest sets it).
. "$(dirname "$(readlink -f "$0")")/lib.sh"
: "${FIPS_PROXY:?the start program}"
trap 'rm -rf "$work"' EXIT

compare() {
	python3 "$SOURCE/tests/e2e/sidecar_template.py" "$1" "$work/help" "$work/config" "$SOURCE/deploy/sidecar/Containerfile"
}
"$FIPS_PROXY" --help >"$work/help"
"$FIPS_PROXY" --config >"$work/config"
count=0
for policy in "$SOURCE"/policies/*/sidecar.yaml; do
	grep -q 'name: fips-proxy$' "$policy" || continue # one set is for Istio's own proxy
	compare "$policy" || fail "the template is not that of deploy/sidecar"
	count=$((count + 1))
done
[ "$count" -ge 4 ] || fail "only $count sets have the proxy"

# It would notice.
for change in 's/FIPS_PROXY_UPSTREAMS/FIPS_PROXY_UPSTREAM/' 's/default: "8443"/default: "9443"/' 's/port: 8405/port: 8406/' \
	's/readyz/ready/' 's/, readOnly: true//' 's/type: hostports/type: port/' '/FIPS_PROXY_APP_PORT/d' 's|/etc/fips-proxy/tls|/tls|'; do
	sed "$change" "$SOURCE/policies/baseline/sidecar.yaml" >"$work/changed.yaml"
	! cmp -s "$work/changed.yaml" "$SOURCE/policies/baseline/sidecar.yaml" || fail "nothing to change: $change"
	! compare "$work/changed.yaml" >/dev/null 2>&1 || fail "nobody notices: $change"
done

cat >"$work/pod.yaml" <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: payments
  annotations: { fipsgate.io/app-port: "9090", fipsgate.io/upstreams: "db.payments.svc:5432,localhost:6380" }
spec:
  securityContext:
    runAsNonRoot: true
    seccompProfile: { type: RuntimeDefault }
  nodeSelector: { node-restriction.kubernetes.io/fips: "true" }
  containers:
    - name: web
      image: 123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/pay/web:1.2
      env: [{ name: AWS_USE_FIPS_ENDPOINT, value: "true" }]
      securityContext:
        allowPrivilegeEscalation: false
        capabilities: { drop: [ALL] }
POD

# inject FORM SET: the pod as the cluster would store it
inject() {
	mkdir -p "$work/$1-$2"
	cp "$SOURCE/policies/$2/"*.yaml "$work/$1-$2/"
	sed -i -e "s/inject: native/inject: $1/" -e 's/mode: warn/mode: enforce/; /repair: false/d' "$work/$1-$2/sidecar.yaml"
	"$FIPSGATE" check --mutate --policies "$work/$1-$2" --facts "$SOURCE/policies/sample-site.yaml" "$work/pod.yaml" >"$work/$1-$2.yaml" 2>"$work/check" ||
		fail "check does not pass what it injected: $1, $2"
	grep -q 'name: fips-proxy$' "$work/$1-$2.yaml" || fail "nothing injected: $1, $2"
}
for form in native container; do
	for set in baseline aws-govcloud; do
		inject "$form" "$set"
	done
done
grep -q 'restartPolicy: Always' "$work/native-baseline.yaml" || fail "the native form is an init container that goes on"
! grep -q 'initContainers' "$work/container-baseline.yaml" || fail "the other form is an ordinary container"

# What was injected, the proxy takes.
python3 - "$work/native-baseline.yaml" <<'PY' >"$work/env"
import sys, yaml
pod = yaml.safe_load(open(sys.argv[1]))
for variable in pod["spec"]["initContainers"][0]["env"]:
    print(f"{variable['name']}={variable['value']}")
PY
mapfile -t settings <"$work/env"
env "${settings[@]}" "$FIPS_PROXY" --config >"$work/injected" || fail "the proxy refuses what was injected"
for line in 'server app 127.0.0.1:9090$' 'bind .*:8443' 'bind 127.0.0.1:19001$' 'bind 127.0.0.1:19002$' 'verifyhost localhost$'; do
	grep -qE "$line" "$work/injected" || fail "the proxy's configuration has no $line"
done
echo "$count sets have the proxy of deploy/sidecar"

command -v go >/dev/null || { echo "skipped: no go"; exit 0; }
(cd "$SOURCE/tests/support/psa" && go build -o "$work/psa" .) >"$work/go" 2>&1 || { cat "$work/go"; fail "psa does not build"; }
"$work/psa" restricted <"$work/pod.yaml" >/dev/null || fail "the pod itself is not restricted"
for pod in "$work"/{native,container}-{baseline,aws-govcloud}.yaml; do
	"$work/psa" restricted <"$pod" >"$work/said" || fail "$(cat "$work/said")"
	for change in 's/allowPrivilegeEscalation: false/allowPrivilegeEscalation: true/' 's/- ALL/- NET_RAW/' 's/RuntimeDefault/Unconfined/' \
		's/runAsNonRoot: true/runAsNonRoot: false/' 's/^\( *\)secret:/\1hostPath:/; s/secretName:.*/path: \//'; do
		! sed "$change" "$pod" | "$work/psa" restricted >/dev/null 2>&1 || fail "psa lets it through: $change"
	done
done
echo "restricted before, restricted after, in both forms"
