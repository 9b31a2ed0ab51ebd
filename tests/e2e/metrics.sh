#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# /metrics: what promtool makes of it, whether README names each family and no
# other, and whether the numbers are those of what was done.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

ok() { echo "ok      $1"; }
scrape() { curl -sS --max-time 10 "$probe/metrics" >"$work/metrics"; }
# sample NAME-AND-LABELS: its value, in what was scraped last
sample() { awk -v name="$1" '{ value = $NF; sub(/ [^ ]*$/, "") } $0 == name { print value }' "$work/metrics"; }
is() { # sample | value
	[ "$(sample "$1")" = "$2" ] && ok "$1 $2" || fail "$1 is \`$(sample "$1")\`, not $2"
}

mkdir "$work/policies"
cat >"$work/policies/p.yaml" <<'POLICY'
apiVersion: fipsgate.io/v1alpha1
kind: FipsPolicy
metadata: { name: images }
spec:
  mode: enforce
  rules: [{ name: digest, type: image-digest }]
---
apiVersion: fipsgate.io/v1alpha1
kind: FipsException
metadata: { name: legacy }
spec:
  policies: [{ name: images, rules: [digest] }]
  match: { namespaces: [batch], names: [NAME] }
  reason: no digest yet
  owner: platform@example.gov
  expires: EXPIRES
POLICY
end=$(date -u -d '+30 days' +%F)
review=$SOURCE/tests/fixtures/pod-plain-create.json
sed -i "s/EXPIRES/$end/; s/NAME/$(jq -r .request.name "$review")/" "$work/policies/p.yaml"
namespace=$(jq -r .request.namespace "$review")
jq -c '.request.namespace = "batch" | .request.object.metadata.namespace = "batch"' "$review" >"$work/batch.json"
jq -c '.request.kind = { group: "gadgets.example", version: "v1", kind: "Gadget" } | .request.object = { apiVersion: "gadgets.example/v1", kind: "Gadget" }' "$review" >"$work/gadget.json"
[ "$namespace" != batch ] || fail "the review is in the namespace of the exception"

serve --policies "$work/policies"
scrape
finding='fipsgate_findings_total{policy="images",rule="digest",layer="container-registry"'
is "$finding,mode=\"enforce\"}" 0
is "$finding,mode=\"audit\"}" 0
is 'fipsgate_exceptions_used_total{exception="legacy"}' 0
for body in "$review" "$review" "$work/batch.json" "$work/gadget.json"; do
	[ "$(post /validate "$body")" = 200 ] || fail "no answer"
done
printf '{' >"$work/short.json"
[ "$(post /validate "$work/short.json")" = 400 ] || fail "no 400"
scrape
is 'fipsgate_reviews_total{stage="validate",operation="CREATE",group="",kind="Pod",answer="denied"}' 2
is 'fipsgate_reviews_total{stage="validate",operation="CREATE",group="",kind="Pod",answer="allowed"}' 1
is 'fipsgate_reviews_total{stage="validate",operation="CREATE",group="other",kind="other",answer="allowed"}' 1
is "$finding,mode=\"enforce\"}" 2
is 'fipsgate_exceptions_used_total{exception="legacy"}' 1
is fipsgate_exceptions 1
is fipsgate_exception_end_seconds "$(date -u -d "$end + 1 day" +%s)"
is fipsgate_review_seconds_count 4
is fipsgate_decode_seconds_count 4
is fipsgate_evaluate_seconds_count 4
is fipsgate_tls_handshakes_total 5
is fipsgate_inflight_requests 0
is "fipsgate_policy_set_info{hash=\"$(started policyHash)\",max_mode=\"enforce\"}" 1
grep -qE "^\[\+\]exceptions ok: 1 count, the first ends in 3[01] days \(legacy, last day $end\)$" <<<"$(curl -sS "$probe/readyz?verbose")" &&
	ok "readyz tells of the exception" || fail "readyz: $(curl -sS "$probe/readyz?verbose")"
[ "$(awk "BEGIN { print $(sample process_start_time_seconds) - $(date +%s) < 2 }")" = 1 ] || fail "it began later than now"
others=$(($(sample process_open_fds) - $(ls "/proc/$pid/fd" | wc -l))) # the connection that scraped
[ "$others" -ge 0 ] && [ "$others" -le 3 ] || fail "$others descriptors more than there are"
ok "the process tells of itself"

# Renamed policies leave their series behind, up to a number.
many() { # generation: a hundred policies of that name
	for i in $(seq 100); do
		printf -- '---\napiVersion: fipsgate.io/v1alpha1\nkind: FipsPolicy\nmetadata: { name: images-%d-%d }\n' "$1" "$i"
		printf 'spec: { mode: enforce, rules: [{ name: digest, type: image-digest }] }\n'
	done >"$work/many/new"
	mv "$work/many/new" "$work/many/p.yaml"
}
stop_server
mkdir "$work/many"
many 1
serve --policies "$work/many"
for generation in 2 3; do
	many "$generation"
	for _ in $(seq 200); do
		scrape
		[ "$(sample 'fipsgate_reloads_total{what="policies",outcome="replaced"}')" -lt $((generation - 1)) ] || break
		sleep 0.05
	done
done
[ "$(post /validate "$review")" = 200 ] || fail "no answer"
scrape
[ "$(grep -c '^fipsgate_findings_total{' "$work/metrics")" = 513 ] || fail "$(grep -c '^fipsgate_findings_total{' "$work/metrics") series of findings"
is 'fipsgate_findings_total{policy="other",rule="other",layer="other",mode="other"}' 100
stop_server

# README, whole and true.
sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' "$work/metrics" | sort >"$work/families"
[ -z "$(uniq -d "$work/families")" ] || fail "twice: $(uniq -d "$work/families")"
sed -nE 's/^\| `((fipsgate|process)_[a-z_]+)`.*/\1/p' "$SOURCE/README.md" | sort >"$work/named"
diff "$work/families" "$work/named" >"$work/diff" && ok "README names each family and no other" || fail "README (>) and /metrics (<) differ: $(cat "$work/diff")"

if command -v promtool >/dev/null; then
	promtool check metrics <"$work/metrics" >"$work/promtool" 2>&1 && [ ! -s "$work/promtool" ] && ok "promtool finds nothing" ||
		fail "promtool: $(cat "$work/promtool")"
	sed 's/^# HELP fipsgate_workers.*//' "$work/metrics" | promtool check metrics >"$work/promtool" 2>&1 && fail "promtool finds nothing whatever it reads"
	grep -q fipsgate_workers "$work/promtool" || fail "promtool: $(cat "$work/promtool")"
else
	echo "not run promtool is not installed (deploy/packages.sh full)"
fi
