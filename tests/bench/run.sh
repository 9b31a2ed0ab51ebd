#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What it costs: prints a table of measurements beside their budgets. Never
# part of pass or fail; a machine with other work on it measures nothing.
#
#   tests/bench/run.sh [SECONDS]     of each load, default 5
#
# The server has one worker on the first CPU, the client (wrk) the last one.
# Ratios compare /validate and /mutate to the same program dropping the body and
# answering a constant. A machine's speed drifts within minutes, so the servers
# are loaded in turn, round after round; what is printed is the median of the rounds'
# rates, and that of their ratios.
set -euo pipefail

source=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
build=${BUILD_DIR:-$source/build}/bench
seconds=${1:-5}
rounds=5
work=$(mktemp -d)
declare -A server url

stop() {
	local name
	for name in "${!server[@]}"; do
		kill "${server[$name]}" 2>/dev/null || true
		wait "${server[$name]}" 2>/dev/null || true
	done
}
trap 'stop; rm -rf "$work"' EXIT

"$source/deploy/packages.sh" full
mkdir -p "$build"
cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBENCH=ON >"$build.log"
cmake --build "$build" --target fipsgate bench bench_constant bench_manifests >"$build.log" || { cat "$build.log"; exit 1; }
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

# start NAME PROGRAM fips-mode: sets url[NAME]. Logs as it does by default, a line a review.
start() {
	local log=$work/$1.log
	: >"$log"
	taskset -c 0 "$2" serve --listen 127.0.0.1:0 --probe-listen 127.0.0.1:0 --workers 1 --fips "$3" \
		--tls-cert "$work/tls.crt" --tls-key "$work/tls.key" --openssl-conf "$work/fips/openssl.cnf" \
		--policies builtin:aws-govcloud --facts "$source/policies/sample-site.yaml" 2>"$log" &
	server[$1]=$!
	until grep -q '"msg":"fipsgate serves"' "$log"; do
		kill -0 "${server[$1]}" || { cat "$log"; exit 1; }
		sleep 0.1
	done
	url[$1]=https://$(sed -nE 's/.*"fipsgate serves".*"listen":"([^"]*)".*/\1/p' "$log")
}

# load NAME PATH BODY: requests a second, p99 in ms, errors
load() {
	BODY=$3 taskset -c "$(($(nproc) - 1))" wrk -t 1 -c 32 -d "${seconds}s" -s "$work/post.lua" "${url[$1]}$2" | sed -n 's/^RESULT //p'
}

# Of the numbers on stdin.
median() { sort -g | awk '{ n[NR] = $1 } END { print n[int((NR + 1) / 2)] }'; }
sum() { awk '{ n += $1 } END { print n + 0 }'; }
column() { cut -d' ' -f"$2" "$work/$1.rounds"; }
rate() { column "$1" 1 | median; }
ratio() { paste -d' ' <(column "$1" 1) <(column "$2" 1) | awk '{ printf "%.3f\n", $1 / $2 }' | median; }
resident() { awk '/^VmHWM/ { print $2 }' "/proc/${server[$1]}/status"; }
beside() { echo "(p99 $(column "$1" 2 | median) ms, $(column "$1" 3 | sum) errors); resident $(resident "$1") KiB of 32768"; }
row() { printf '%-52s %12s  %s\n' "$1" "$2" "$3"; }

one_round() {
	load constant /validate "$work/pod-5k.json" >>"$work/constant.rounds"
	load validate /validate "$work/pod-5k.json" >>"$work/validate.rounds"
	load mutate /mutate "$work/plain-5k.json" >>"$work/mutate.rounds"
	load off /validate "$work/pod-5k.json" >>"$work/off.rounds"
}

serving() {
	start constant "$build/tests/bench/bench_constant" required
	start validate "$build/src/fipsgate" required
	start mutate "$build/src/fipsgate" required
	start off "$build/src/fipsgate" off
	one_round # warms up
	[ -z "$(cat "$work"/*.rounds | grep '^0 ')" ] || { echo "a server answers nothing"; exit 1; }
	rm "$work"/*.rounds
	for _ in $(seq "$rounds"); do one_round; done
	row "a constant, body dropped: requests/s, one worker" "$(rate constant)" ""
	row "/validate, 5 KB pod: requests/s" "$(rate validate)" "$(beside validate)"
	row "  of the constant" "$(ratio validate constant)" ">= 0.60"
	row "/mutate with image and sidecar: requests/s" "$(rate mutate)" "$(beside mutate)"
	row "  of the constant" "$(ratio mutate constant)" ">= 0.45"
	row "/validate without the FIPS provider: requests/s" "$(rate off)" ""
	row "  FIPS of that" "$(ratio validate off)" ">= 0.90"
	stop
}

# judging REVIEW POLICIES BUDGET: five runs, each the median of its batches
judging() {
	local i
	for i in $(seq "$rounds"); do
		taskset -c 0 "$build/tests/bench/bench" "$1" "$2" "$source/policies/sample-site.yaml"
	done >"$work/judging"
	row "  microseconds: $(sed 's/:.*//' "$work/judging" | head -1)" \
		"$(sed -nE 's/.*: ([0-9.]+) us.*/\1/p' "$work/judging" | median)" "<= $3"
	printf '    each run: %s\n' "$(sed -nE 's/.*: ([0-9.]+) us.*/\1/p' "$work/judging" | paste -sd' ')"
	sed -nE 's/.* us, (.*)/    \1/p' "$work/judging" | sort -u
}

# checking COUNT: manifests a second and KiB at most, of `rounds` runs. It stands for one core by
# the time of the clock, and by that of the processor where others use the machine.
checking() {
	local i
	mkdir -p "$work/tree-$1"
	"$build/tests/bench/bench_manifests" "$work/tree-$1" "$1" | sed 's/^/  /'
	for i in $(seq "$rounds"); do
		/usr/bin/time -a -o "$work/check-$1" -f "%e %U %S %M" taskset -c 0 "$build/src/fipsgate" check \
			--policies builtin:aws-govcloud --facts "$source/policies/sample-site.yaml" "$work/tree-$1" >/dev/null
	done
	row "  manifests a second" "$(awk -v n="$1" '{ print int(n / $1) }' "$work/check-$1" | median)" ">= 5000"
	row "  manifests a second of processor time" "$(awk -v n="$1" '{ print int(n / ($2 + $3)) }' "$work/check-$1" | median)" ""
	row "  resident at most, KiB" "$(cut -d' ' -f4 "$work/check-$1" | sort -n | tail -1)" "the same for any number"
}

printf '%s, %s CPUs, %s\n\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" "$(nproc)" "$("$build/src/fipsgate" version | sed -n 's/^OpenSSL  *//p')"
row "what" "measured" "budget"
serving
printf '\nparse and evaluate only (one core)\n'
judging "$work/pod-5k.json" builtin:aws-govcloud 25
judging "$work/pod-64k.json" "$work/fifty.yaml" 150
printf '\nfipsgate check (one core)\n'
checking 2000
checking 20000
