#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Bad input that is not HTTP framing (framing.sh): each gets one clear answer
# that names what is wrong and where, nothing of it is admitted, the server goes
# on and does not grow. And policies with a mistake: no start, exit 2, the place.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

good=$SOURCE/tests/fixtures/pod-plain-create.json
serve --policies builtin:aws-govcloud --facts "$SOURCE/policies/sample-site.yaml"

# make NAME 'jq filter': a review made of the plain pod, in compact form, as the API server writes
make() { jq -c "$2" "$good" >"$work/$1.json"; }

# refused NAME STATUS 'text': no review can be answered; the error names `text`
refused() {
	local status
	for path in /validate /mutate; do
		status=$(post "$path" "$work/$1.json")
		[ "$status" = "$2" ] || fail "$1 at $path: HTTP $status, wanted $2: $(head -c 300 "$work/body")"
		grep -qF -- "$3" "$work/body" || fail "$1 at $path: does not name \`$3\`: $(head -c 300 "$work/body")"
	done
}

# denied NAME CODE 'text': answered, not allowed, with the uid
denied() {
	local status
	for path in /validate /mutate; do
		status=$(post "$path" "$work/$1.json")
		[ "$status" = 200 ] || fail "$1 at $path: HTTP $status: $(head -c 300 "$work/body")"
		jq -e --argjson code "$2" --arg text "$3" --arg uid bb99cf32-8913-475c-8d08-ded59c80a832 '.response
			| .uid == $uid and .allowed == false and .status.code == $code and (has("patch") | not)
			and (.status.message | contains($text))' "$work/body" >/dev/null ||
			fail "$1 at $path: wanted a denial with $2 and \`$3\`: $(head -c 500 "$work/body")"
	done
}

# Not JSON, or not a review.
head -c 700 "$good" >"$work/truncated.json"
sed 's/"spec":{/"spec":{{/' "$good" >"$work/malformed.json"
: >"$work/empty.json"
printf 'kind: AdmissionReview\n' >"$work/yaml.json"
sed 's/"name":"plain"/"name":"pl\xff\xfein"/' "$good" >"$work/utf8.json"
make no-uid 'del(.request.uid)'
make number-uid '.request.uid = 7'
make no-request 'del(.request)'
make pod '.request.object'
make v1beta1 '.apiVersion = "admission.k8s.io/v1beta1"'
refused truncated 400 'byte 700'
refused malformed 400 'byte'
refused yaml 400 'byte 0'
refused utf8 400 'UTF-8'
refused no-uid 400 'request.uid'
refused number-uid 400 'request.uid'
refused no-request 400 'request'
refused pod 400 'AdmissionReview'
refused v1beta1 400 'admission.k8s.io/v1'
for path in /validate /mutate; do
	status=$(post "$path" "$work/empty.json")
	[ "$status" = 400 ] || fail "an empty body at $path: HTTP $status"
done

# A review, but not one that can be judged: denied, whatever failurePolicy says.
make no-object '.request.object = null'
make wrong-type '.request.object.spec.containers = {"name": "web"}'
make wrong-image '.request.object.spec.containers[0].image = ["nginx"]'
make wrong-envelope '.request.operation = 1'
sed 's/"containers":\[/"containers":[],"containers":[/' "$good" >"$work/duplicate.json"
brackets=$(printf '%0100000d' 0)
printf 's/"spec":{/"spec":{"deep":%s%s,/' "${brackets//0/[}" "${brackets//0/]}" >"$work/deep.sed"
sed -f "$work/deep.sed" "$good" >"$work/deep.json"
head -c 20000000 /dev/zero | tr '\0' x >"$work/x"
{ head -c -4 "$good"; printf ',"padding":"'; cat "$work/x"; printf '"}}\n'; } >"$work/huge.json"
denied no-object 400 'request.object'
denied wrong-type 400 '/spec/containers'
denied wrong-image 400 '/spec/containers/0/image'
denied wrong-envelope 400 'request.operation'
denied duplicate 400 '/spec/containers'
denied deep 413 'levels'
denied huge 413 '--max-body'

# An image reference of 64 KB is no reference, and its denial stays short.
make long-image '.request.object.spec.containers[0].image = "registry.example.gov/" + ("a" * 65536)'
post /validate "$work/long-image.json" >/dev/null
jq -e '.response | .allowed == false and .status.code == 403 and (.status.message | length < 4097)' "$work/body" >/dev/null ||
	fail "an image of 64 KB: $(head -c 300 "$work/body")"
post /mutate "$work/long-image.json" >/dev/null
jq -e '.response | if has("patch") then .patch | @base64d | contains("aaaa") | not else true end' "$work/body" >/dev/null ||
	fail "an image of 64 KB was rewritten"

# Kinds nobody knows are allowed; versions nobody knows keep their paths.
make kind '.request.kind = {group: "example.gov", version: "v1", kind: "Widget"} | .request.object.kind = "Widget" | .request.object.apiVersion = "example.gov/v1"'
make version '.request.kind.version = "v9" | .request.object.apiVersion = "v9"'
post /validate "$work/kind.json" >/dev/null
jq -e '.response.allowed' "$work/body" >/dev/null || fail "an unknown kind is not allowed"
post /validate "$work/version.json" >/dev/null
jq -e '.response.allowed == false and .response.status.code == 403' "$work/body" >/dev/null || fail "an unknown version is not judged"

# All of it again and again: memory stays where it is.
again() {
	local name
	for name in truncated malformed utf8 no-uid duplicate deep huge long-image wrong-type; do
		post /validate "$work/$name.json" >/dev/null
	done
}
again
before=$(rss)
for _ in 1 2 3 4 5; do again; done
after=$(rss)
[ $((after - before)) -lt "${RSS_SLACK_KB:-8192}" ] || fail "resident memory grew from $before to $after KiB"
alive

# Policies with a mistake.
for mistake in misspelt-key bad-glob unknown-rule-type unknown-fact-set yaml-bomb cyclic-alias; do
	dir=$SOURCE/tests/policies/$mistake
	status=0
	(cd "$dir" && refuses_to_start --policies policy.yaml) || status=$?
	[ "$status" = 2 ] || fail "$mistake: exit $status, wanted 2"
	grep -qF -- "$(jq -Rr 'tojson[1:-1]' "$dir/want-error")" "$work/refused.log" || fail "$mistake: the log does not say where: $(cat "$work/refused.log")"
done
alive
echo "resident memory $before, then $after KiB"
