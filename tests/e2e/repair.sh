#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A plain pod is denied for its registry and for the missing proxy; the patch of
# /mutate, applied by an independent implementation of RFC 6902, makes a pod
# that /validate allows and that a second /mutate leaves alone.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

serve --policies builtin:aws-govcloud --facts "$SOURCE/policies/sample-site.yaml"

# want 'jq filter' 'what it means': of the answer in $work/body
want() { jq -e ".response | $1" "$work/body" >/dev/null || fail "$2: $(jq -c .response "$work/body")"; }

review=$SOURCE/tests/fixtures/pod-plain-create.json

status=$(post /validate "$review")
[ "$status" = 200 ] || fail "/validate: HTTP $status"
want '.allowed == false and .status.code == 403' "the plain pod is not denied"
want '.status.message | contains("registry/fips-endpoints") and contains("container-registry") and contains("/spec/containers/0/image")' \
	"the denial does not name the registry rule, its layer and its path"
want '.status.message | contains("sidecar/fips-proxy") and contains("service-to-service")' "the denial does not name the sidecar"
want '.status.message | contains("found: nginx") and contains("wanted: ") and contains("fix: ")' "the denial does not say found, wanted and fix"

post /mutate "$review" >/dev/null
want '.allowed and .patchType == "JSONPatch"' "there is no patch"
jq -r .response.patch "$work/body" | base64 -d >"$work/patch.json"

# /usr/bin/python3: the interpreter that Debian's python3-jsonpatch belongs to.
/usr/bin/python3 - "$review" "$work/patch.json" >"$work/repaired.json" <<'PYTHON'
import json, sys
import jsonpatch

review = json.load(open(sys.argv[1]))
patch = jsonpatch.JsonPatch(json.load(open(sys.argv[2])))
review["request"]["object"] = patch.apply(review["request"]["object"])
json.dump(review, sys.stdout)
PYTHON

post /validate "$work/repaired.json" >/dev/null
want '.allowed == true' "the repaired pod is still denied"
post /mutate "$work/repaired.json" >/dev/null
want '.allowed == true and (has("patch") | not)' "a second /mutate still has a patch"
jq -e '.request.object.spec | (.containers[0].image | endswith("/docker-hub/library/nginx:latest"))
	and (.initContainers[0] | .name == "fips-proxy" and .restartPolicy == "Always")' "$work/repaired.json" >/dev/null ||
	fail "the patch did something else: $(cat "$work/patch.json")"
alive
echo "denied, repaired, allowed, left alone"
