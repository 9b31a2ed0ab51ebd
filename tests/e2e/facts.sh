#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Facts of the site that stand in place of shipped ones are told when the server
# starts and by `policy lint`; those that only add to them are not.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

# facts NAME VALUE
facts() {
	cat <<-FACTS
		---
		apiVersion: fipsgate.io/v1alpha1
		kind: FipsFacts
		metadata: { name: $1 }
		spec:
		  layer: storage
		  rows: [{ value: $2, verdict: strict, sure: A, source: example, asOf: 2026-11-22, encryption: always }]
	FACTS
}
{
	facts site-classes fast
	facts storage-drivers disk.example.gov
} >"$work/facts.yaml"

serve --facts "$work/facts.yaml"
for _ in $(seq 100); do
	told=$(grep '"msg":"facts of the site replace the shipped ones"' "$log") && break
	sleep 0.05
done
[ "$(wc -l <<<"$told")" = 1 ] || fail "told of: $told"
[ "$(jq -r '.set' <<<"$told")" = storage-drivers ] || fail "told of: $told"
[ "$(jq -r '.file' <<<"$told")" = "$work/facts.yaml" ] || fail "told of: $told"
[ "$(jq '.facts' <<<"$told")" = 1 ] || fail "told of: $told"
[ "$(jq '.shipped' <<<"$told")" -gt 20 ] || fail "told of: $told"

lint=$("$FIPSGATE" policy lint builtin:baseline --facts "$work/facts.yaml") || true
grep -q 'warning: replaces the [0-9]* facts shipped as `storage-drivers` with 1 of its own' <<<"$lint" || fail "lint: $lint"
[ "$(grep -c 'replaces' <<<"$lint")" = 1 ] || fail "lint: $lint"
echo "facts that replace shipped ones are told"
