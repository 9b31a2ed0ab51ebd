#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What it costs: prints a table of measurements beside their budgets. Never
# part of pass or fail; a machine with other work on it measures nothing.
#
#   tests/bench/run.sh [SECONDS]     of each load, default 5
#
# The server has one worker on the first CPU, the client (wrk) the last one.
# Ratios compare loads of one run, three rounds, the median: /validate and
# /mutate against the same program dropping the body and answering a constant.
set -euo pipefail

source=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
build=${BUILD_DIR:-$source/build}/bench
seconds=${1:-5}
work=$(mktemp -d)
server=

stop() {
	[ -n "$server" ] || return 0
	kill "$server" 2>/dev/null || true
	wait "$server" 2>/dev/null || true
	server=
}
trap 'stop; rm -rf "$work"' EXIT

"$source/deploy/packages.sh" full
mkdir -p "$build"
cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBENCH=ON >"$build.log"
cmake --build "$build" --target fipsgate bench bench_constant >"$build.log" || { cat "$build.log"; exit 1; }
"$source/deploy/fips-config.sh" "$work/fips"
"$source/deploy/dev-cert.sh" "$work"

# A pod of about $1 bytes with $2 containers and the environment that makes it so large.
review() {
	jq -c --argjson size "$1" --argjson containers "$2" '
		.request.object.spec.containers[0] as $one
		| def env($n): [range($n) | { name: "SETTING_\(.)", value: "value-of-a-setting-that-is-about-this-long-\(.)" }];
		.request.object.spec.containers = [range($containers) as $i | $one + { name: "c\($i)" }]
		| (($size - (tojson | length)) / 76 / $containers | floor) as $n
		| .request.object.spec.containers[] += { env: env($n) }
	' "$source/deploy/examples/compliant.json"
}
review 5120 1 >"$work/pod-5k.json"
review 65536 20 >"$work/pod-64k.json"
jq '.request.object.spec |= (.initContainers = [] | .containers[0].image = "nginx:1.27")' -c "$work/pod-5k.json" >"$work/plain-5k.json"

# Fifty rules, five types of them, all of which pass.
{
	printf '%s\n' 'apiVersion: fipsgate.io/v1alpha1' 'kind: FipsPolicy' 'metadata: { name: fifty }' 'spec:' '  mode: enforce' '  rules:'
	for i in $(seq 10); do
		cat <<-RULES
			    - { name: images-$i, type: image-endpoints, allow: ["@ecr-fips", "r$i.example.gov/team"] }
			    - { name: classes-$i, type: volume-classes, allow: [class-$i] }
			    - { name: storage-$i, type: storage-encryption }
			    - { name: services-$i, type: lb-service, allow: ["@elb-policies"] }
			    - { name: proxy-$i, type: sidecar, require: [image, ports], container: { name: fips-proxy, image: "@site-sidecar", ports: [{ containerPort: 8443 }] } }
		RULES
	done
} >"$work/fifty.yaml"

cat >"$work/post.lua" <<'LUA'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local file = io.open(os.getenv("BODY"), "rb")
wrk.body = file:read("*a")
file:close()
function done(summary, latency)
	local errors = summary.errors
	io.write(string.format("RESULT %.0f %.2f %d\n", summary.requests / (summary.duration / 1e6), latency:percentile(99) / 1000,
		errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
LUA

# start PROGRAM fips-mode: sets url. Logs as it does by default, a line a review.
start() {
	: >"$work/log" # not the last one's
	taskset -c 0 "$1" serve --drain-delay 0s --listen 127.0.0.1:0 --probe-listen 127.0.0.1:0 --workers 1 --fips "$2" \
		--tls-cert "$work/tls.crt" --tls-key "$work/tls.key" --openssl-conf "$work/fips/openssl.cnf" \
		--policies builtin:aws-govcloud --facts "$source/policies/sample-site.yaml" 2>"$work/log" &
	server=$!
	until grep -q '"msg":"fipsgate serves"' "$work/log"; do
		kill -0 "$server" || { cat "$work/log"; exit 1; }
		sleep 0.1
	done
	url=https://$(sed -nE 's/.*"fipsgate serves".*"listen":"([^"]*)".*/\1/p' "$work/log")
}

# load PATH BODY: requests a second, p99 in ms, errors
load() {
	BODY=$2 taskset -c "$(($(nproc) - 1))" wrk -t 1 -c 32 -d "${seconds}s" -s "$work/post.lua" "$url$1" | sed -n 's/^RESULT //p'
}

median() { sort -n | sed -n 2p; }
rounds() { # PROGRAM fips PATH BODY
	start "$1" "$2"
	load "$3" "$4" >/dev/null
	for _ in 1 2 3; do load "$3" "$4"; done >"$work/rounds"
	rss=$(awk '/^VmRSS/ { print $2 }' "/proc/$server/status")
	stop
	errors=$(awk '{ n += $3 } END { print n }' "$work/rounds")
	p99=$(cut -d' ' -f2 "$work/rounds" | median)
	rate=$(cut -d' ' -f1 "$work/rounds" | median)
}
row() { printf '%-52s %12s  %s\n' "$1" "$2" "$3"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

printf '%s, %s CPUs, %s\n\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" "$(nproc)" "$("$build/src/fipsgate" version | sed -n 's/^OpenSSL  *//p')"
row "what" "measured" "budget"
rounds "$build/tests/bench/bench_constant" required /validate "$work/pod-5k.json"
constant=$rate
row "a constant, body dropped: requests/s, one worker" "$constant" ""
rounds "$build/src/fipsgate" required /validate "$work/pod-5k.json"
validate=$rate
row "/validate, 5 KB pod: requests/s (p99 ms, errors)" "$validate" "($p99, $errors); resident $rss KiB of 32768"
row "  of the constant" "$(ratio "$validate" "$constant")" ">= 0.60"
rounds "$build/src/fipsgate" required /mutate "$work/plain-5k.json"
row "/mutate with image and sidecar: requests/s" "$rate" "($p99, $errors); resident $rss KiB of 32768"
row "  of the constant" "$(ratio "$rate" "$constant")" ">= 0.45"
rounds "$build/src/fipsgate" off /validate "$work/pod-5k.json"
row "/validate without the FIPS provider: requests/s" "$rate" ""
row "  FIPS of that" "$(ratio "$validate" "$rate")" ">= 0.90"

printf '\nparse and evaluate only (one core)\n'
row "  5 KB pod, builtin:aws-govcloud; budget 25 us" "" ""
taskset -c 0 "$build/tests/bench/bench" "$work/pod-5k.json" builtin:aws-govcloud "$source/policies/sample-site.yaml" | sed 's/^/    /'
row "  64 KB pod, 50 rules; budget 150 us" "" ""
taskset -c 0 "$build/tests/bench/bench" "$work/pod-64k.json" "$work/fifty.yaml" "$source/policies/sample-site.yaml" | sed 's/^/    /'
