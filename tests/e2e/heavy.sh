#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One worker, and reviews of 8 MiB beside small ones: the large ones take the
# time they take, one after the other, and nobody else's answer is lost.
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$(dirname "$(readlink -f "$0")")/fault.sh"

serve "${site[@]}" --workers 1
make_plan
idle=$(descriptors)
# Large in three ways: one long text, many containers, many small values.
jq -c '.request.object.metadata.annotations.filler = ("x" * 8380000)' "$work/compliant.json" >"$work/text.json"
jq -c '.request.object.spec.containers[0] as $c | .request.object.spec.containers = [range(30000) | $c + {name: "c\(.)"}]' \
	"$work/compliant.json" >"$work/containers.json"
jq -c '.request.object.spec.containers[0].env += [range(160000) | {name: "SETTING_\(.)", value: "value-\(.)"}]' \
	"$work/compliant.json" >"$work/values.json"

# heavy NAME: asks for it, over and over, with two requests at once until $work/enough is there
heavy() {
	local status
	while [ ! -e "$work/enough" ]; do
		status=$(curl -sS --max-time 60 --cacert "$work/tls.crt" -H 'Content-Type: application/json' -H 'Expect:' \
			--data-binary "@$work/$1.json" -o "$work/heavy-body-$2" -w '%{http_code}' "$url/validate")
		echo "$status $(jq -c '[.response.allowed, .response.status.code // 0]' "$work/heavy-body-$2")" >>"$work/heavy-$1"
	done
}

# kind | what is right: HTTP status, allowed, code
while IFS='|' read -r kind answers; do
	[ "$(stat -c %s "$work/$kind.json")" -ge 6000000 ] || fail "$kind.json is not large"
	rm -f "$work/enough"
	for i in 1 2 3 4; do
		heavy "$kind" "$i" &
		begun="$begun $!"
		heavies[i]=$!
	done
	good 4 -r 50 -c 8
	good_is "four at a time with 8 MiB: $kind" '.lost == 0 and .wrong == 0 and .resent == 0 and .unconnected == 0'
	touch "$work/enough"
	wait "${heavies[@]}"
	grep -qE "$answers" "$work/heavy-$kind" || fail "$kind: $(sort "$work/heavy-$kind" | uniq -c)"
	grep -vE "$answers" "$work/heavy-$kind" && fail "$kind is answered like this"
	echo "        the large ones: $(sort "$work/heavy-$kind" | uniq -c | xargs)"
	alive
done <<'TABLE'
text|^(200 \[true,0\]|503 .*)$
containers|^(200 \[(true|false),(0|413)\]|503 .*)$
values|^(200 \[(true|false),(0|413)\]|503 .*)$
TABLE
nothing_is_left "$idle"
echo "ok      nothing is left of them"
