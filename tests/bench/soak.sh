#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Minutes of steady load with everything changing underneath, and a million
# reviews whose memory must not be seen afterwards. Prints Markdown; exits 1 if
# the good client lost an answer or got a wrong one, or if something stayed behind.
#
#   tests/bench/soak.sh [SECONDS [RATE]]     of each of two runs, default 300 at 2000 a second; 0: neither
#
# REVIEWS (default 1000000) is how many the second part asks for.
set -euo pipefail

source=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
build=${BUILD_DIR:-$source/build}/bench
seconds=${1:-300}
rate=${2:-2000}
reviews=${REVIEWS:-1000000}
work=$(mktemp -d)
pid=
begun=
bad=0

cleanup() {
	# shellcheck disable=SC2086 # a list of numbers
	[ -z "$begun$pid" ] || kill $begun $pid 2>/dev/null || true
	wait
	rm -rf "$work"
}
trap cleanup EXIT

"$source/deploy/packages.sh" full
mkdir -p "$build"
cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBENCH=ON >"$build.log"
cmake --build "$build" --target fipsgate load crowd >"$build.log" || { cat "$build.log"; exit 1; }
"$source/deploy/fips-config.sh" "$work/fips"

# Certificates of one CA, and policies in two versions, as the kubelet mounts them.
key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha256 -nodes)
openssl req -x509 "${key[@]}" -days 1 -subj /CN=ca -keyout "$work/ca.key" -out "$work/ca.crt" 2>/dev/null
for i in 0 1 2 3; do
	mkdir -p "$work/certs/..$i"
	openssl req "${key[@]}" -subj /CN=localhost -keyout "$work/certs/..$i/tls.key" -out "$work/csr" 2>/dev/null
	openssl x509 -req -in "$work/csr" -CA "$work/ca.crt" -CAkey "$work/ca.key" -CAcreateserial -days 1 \
		-extfile <(echo 'subjectAltName=DNS:localhost,IP:127.0.0.1') -out "$work/certs/..$i/tls.crt" 2>/dev/null
done
for mode in warn enforce; do
	mkdir -p "$work/policies/..$mode"
	printf '%s\n' 'apiVersion: fipsgate.io/v1alpha1' 'kind: FipsPolicy' 'metadata: { name: flip }' \
		"spec: { mode: $mode, match: { namespaces: { include: [flip] } }, rules: [{ name: digest, type: image-digest }] }" \
		>"$work/policies/..$mode/flip.yaml"
done
swap() { # directory version
	ln -s "..$2" "$work/$1/..data_tmp"
	mv -T "$work/$1/..data_tmp" "$work/$1/..data"
}
swap policies warn
swap certs 0
ln -s ..data/flip.yaml "$work/policies/flip.yaml"
ln -s ..data/tls.crt ..data/tls.key "$work/certs/"

start() {
	"$build/src/fipsgate" serve --listen 127.0.0.1:0 --probe-listen 127.0.0.1:0 --drain-delay 0s \
		--tls-cert "$work/certs/tls.crt" --tls-key "$work/certs/tls.key" --openssl-conf "$work/fips/openssl.cnf" \
		--policies builtin:aws-govcloud --facts "$source/policies/sample-site.yaml" --policies "$work/policies" "$@" 2>"$work/log" &
	pid=$!
	until grep -q '"msg":"fipsgate serves"' "$work/log"; do
		kill -0 "$pid" || { cat "$work/log"; exit 1; }
		sleep 0.1
	done
	url=$(grep -m 1 '"msg":"fipsgate serves"' "$work/log" | jq -r .listen)
	probe=http://$(grep -m 1 '"msg":"fipsgate serves"' "$work/log" | jq -r .probe)
}
stop() {
	kill "$pid"
	wait "$pid" || true
	pid=
}
metric() { curl -sS --max-time 10 "$probe/metrics" | awk -v name="fipsgate_$1" '$1 == name { print $2 }'; }
rss() { awk '/^VmRSS/ { print $2 }' "/proc/$pid/status"; }
descriptors() { find "/proc/$pid/fd" -mindepth 1 | wc -l; }
processor() { awk '{ print ($14 + $15) / '"$(getconf CLK_TCK)"' }' "/proc/$pid/stat"; }

# What is asked, and what is right.
plan() {
	local name
	for name in compliant noncompliant repairable; do
		jq -c . "$source/deploy/examples/$name.json" >"$work/$name.json"
	done
	jq -c '.request.namespace = "flip" | .request.object.metadata.namespace = "flip"' "$work/compliant.json" >"$work/flip.json"
	jq -c '.request.object.spec.containers[0].env += [range(60) | {name: "SETTING_\(.)", value: "value-of-a-setting-that-is-about-this-long-\(.)"}]' \
		"$work/compliant.json" >"$work/five.json"
	jq -c '.request.object.spec.containers[0].env += [range(800) | {name: "SETTING_\(.)", value: "value-of-a-setting-that-is-about-this-long-\(.)"}]' \
		"$work/compliant.json" >"$work/sixty.json"
	patch=$(curl -sS --cacert "$work/ca.crt" -H 'Content-Type: application/json' --data-binary "@$work/repairable.json" \
		"https://$url/mutate" | jq -er .response.patch)
	cat >"$work/plan" <<-PLAN
		/validate $work/five.json true
		/validate $work/noncompliant.json false
		/mutate $work/repairable.json true:$patch
		/validate/enforce $work/noncompliant.json false
		/validate $work/five.json true
		/validate/audit $work/noncompliant.json true
		/validate $work/flip.json true false
		/validate $work/sixty.json true
	PLAN
}
ask() { "$build/tests/e2e/load" "$url" "$work/ca.crt" "$work/plan" "$@"; }

change_everything() {
	local i=0
	while sleep 1; do
		i=$((i + 1))
		swap policies "$([ $((i % 2)) = 0 ] && echo warn || echo enforce)"
		[ $((i % 10)) != 0 ] || swap certs $((i / 10 % 4))
	done
}

# steady NAME: a run with 500 slow clients; everything changes if NAME is changing
steady() {
	local kind before
	start
	plan
	begun=
	for kind in silent hello header body half-open; do
		"$build/tests/e2e/crowd" "$url" "$work/ca.crt" "$kind" 100 $((seconds + 30)) >"$work/crowd-$kind" &
		begun="$begun $!"
	done
	until [ "$(cat "$work"/crowd-* | grep -c 'all here')" = 5 ]; do sleep 0.1; done
	if [ "$1" = changing ]; then
		change_everything &
		begun="$begun $!"
	fi
	before=$(processor)
	ask -r "$rate" -c 64 -k 2000 -t "$seconds" >"$work/$1.json"
	jq -c --arg run "$1" --argjson cpu "$(awk -v a="$before" -v b="$(processor)" -v s="$seconds" 'BEGIN { printf "%.2f", (b - a) / s }')" \
		--argjson policies "$(metric 'reloads_total{what="policies",outcome="replaced"}')" \
		--argjson certs "$(metric 'reloads_total{what="certificate",outcome="replaced"}')" \
		--argjson failed "$(($(metric 'reload_failures_total{what="policies"}') + $(metric 'reload_failures_total{what="certificate"}')))" \
		'. + {run: $run, cpu: $cpu, policies: $policies, certs: $certs, failed: $failed}' "$work/$1.json" >"$work/$1.run"
	# shellcheck disable=SC2086
	kill $begun 2>/dev/null || true
	# shellcheck disable=SC2086
	wait $begun 2>/dev/null || true
	begun=
	stop
	rm -f "$work"/crowd-*
	jq -e '.lost + .wrong + .resent + .unconnected + .failed == 0' "$work/$1.run" >/dev/null || { bad=1; jq . "$work/$1.run" >&2; }
}

tell_steady() {
	printf '| run | asked | answered | a second | lost | wrong | asked twice | late (> 1 s) | p50 | p99 | slowest | policies | certificates | CPUs |\n'
	printf '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n'
	jq -r '"| \(.run) | \(.sent) | \(.answered) | \(.rate) | \(.lost) | \(.wrong) | \(.resent) | \(.late) | \(.p50us / 1000) ms | \(.p99us / 1000) ms | \(.maxus / 1000) ms | \(.policies) replaced | \(.certs) replaced | \(.cpu) |"' \
		"$work/still.run" "$work/changing.run"
	jq -rs '"\nLate, changing to still: \(.[1].late) to \(.[0].late)" + (if .[0].late > 0 then " (\(.[1].late / .[0].late * 100 | round / 100))" else "" end) +
		"; p99: \(.[1].p99us / .[0].p99us * 100 | round / 100)."' "$work/still.run" "$work/changing.run"
}

# As fast as answers come, over 100 connections; resident memory each tenth.
million() {
	local first_fds at=0 here
	start
	plan
	first_fds=$(descriptors)
	printf '| after | resident, KiB | descriptors |\n|---:|---:|---:|\n| 0 | %s | %s |\n' "$(rss)" "$first_fds"
	for _ in $(seq 10); do
		ask -r 0 -t 0 -c 100 -n $((reviews / 10)) >"$work/part"
		jq -e '.lost + .wrong + .resent + .unconnected == 0' "$work/part" >/dev/null || { bad=1; jq . "$work/part" >&2; }
		for _ in $(seq 100); do
			[ "$(metric connections)" = 0 ] && break
			sleep 0.1
		done
		at=$((at + reviews / 10))
		here=$(rss)
		printf '| %s | %s | %s |\n' "$at" "$here" "$(descriptors)"
		[ "$at" != $((reviews / 10)) ] || first=$here
	done
	[ $((here - first)) -le 1024 ] || bad=1
	[ "$(descriptors)" -le $((first_fds + 1)) ] || bad=1
	printf '\nFrom the first tenth to the last: %s KiB (1024 are allowed); at most %s KiB (32768 are allowed).\n' $((here - first)) \
		"$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status")"
	stop
}

if [ "$seconds" != 0 ]; then
	steady still
	steady changing
	printf '### %s reviews a second for %s s, beside 500 slow clients\n\n' "$rate" "$seconds"
	tell_steady
	echo
fi
printf '### %s mixed reviews over 100 connections\n\n' "$reviews"
million
exit $bad
