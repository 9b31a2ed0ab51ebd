#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The shipped sets, as a whole: `policy list` says of each what its list.txt
# says (policies, rules, layers, modes, controls), built in or read from the
# directory; `policy lint` has nothing to say. What they make of objects is in
# their cases.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

count=0
for set in "$SOURCE"/policies/*/; do
	name=$(basename "$set")
	[ "$name" != facts ] || continue
	facts=$set/cases/site.yaml
	diff "$set/cases/list.txt" <("$FIPSGATE" policy list --policies "$set" --facts "$facts") || fail "$name is not what its list.txt says"
	diff "$set/cases/list.txt" <("$FIPSGATE" policy list --policies "builtin:$name" --facts "$facts") || fail "builtin:$name differs"
	"$FIPSGATE" policy lint "$set" --facts "$facts" >"$work/lint" || fail "policy lint: $(cat "$work/lint")"
	grep -q 'errors: 0, warnings: 0' "$work/lint" || fail "policy lint: $(cat "$work/lint")"
	count=$((count + 1))
done
[ "$count" -ge 5 ] || fail "only $count sets"
echo "$count sets, as listed, nothing to say against them"
