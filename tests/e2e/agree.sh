#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The server and `policy test` are one engine: each recorded review gets over TLS
# what its case wants of `policy test`, and an exception begins and ends on the
# same day for both.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

# answer PATH FILE: what the server decides, as a want.json writes it
answer() {
	[ "$(post "$1" "$2")" = 200 ] || fail "$1 < $2: no answer"
	jq -S '.response | { allowed, patch: (if .patch then (.patch | @base64d | fromjson) else null end) }' "$work/body"
}

serve --policies builtin:aws-govcloud --facts "$SOURCE/policies/sample-site.yaml"
count=0
for case in "$SOURCE"/tests/cases/fixtures/*/; do
	review=$case$(cat "$case/review")
	for path in validate mutate; do
		want=$(jq -S --arg path "$path" '.[$path] | { allowed, patch: (.patch // null) }' "$case/want.json")
		[ "$want" = "$(answer "/$path" "$review")" ] || fail "$path < $case: $(cat "$work/body")"
		count=$((count + 1))
	done
done
[ "$count" -ge 68 ] || fail "only $count answers: are the cases there?"
stop_server

# exception NAME DAY: lifts the registry rule from pods of that name
exception() {
	cat <<-EXCEPTION
		---
		apiVersion: fipsgate.io/v1alpha1
		kind: FipsException
		metadata: { name: $1 }
		spec:
		  policies: [{ name: registry, rules: [endpoints] }]
		  match: { namespaces: [payments], names: [$1] }
		  reason: "POA&M 42"
		  owner: platform@example.gov
		  expires: $2
	EXCEPTION
}

# in_case NAME WANTED DAY: what `policy test` says of the pod NAME on DAY
in_case() {
	mkdir -p "$work/cases/$1"
	cp "$work/$1.json" "$work/cases/$1/review.json"
	cp "$work/policy.yaml" "$work/cases/$1/policy.yaml"
	echo "$3" >"$work/cases/$1/today"
	"$FIPSGATE" policy test --record "$work/cases/$1" >/dev/null || fail "policy test: $1"
	[ "$(jq .validate.allowed "$work/cases/$1/want.json")" = "$2" ] || fail "policy test on $3: $1 is not allowed: $2"
}

day() { date -u -d "$1" +%F; }

today=$(day today)
{
	sed '/^---/,$d' "$SOURCE/tests/cases/exception/lifts-by-name/policy.yaml"
	exception ends-today "$today"
	exception ended-yesterday "$(day yesterday)"
	exception ends-in-366-days "$(day '366 days')"
	exception ends-in-367-days "$(day '367 days')"
} >"$work/policy.yaml"

serve --policies "$work/policy.yaml"
while read -r name allowed; do
	jq --arg name "$name" '.request.name = $name | .request.object.metadata.name = $name' \
		"$SOURCE/tests/cases/exception/lifts-by-name/review.json" >"$work/$name.json"
	got=$(answer /validate "$work/$name.json" | jq .allowed)
	[ "$(day today)" = "$today" ] || { echo "skipped: a new day began"; exit 0; }
	[ "$got" = "$allowed" ] || fail "the server: $name is not allowed: $allowed"
	jq -e --arg name "$name" --argjson allowed "$allowed" \
		'(.response.auditAnnotations.exceptions // "" | startswith($name + " registry/endpoints ")) == $allowed' \
		"$work/body" >/dev/null || fail "the audit annotation of $name: $(cat "$work/body")"
	in_case "$name" "$allowed" "$today"
done <<-'TABLE'
	ends-today true
	ended-yesterday false
	ends-in-366-days true
	ends-in-367-days false
TABLE
alive
echo "$count answers and four exceptions, the same twice"
