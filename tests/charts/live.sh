#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The parts of the chart that can run here, run: the arguments of the pods start
# a server, the containers of `helm test` ask it, by every shipped set, and say so
# when an answer is another; alerts and dashboard name only metrics that it has.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/../e2e/lib.sh"
here=$SOURCE/tests/charts

status=0
"$here/helm.sh" >"$work/helm" || { status=$?; cat "$work/helm"; exit "$status"; }
mkdir "$work/parts"
/usr/bin/python3 "$here/parts.py" "$work/parts" || fail "the chart does not come apart"
parts=$work/parts

# ask NAME [OTHER-ANSWER]: the container NAME of the test, against this server
ask() {
	local arguments
	mapfile -t arguments < <(sed -E "s|--url=https://[^/]*|--url=$url|; s|/etc/fipsgate/ca/ca.crt|$work/tls.crt|; s|/etc/fipsgate/reviews|$parts|" "$parts/$1.args")
	[ -z "${2:-}" ] || arguments=("${arguments[@]/--expect=$1/--expect=$2}")
	"$FIPSGATE" "${arguments[@]}" --openssl-conf "$work/fips/openssl.cnf" >"$work/asked" 2>&1
}

for set in baseline aws-govcloud azure-government gcp-assured-workloads on-prem; do
	serve --policies "builtin:$set"
	ask denied || fail "$set does not deny what helm test wants denied: $(cat "$work/asked")"
	ask allowed || fail "$set does not allow what helm test wants allowed: $(cat "$work/asked")"
	status=0
	ask denied allowed || status=$?
	[ "$status" -eq 1 ] || fail "$set: helm test does not notice an answer that is another ($status)"
	stop_server
done

# The site's values, as the pod would be started; its files are those of the ConfigMaps.
mapfile -t arguments < <(sed -E "1d; /--(listen|probe-listen|tls-cert|tls-key)=/d; s|/etc/fipsgate|$parts|" "$parts/serve.args")
serve "${arguments[@]}"
curl -sS --max-time 10 "$probe/readyz?verbose" >"$work/ready"
grep -q '^readyz check passed' "$work/ready" || fail "not ready: $(cat "$work/ready")"
! grep -E 'missing: *[^ n]' "$work/ready" || fail "values \`site\` supply less than the set wants"
grep -q 'never' "$parts/serve.args" || fail "the namespaces that are never denied are not given"

curl -sS --max-time 10 "$probe/metrics" >"$work/metrics"
while read -r name; do
	grep -qE "^# TYPE ${name%_bucket} " "$work/metrics" || fail "there is no metric $name, which alerts or dashboard use"
done <"$parts/metrics"
[ "$(wc -l <"$parts/metrics")" -ge 12 ] || fail "only $(wc -l <"$parts/metrics") metrics are used"

if command -v promtool >/dev/null; then
	promtool check rules "$parts/rules.yaml" >"$work/promtool" 2>&1 || fail "promtool: $(cat "$work/promtool")"
else
	echo "not run: promtool is not installed (deploy/packages.sh full)"
fi

# What is no answer of a webhook.
expect() { # status, words, arguments
	local status=0 want=$1 words=$2
	shift 2
	"$FIPSGATE" ask --openssl-conf "$work/fips/openssl.cnf" "$@" >"$work/asked" 2>&1 || status=$?
	[ "$status" -eq "$want" ] && grep -q -- "$words" "$work/asked" || fail "ask $*: $status, not $want with \`$words\`: $(cat "$work/asked")"
}
expect 2 "no path" --url "$url" --ca "$work/tls.crt" "$parts/denied.json"
expect 2 "must be https" --url http://127.0.0.1/validate "$parts/denied.json"
expect 2 "which review" --url "$url/validate" --ca "$work/tls.crt"
expect 2 "HTTP 404" --url "$url/nowhere" --ca "$work/tls.crt" "$parts/denied.json"
expect 2 "certificate" --url "$url/validate" "$parts/denied.json"
expect 2 "no such\|No such" --url "$url/validate" --ca "$work/tls.crt" "$work/nothing.json"
expect 0 "denied.json: denied" --url "$url/validate" --ca "$work/tls.crt" "$parts/denied.json" "$parts/allowed.json"
expect 1 "expected to be denied" --url "$url/validate" --ca "$work/tls.crt" --expect denied "$parts/denied.json" "$parts/allowed.json"
