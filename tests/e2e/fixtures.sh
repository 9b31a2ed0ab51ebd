#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every review that a real API server sent, posted over TLS to all four paths:
# HTTP 200 and a well-formed AdmissionReview response with the request's uid.
# What each answer says is in tests/cases/fixtures.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

serve --policies builtin:aws-govcloud --facts "$SOURCE/policies/sample-site.yaml"

# well_formed FILE STATUS: the answer in $work/body to the review in FILE
well_formed() {
	[ "$2" = 200 ] || fail "$path < ${1##*/}: HTTP $2: $(head -c 300 "$work/body")"
	jq -e --argjson request "$(jq .request "$1")" '
		.kind == "AdmissionReview" and .apiVersion == "admission.k8s.io/v1"
		and (.response | type == "object"
			and .uid == $request.uid
			and (.allowed | type == "boolean")
			and (has("patch") == has("patchType"))
			and (if .allowed then true else (.status.code | type == "number") and (.status.message | length > 0) end)
			and (if has("patch") then .allowed and .patchType == "JSONPatch" and (.patch | @base64d | fromjson | type == "array") else true end))
	' "$work/body" >/dev/null || fail "$path < ${1##*/}: not a well-formed response: $(head -c 300 "$work/body")"
}

count=0
for file in "$SOURCE"/tests/fixtures/*.json; do
	for path in /validate /mutate /validate/enforce /validate/audit "/mutate?timeout=5s"; do
		well_formed "$file" "$(post "$path" "$file")"
		count=$((count + 1))
	done
done
[ "$count" -ge 170 ] || fail "only $count answers: are the fixtures there?"
alive
echo "$count answers, all well-formed"
