#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Objects as large as the API server lets anybody send (3 MiB), each with very
# many of one thing: every one gets its answer, HTTP 200 and its uid, while curl
# still waits, and where memory runs out that answer is a denial.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

compliant=$SOURCE/deploy/examples/compliant.json
prefix=service.beta.kubernetes.io/aws-load-balancer-
serve --policies builtin:aws-govcloud --facts "$SOURCE/policies/sample-site.yaml"

# answered NAME ALLOWED 'jq filter that makes the review of a compliant pod large'
answered() {
	local status
	jq -c --arg prefix "$prefix" "$3" "$compliant" | sed 's/</\\u003c/g' >"$work/review.json" # as Go writes it
	for path in /validate /mutate; do
		status=$(post "$path" "$work/review.json") || fail "$1 at $path: no answer"
		[ "$status" = 200 ] || fail "$1 at $path: HTTP $status: $(head -c 300 "$work/body")"
		jq -e '.response | .uid == "4f1c6d1e-3a55-4a5e-9f6a-000000000002" and (.allowed | type == "boolean")' \
			"$work/body" >/dev/null || fail "$1 at $path: no such answer: $(head -c 300 "$work/body")"
		[ "$path" = /mutate ] || [ "$(jq .response.allowed "$work/body")" = "$2" ] ||
			fail "$1: allowed is not $2: $(head -c 500 "$work/body")"
	done
}

service='.request.kind = {group: "", version: "v1", kind: "Service"} | .request.object = {apiVersion: "v1", kind: "Service",
	metadata: {name: "api", annotations: {($prefix + "ssl-cert"): "arn:x", ($prefix + "ssl-ports"): ENTRIES}},
	spec: {type: "LoadBalancer", ports: [range(80000) | {port: (. % 60000 + 1000)}]}}'
answered ports-by-entries false "${service/ENTRIES/'("1," * 700000 + "1000")'}"
answered ports-that-are-not-there false "${service/ENTRIES/'("1," * 700000)'}"

proxy=.request.object.spec.initContainers[0]
answered env false "$proxy.env = [range(170000) | {name: \"A\\(. / 2 | floor)\"}]"
answered mounts false "$proxy.volumeMounts = [range(60000) | {name: \"v\", mountPath: \"/a\\(. / 2 | floor)/..\"}]"
answered ports false "$proxy.ports = [range(100000) | {containerPort: .}]"
answered containers false '.request.object.spec.containers = [range(80000) | {name: "a\(.)", image: "nginx"}]'
answered volumes false '.request.object.spec.volumes = [range(70000) | {name: "a\(.)", hostPath: {path: "/"}}]'
answered annotations true '.request.object.metadata.annotations = ([range(200000) | {key: "a\(.)", value: ""}] | from_entries)'

# An UPDATE carries the object twice, and each `<` takes six bytes: what most of that comes to fits.
update='.request.operation = "UPDATE" | .request.object.metadata.annotations.filler = FILLER | .request.oldObject = .request.object'
answered update true "${update/FILLER/'("x" * 3000000)'}"
answered update-of-signs true "${update/FILLER/'("<" * 1000000)'}"
answered update-beyond-max-body false "${update/FILLER/'("<" * 3000000)'}"
jq -e '.response.status | .code == 413 and (.message | contains("--max-body"))' "$work/body" >/dev/null || fail "it does not say why: $(cat "$work/body")"
alive
