# SPDX-License-Identifier: Apache-2.0
# Sourced, after tests/e2e/lib.sh, by tests that want a real API server: etcd
# and kube-apiserver on free ports of 127.0.0.1, ended when the test ends.
# support/kubernetes builds it, and kubectl, which is in PATH afterwards. There
# is no kubelet and no network of pods, so webhooks are registered by URL.
#
#   $KUBE_APISERVER   another kube-apiserver than that
#   $api              https://127.0.0.1:PORT    $api_ca  its CA    $kubeconfig  of an administrator
#
# shellcheck shell=bash
apiserver_pids=()

# Ends the test where there is none: 77 is "skipped".
need_apiserver() {
	local bin
	bin=$("$SOURCE/tests/support/kubernetes/build.sh") || { echo "$bin"; exit 77; }
	PATH=$bin:$PATH
	apiserver=${KUBE_APISERVER:-$bin/kube-apiserver}
}

# Nothing of it is kept, so nothing has to be written first.
stop_apiserver() {
	local one
	for one in "${apiserver_pids[@]}"; do kill -KILL "$one" 2>/dev/null || true; done
	for one in "${apiserver_pids[@]}"; do wait "$one" 2>/dev/null || true; done
	apiserver_pids=()
}
trap 'status=$?; stop_apiserver; finish "$status"' EXIT

# api VERB PATH [JSON]: the answer, also in $answer; fails when the status is no 2xx
api() {
	answer=$(curl -sS --max-time 30 --cacert "$api_ca" -H "Authorization: Bearer ${token:-admin-token}" -X "$1" \
		-H "Content-Type: ${type:-application/json}" ${3:+--data-binary "$3"} -w '\n%{http_code}' "$api$2") || return
	local status=${answer##*$'\n'}
	answer=${answer%$'\n'*}
	printf '%s\n' "$answer"
	[[ $status == 2* ]]
}

# kubeconfig_of TOKEN FILE NAMESPACE
kubeconfig_of() {
	cat >"$2" <<-CONFIG
		apiVersion: v1
		kind: Config
		clusters: [{ name: test, cluster: { server: "$api", certificate-authority: "$api_ca" } }]
		users: [{ name: test, user: { token: "$1" } }]
		contexts: [{ name: test, context: { cluster: test, user: test, namespace: "$3" } }]
		current-context: test
	CONFIG
}

start_etcd() {
	etcd=http://127.0.0.1:$(free_port)
	etcd --data-dir "$work/api/etcd" --unsafe-no-fsync --listen-client-urls "$etcd" --advertise-client-urls "$etcd" \
		--listen-peer-urls "http://127.0.0.1:$(free_port)" >"$work/api/etcd.log" 2>&1 &
	apiserver_pids+=($!)
}

# start_apiserver OPTIONS...: and waits until it is ready
start_apiserver() {
	local dir=$work/api port
	mkdir -p "$dir"
	start_etcd
	port=$(free_port)
	openssl genrsa -out "$dir/sa.key" 2048 2>/dev/null
	echo 'admin-token,admin,admin,"system:masters"' >"$dir/tokens.csv"
	# A clean environment: this one runs without our FIPS configuration. Aggregator routing: a Service is its
	# endpoints, of which there are none, and not a name for DNS.
	env -i PATH="$PATH" HOME="$dir" "$apiserver" --etcd-servers "$etcd" --secure-port "$port" --bind-address 127.0.0.1 \
		--cert-dir "$dir/certs" --service-account-key-file "$dir/sa.key" --service-account-signing-key-file "$dir/sa.key" \
		--service-account-issuer https://kubernetes.default.svc --token-auth-file "$dir/tokens.csv" --authorization-mode RBAC \
		--service-cluster-ip-range 10.0.0.0/16 --enable-aggregator-routing=true "$@" >"$dir/apiserver.log" 2>&1 &
	apiserver_pids+=($!)
	api=https://127.0.0.1:$port
	api_ca=$dir/certs/apiserver.crt
	kubeconfig=$dir/admin.kubeconfig
	kubeconfig_of admin-token "$kubeconfig" default
	for _ in $(seq 240); do
		[ -f "$api_ca" ] && curl -s --cacert "$api_ca" "$api/readyz" 2>/dev/null | grep -qx ok && return
		kill -0 "${apiserver_pids[-1]}" 2>/dev/null || break
		sleep 0.5
	done
	tail -n 3 "$dir/apiserver.log" >&2
	fail "the API server does not start"
}

# What makes namespaces, ReplicaSets, pods and tokens of objects, and takes away what belongs to nobody any more.
start_controllers() {
	local dir=$work/api
	env -i PATH="$PATH" HOME="$dir" kube-controller-manager --kubeconfig "$kubeconfig" --leader-elect=false --secure-port 0 \
		--service-account-private-key-file "$dir/sa.key" --root-ca-file "$api_ca" \
		--controllers 'deployment-controller,replicaset-controller,statefulset-controller,job-controller,cronjob-controller' \
		--controllers 'namespace-controller,serviceaccount-controller,garbage-collector-controller,root-ca-certificate-publisher-controller' \
		--controllers 'resourcequota-controller,persistentvolumeclaim-protection-controller' \
		>"$dir/controllers.log" 2>&1 &
	apiserver_pids+=($!)
}
