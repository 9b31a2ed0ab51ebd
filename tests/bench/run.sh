#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What it costs: prints a table of measurements beside their budgets. Never
# part of pass or fail; a machine with other work on it measures nothing.
#
#   tests/bench/run.sh [SECONDS]               of each load, default 5
#   tests/bench/run.sh --results [SECONDS]     writes RESULTS.md beside it, soak.sh (about 15 minutes) included,
#                                              and profile.md at its end: where the time goes, in words
#
# The server has one worker on the first CPU, the client (wrk) the last one.
# Ratios compare /validate and /mutate to the same program dropping the body and
# answering a constant. A machine's speed drifts within minutes, so the servers
# are loaded in turn, round after round; what is printed is the median of the rounds'
# rates, and that of their ratios.
set -euo pipefail

source=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
build=${BUILD_DIR:-$source/build}/bench
results=
[ "${1:-}" != --results ] || { results=$source/tests/bench/RESULTS.md; shift; }
seconds=${1:-5}
rounds=5
work=$(mktemp -d)
table=$work/table.md
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
cmake --build "$build" --target fipsgate bench bench_constant bench_manifests bench_crypto load >"$build.log" || { cat "$build.log"; exit 1; }
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
	io.write(string.format("RESULT %.0f %.2f %d %d\n", summary.requests / (summary.duration / 1e6), latency:percentile(99) / 1000,
		errors.connect + errors.read + errors.write + errors.status + errors.timeout, summary.requests))
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

# load NAME PATH BODY: requests a second, p99 in ms, errors, microseconds of the server's processor time a request
load() {
	local before
	before=$(processor "$1")
	BODY=$3 taskset -c "$(($(nproc) - 1))" wrk -t 1 -c 32 -d "${seconds}s" -s "$work/post.lua" "${url[$1]}$2" | sed -n 's/^RESULT //p' >"$work/one"
	awk -v before="$before" -v after="$(processor "$1")" '{ printf "%s %s %s %.1f\n", $1, $2, $3, (after - before) / ($4 ? $4 : 1) }' "$work/one"
}

# Of the numbers on stdin.
median() { sort -g | awk '{ n[NR] = $1 } END { print n[int((NR + 1) / 2)] }'; }
sum() { awk '{ n += $1 } END { print n + 0 }'; }
column() { cut -d' ' -f"$2" "$work/$1.rounds"; }
rate() { column "$1" 1 | median; }
resident() { awk '/^VmHWM/ { print $2 }' "/proc/${server[$1]}/status"; }
beside() { echo "p99 $(column "$1" 2 | median) ms, $(column "$1" 3 | sum) errors, $(resident "$1") KiB resident"; }
processor() { awk '{ print ($14 + $15) * 1000000 / '"$(getconf CLK_TCK)"' }' "/proc/${server[$1]}/stat"; }
# against MEASURED BUDGET: is it met, and by how much is it missed?
against() {
	awk -v have="$1" -v budget="$2" 'BEGIN {
		if (split(budget, part, " ") != 2 || part[1] !~ /^[<>]=$/) exit
		over = part[1] == ">=" ? 1 - have / part[2] : have / part[2] - 1
		if (over <= 0) print "met"; else printf "missed by %.0f %%\n", 100 * over
	}'
}
# row WHAT MEASURED [BUDGET [SPREAD]]
row() {
	local met
	met=$(against "$2" "${3:-}")
	printf '%-76s %16s  %-8s %-16s %s\n' "$1" "$2" "${3:-}" "$met" "${4:-}"
	printf '| %s | %s | %s | %s | %s |\n' "$1" "$2" "${3:-}" "$met" "${4:-}" >>"$table"
}
# The least and the most of the numbers on stdin.
spread() { sort -g | awk 'NR == 1 { least = $1 } { most = $1 } END { print least " to " most }'; }
ratios() { paste -d' ' <(column "$1" "${3:-1}") <(column "$2" "${3:-1}") | awk '{ printf "%.3f\n", $1 / $2 }'; }

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
	row "a constant, body dropped: requests/s, one worker" "$(rate constant)" "" "$(column constant 1 | spread)"
	row "/validate, 5 KB pod: requests/s" "$(rate validate)" "" "$(column validate 1 | spread); $(beside validate)"
	of "/validate beside the constant" validate constant ">= 0.60"
	row "/mutate with image and sidecar: requests/s" "$(rate mutate)" "" "$(column mutate 1 | spread); $(beside mutate)"
	of "/mutate beside the constant" mutate constant ">= 0.45"
	row "/validate without the FIPS provider: requests/s" "$(rate off)" "" "$(column off 1 | spread)"
	of "FIPS provider beside the default one, /validate" validate off ">= 0.90" "about 10 % more, a control plane in Go"
	steady
	stop
}

# of WHAT NAME OTHER BUDGET [PUBLISHED]: throughput, and the processor time of the server, which other work on the machine moves less
of() {
	row "$1, by throughput" "$(ratios "$2" "$3" | median)" "$4" "$(ratios "$2" "$3" | spread)"
	row "$1, by processor time" "$(ratios "$3" "$2" 4 | median)" "$4" \
		"$(ratios "$3" "$2" 4 | spread); $(column "$2" 4 | median) us to $(column "$3" 4 | median) us a request${5:+; published: $5}"
}

# 1,000 reviews a second, each due when it is due; the client verifies every answer.
steady() {
	local i
	echo "/validate $work/pod-5k.json true" >"$work/plan"
	for i in $(seq "$rounds"); do
		taskset -c "$(($(nproc) - 1))" "$build/tests/e2e/load" "${url[validate]#https://}" "$work/tls.crt" "$work/plan" -r 1000 -c 32 -t "$seconds"
	done >"$work/steady"
	row "1,000 reviews/s, one worker: p99 in ms" "$(jq '.p99us / 1000' "$work/steady" | median)" "<= 5" \
		"$(jq '.p99us / 1000' "$work/steady" | spread); p50 $(jq '.p50us / 1000' "$work/steady" | median) ms; $(jq '.lost + .wrong + .resent + .late' "$work/steady" | sum) of $(jq .sent "$work/steady" | sum) lost, wrong or late"
}

# From exec to the first 200 of /readyz, as a client sees it.
starting() {
	local i began port=18081
	for i in $(seq "$rounds"); do
		began=$(date +%s%N)
		"$build/src/fipsgate" serve --listen 127.0.0.1:0 --probe-listen "127.0.0.1:$port" --tls-cert "$work/tls.crt" --drain-delay 0s \
			--tls-key "$work/tls.key" --openssl-conf "$work/fips/openssl.cnf" --policies builtin:aws-govcloud 2>/dev/null &
		server[start]=$!
		until curl -sf -o /dev/null "http://127.0.0.1:$port/readyz"; do kill -0 "${server[start]}" || exit 1; done
		echo $((($(date +%s%N) - began) / 1000000))
		stop
	done >"$work/starts"
	row "start to ready, FIPS self tests included: ms" "$(median <"$work/starts")" "<= 1000" "$(spread <"$work/starts")"
}

# judging REVIEW POLICIES BUDGET: five runs, each the median of its batches
judging() {
	local i
	for i in $(seq "$rounds"); do
		taskset -c 0 "$build/tests/bench/bench" "$1" "$2" "$source/policies/sample-site.yaml"
	done >"$work/judging"
	row "parse and evaluate, microseconds: $(sed 's/:.*//' "$work/judging" | head -1)" \
		"$(sed -nE 's/.*: ([0-9.]+) us.*/\1/p' "$work/judging" | median)" "<= $3" \
		"$(sed -nE 's/.*: ([0-9.]+) us.*/\1/p' "$work/judging" | spread); $(sed -nE 's/.* us, (.*)/\1/p' "$work/judging" | sort -u | paste -sd';')"
}

# checking COUNT: manifests a second and KiB at most, of `rounds` runs. It stands for one core by
# the time of the clock, and by that of the processor where others use the machine.
checking() {
	local i per_second per_cpu
	mkdir -p "$work/tree-$1"
	"$build/tests/bench/bench_manifests" "$work/tree-$1" "$1" | sed 's/^/  /'
	for i in $(seq "$rounds"); do
		/usr/bin/time -a -o "$work/check-$1" -f "%e %U %S %M" taskset -c 0 "$build/src/fipsgate" check \
			--policies builtin:aws-govcloud --facts "$source/policies/sample-site.yaml" "$work/tree-$1" >/dev/null || true
	done
	sed -i '/^Command exited/d' "$work/check-$1"
	per_second() { awk -v n="$1" '{ print int(n / $1) }' "$work/check-$1"; }
	per_cpu() { awk -v n="$1" '{ print int(n / ($2 + $3)) }' "$work/check-$1"; }
	row "check, $1 files, one core: manifests a second" "$(per_second "$1" | median)" ">= 5000" "$(per_second "$1" | spread)"
	row "check, $1 files: manifests a second of processor time" "$(per_cpu "$1" | median)" ">= 5000" "$(per_cpu "$1" | spread)"
	row "check, $1 files: resident at most, KiB" "$(cut -d' ' -f4 "$work/check-$1" | sort -n | tail -1)"
}

# What the provider itself costs, beside OpenSSL's own.
crypto() {
	local i name what published with without
	for i in $(seq "$rounds"); do
		"$build/tests/bench/bench_crypto" "$work/fips/openssl.cnf" "$work/tls.crt" "$work/tls.key" | sed 's/^/fips-/'
		"$build/tests/bench/bench_crypto" off "$work/tls.crt" "$work/tls.key" | sed 's/^/off-/'
	done >"$work/crypto"
	ns() { awk -v name="$1" '$1 == name { print $2 }' "$work/crypto"; }
	while IFS='|' read -r name what published; do
		with=$(ns "fips-$name" | median) without=$(ns "off-$name" | median)
		row "$what, FIPS provider beside the default one: ns" "$with to $without" "" \
			"$(awk -v a="$with" -v b="$without" 'BEGIN { printf "%.2f", a / b }') times; $(ns "fips-$name" | spread), $(ns "off-$name" | spread)${published:+; published: $published}"
	done <<-TABLE
		block|one AES-128 block|209 to 13 ns, in Go through CGO
		record-1k|AES-256-GCM, a record of 1 KiB
		record-16k|AES-256-GCM, a record of 16 KiB
		handshake|TLS 1.3 handshake, P-256 and ECDSA, the server's half
	TABLE
}

machine="$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) CPUs, Linux $(uname -r), $("$build/src/fipsgate" version | sed -n 's/^OpenSSL  *//p')"
printf '%s\n\n' "$machine"
printf '| what | measured | budget | | spread of %s rounds |\n|---|---:|---|---|---|\n' "$rounds" >"$table"
serving
starting
judging "$work/pod-5k.json" builtin:aws-govcloud 25
judging "$work/pod-64k.json" "$work/fifty.yaml" 150
checking 2000
checking 20000
crypto
[ -n "$results" ] || exit 0

"$source/tests/bench/soak.sh" "${SOAK_SECONDS:-300}" "${SOAK_RATE:-2000}" >"$work/soak.md" ||
	printf '\nSomething here is not as it should be.\n' | tee -a "$work/soak.md" >&2
{
	cat <<-HEAD
		# What it costs

		Written by \`tests/bench/run.sh --results\`; the last chapter is [profile.md](profile.md).

		$machine, $(date -u +%F); the load average was $(cut -d' ' -f1-3 /proc/loadavg) at the end.
		Ratios compare servers that were loaded in turn within the same minutes; the spread is that of the rounds.

		## Budgets

	HEAD
	cat "$table"
	printf '\n## Soak\n\n'
	cat "$work/soak.md"
	echo
	cat "$source/tests/bench/profile.md"
} >"$work/results.md"
mv "$work/results.md" "$results"
