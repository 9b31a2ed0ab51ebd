#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From a fresh Debian machine to a FIPS webhook that denies, allows and repairs.
#
#   deploy/quickstart.sh           shows it and stops everything
#   deploy/quickstart.sh --keep    leaves the webhook running, and says how to talk to it
#
# Installs packages (deploy/packages.sh), builds into build/, and writes its
# certificate, FIPS module configuration and log to build/quickstart/. Listens
# on free ports of 127.0.0.1 only.
set -euo pipefail

source=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
build=${BUILD_DIR:-$source/build}
run=$build/quickstart
program=$build/src/fipsgate
server=

case ${1:-} in
"") keep= ;;
--keep) keep=1 ;;
*) sed -n '3,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

if [ -t 1 ]; then bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' blue=$'\e[34m' plain=$'\e[0m'; else bold='' dim='' red='' green='' blue='' plain=''; fi

step() { printf '%s%-13s%s %s\n' "$bold" "$1" "$plain" "$2"; }
scene() { printf '\n%s%s%s\n%s%s%s\n' "$bold" "$1" "$plain" "$dim" "$2" "$plain"; }
indent() { sed 's/^/    /'; }
fail() {
	printf '%squickstart: %s%s\n' "$red" "$1" "$plain" >&2
	[ ! -s "${2:-}" ] || tail -n 20 "$2" >&2
	exit 1
}
stop() {
	[ -n "$server" ] || return 0
	kill "$server" 2>/dev/null || true
	wait "$server" 2>/dev/null || true
	server=
}
trap stop EXIT

# post PATH FILE: the answer's `response`
post() {
	curl -sS --fail-with-body --cacert "$run/tls.crt" -H 'Content-Type: application/json' --data-binary "@$2" "$url$1" |
		jq .response
}

install() {
	"$source/deploy/packages.sh" run || fail "packages could not be installed"
	step packages "gcc, OpenSSL and its FIPS provider, libmicrohttpd, yyjson, jansson, libyaml are installed"
}

compile() {
	mkdir -p "$run"
	cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF >"$run/build.log" 2>&1 &&
		cmake --build "$build" --target fipsgate >"$run/build.log" 2>&1 || fail "the build failed:" "$run/build.log"
	step build "$("$program" version | awk '$1 == "fipsgate" { v = $2 } $1 == "compiler" { c = $2 } END { print "fipsgate " v ", gcc " c ", release" }')"
}

prepare() {
	"$source/deploy/fips-config.sh" "$run/fips"
	step "FIPS module" "installed for this machine, its self test has passed (openssl fipsinstall)"
	"$source/deploy/dev-cert.sh" "$run" rsa
	step certificate "RSA, self-signed, for localhost, one day (any of the three curves can be spoken with it)"
}

start() {
	"$program" serve --drain-delay 0s --listen 127.0.0.1:0 --probe-listen 127.0.0.1:0 --tls-cert "$run/tls.crt" --tls-key "$run/tls.key" \
		--openssl-conf "$run/fips/openssl.cnf" --policies builtin:aws-govcloud --facts "$source/policies/sample-site.yaml" \
		</dev/null >/dev/null 2>"$run/log" &
	server=$!
	for _ in $(seq 100); do
		grep -q '"msg":"fipsgate serves"' "$run/log" && break
		kill -0 "$server" 2>/dev/null || fail "the webhook did not start:" "$run/log"
		sleep 0.1
	done
	facts=$(grep -m 1 '"msg":"fipsgate serves"' "$run/log") || fail "the webhook did not get ready:" "$run/log"
	fact() { jq -r ".$1" <<<"$facts"; }
	url=https://$(fact listen) probe=http://$(fact probe)
	curl -sS --retry 20 --retry-connrefused --retry-delay 0 --fail -o /dev/null "$probe/readyz" || fail "the webhook is not ready:" "$run/log"
	step webhook "$url with $(fact policySet) ($(fact policies) policies, $(fact rules) rules) and the facts of a sample site"
	step "FIPS" "${green}provider active: $(fact fipsProvider) $(fact fipsVersion), self test $(fact fipsSelfTest)$plain"
	step "" "$dim$(fact fipsNote)$plain"
}

show_denial() {
	scene "1. A pod that breaks the rules" "POST /validate < deploy/examples/noncompliant.json: an image from somewhere, no proxy, a scratch disk of any class"
	post /validate "$source/deploy/examples/noncompliant.json" >"$run/denied.json"
	jq -e '.allowed == false' "$run/denied.json" >/dev/null || fail "it was allowed"
	printf '%s\n' "${red}denied, $(jq .status.code "$run/denied.json")$plain"
	jq -r .status.message "$run/denied.json" | indent
}

show_allow() {
	scene "2. A pod that keeps them" "POST /validate < deploy/examples/compliant.json: the same, from a FIPS endpoint, with the proxy"
	post /validate "$source/deploy/examples/compliant.json" >"$run/allowed.json"
	jq -e '.allowed == true' "$run/allowed.json" >/dev/null || fail "it was denied:" "$run/allowed.json"
	printf '%s\n' "${green}allowed$plain"
}

show_repair() {
	scene "3. A pod that can be repaired" "POST /mutate < deploy/examples/repairable.json: nginx, and nothing else"
	post /mutate "$source/deploy/examples/repairable.json" >"$run/mutated.json"
	jq -e '.allowed and .patchType == "JSONPatch"' "$run/mutated.json" >/dev/null || fail "there is no patch:" "$run/mutated.json"
	printf '%s\n' "${blue}allowed, with a JSON patch (decoded):$plain"
	jq -r .patch "$run/mutated.json" | base64 -d | jq -r '.[] | "\(.op) \(.path)",
		(.value | if type == "object" and . != {} then to_entries[] | "    \(.key): \(.value | tojson)" else "    \(tojson)" end)' | indent
}

show_check() {
	local status=0 check=(check --policies builtin:aws-govcloud --facts policies/sample-site.yaml)
	check+=(--only-layer "container-registry,application-dependencies,load-balancer" --min-severity high)
	scene "4. The same in CI" "fipsgate check deploy/examples/shop.yaml: what would be refused, before it is handed in, and where it stands"
	[ -z "$plain" ] || check+=(--color always)
	(cd "$source" && "$program" "${check[@]}" deploy/examples/shop.yaml) >"$run/check.txt" || status=$?
	[ "$status" -eq 1 ] || fail "check did not find what is wrong:" "$run/check.txt"
	indent <"$run/check.txt"
	printf '%s\n' "${blue}what it can repair, as --diff prints it:$plain"
	(cd "$source" && "$program" "${check[@]}" --exit-zero --diff deploy/examples/shop.yaml 2>/dev/null) | grep -E '^[-+@]' | indent
}

finish() {
	printf '\n'
	if [ -z "$keep" ]; then
		stop
		step stopped "nothing is left running; tests/run.sh runs the tests, README.md says how policies read"
		return
	fi
	step running "pid $server; stop it with: kill $server"
	step try "curl --cacert $run/tls.crt -H 'Content-Type: application/json' --data-binary @deploy/examples/noncompliant.json $url/validate"
	step probes "$probe/readyz?verbose, $probe/metrics; log: $run/log"
	disown "$server"
	server=
}

install
compile
prepare
start
show_denial
show_allow
show_repair
show_check
finish
