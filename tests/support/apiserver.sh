# SPDX-License-Identifier: Apache-2.0
# Sourced, after tests/e2e/lib.sh, by tests that want a real API server: etcd
# and kube-apiserver on free ports of 127.0.0.1, ended when the test ends. There
# is no kubelet and no controller, so webhooks are registered by URL.
#
#   $KUBE_APISERVER   the program (default: kube-apiserver in PATH); etcd is in PATH
#   $api              https://127.0.0.1:PORT    $api_ca  its CA    $kubeconfig  of an administrator
#
# shellcheck shell=bash
apiserver=${KUBE_APISERVER:-$(command -v kube-apiserver || true)}
apiserver_pids=()

# Ends the test where there is none: 77 is "skipped".
need_apiserver() {
	[ -x "$apiserver" ] || { echo "skipped: no kube-apiserver"; exit 77; }
	command -v etcd >/dev/null || { echo "skipped: no kube-apiserver: no etcd for it"; exit 77; }
}

stop_apiserver() {
	local one
	for one in "${apiserver_pids[@]}"; do kill "$one" 2>/dev/null || true; done
	for one in "${apiserver_pids[@]}"; do wait "$one" 2>/dev/null || true; done
	apiserver_pids=()
}
trap 'stop_apiserver; stop_server; rm -rf "$work"' EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# Not curl's own name: for that 1.20 indents its answers, and not always survives it.
# api VERB PATH [JSON]: the answer, also in $answer; fails when the status is no 2xx
api() {
	answer=$(curl -sS -A test --max-time 30 --cacert "$api_ca" -H "Authorization: Bearer ${token:-admin-token}" -X "$1" \
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

launch_apiserver() {
	local dir=$1 etcd_port peer_port api_port
	mkdir -p "$dir"
	etcd_port=$(free_port) peer_port=$(free_port) api_port=$(free_port)
	etcd --data-dir "$dir/etcd" --unsafe-no-fsync --listen-client-urls "http://127.0.0.1:$etcd_port" \
		--advertise-client-urls "http://127.0.0.1:$etcd_port" --listen-peer-urls "http://127.0.0.1:$peer_port" >"$dir/etcd.log" 2>&1 &
	apiserver_pids+=($!)
	openssl genrsa -out "$dir/sa.key" 2048 2>/dev/null
	echo 'admin-token,admin,admin,"system:masters"' >"$dir/tokens.csv"
	# A clean environment: this one runs without our FIPS configuration.
	env -i PATH="$PATH" HOME="$dir" "$apiserver" --etcd-servers "http://127.0.0.1:$etcd_port" --secure-port "$api_port" \
		--bind-address 127.0.0.1 --cert-dir "$dir/certs" --service-account-key-file "$dir/sa.key" \
		--service-account-signing-key-file "$dir/sa.key" --service-account-issuer https://kubernetes.default.svc \
		--token-auth-file "$dir/tokens.csv" --authorization-mode RBAC --service-cluster-ip-range 10.0.0.0/16 \
		--disable-admission-plugins ServiceAccount >"$dir/apiserver.log" 2>&1 &
	apiserver_pids+=($!)
	api=https://127.0.0.1:$api_port
	api_ca=$dir/certs/apiserver.crt
	for _ in $(seq 240); do
		[ -f "$api_ca" ] && curl -s --cacert "$api_ca" -A test "$api/readyz" 2>/dev/null | grep -qx ok && return
		kill -0 "${apiserver_pids[-1]}" 2>/dev/null || break
		sleep 0.5
	done
	tail -n 3 "$dir/apiserver.log" >&2
	fail "the API server does not start"
}

# A 1.20 that is built with a newer Go than its own sometimes comes up unable to write webhook configurations at all.
can_keep_webhooks() {
	local kind
	for kind in Validating Mutating; do
		api POST "/apis/admissionregistration.k8s.io/v1/${kind,,}webhookconfigurations" \
			"{\"apiVersion\":\"admissionregistration.k8s.io/v1\",\"kind\":\"${kind}WebhookConfiguration\",\"metadata\":{\"name\":\"probe\"}}" >/dev/null 2>&1 &&
			api DELETE "/apis/admissionregistration.k8s.io/v1/${kind,,}webhookconfigurations/probe" >/dev/null 2>&1 || return 1
	done
}

start_apiserver() {
	local try
	for try in 1 2 3 4 5; do
		launch_apiserver "$work/api.$try"
		kubeconfig=$work/admin.kubeconfig
		kubeconfig_of admin-token "$kubeconfig" default
		can_keep_webhooks && return
		stop_apiserver
	done
	fail "the API server cannot keep webhook configurations"
}
