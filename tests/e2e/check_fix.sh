#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Repairs in files that people keep: what `check --diff | patch -p1` and `check
# --fix` write is what was asked for, in pods and in templates, and comments,
# order, quotes and line ends are as they were.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
cd "$work"

cat >policies.yaml <<'POLICIES'
apiVersion: fipsgate.io/v1alpha1
kind: FipsPolicy
metadata: { name: all }
spec:
  mode: enforce
  rules:
    - { name: hosts, type: image-endpoints, allow: [reg.example.gov], rewrite: [{ from: docker.io/, to: reg.example.gov/hub/ }] }
    - { name: nodes, type: node-selector, allow: ["fips=on"], set: fips=on }
    - name: variables
      type: required-env
      env: [{ name: AWS_USE_FIPS_ENDPOINT, value: "true" }, { name: GODEBUG, value: fips140=on, item: true }]
POLICIES
export FIPSGATE_POLICIES=policies.yaml FIPSGATE_TODAY=2026-11-22

mkdir -p tree/charts
cat >tree/charts/web.yaml <<'WEB'
# The shop, as it runs since March.
apiVersion: apps/v1
kind: Deployment # not a StatefulSet
metadata: {name: web,   namespace: shop}

spec:
    selector: {matchLabels: {app: "web"}}
    template:
        metadata:
            labels: {app: "web"}
        spec:
            # nothing else fits on one node
            containers:
              # the server
              -   name: web
                  image: 'nginx:1.27'   # pinned by hand
                  env:
                    - name: AWS_USE_FIPS_ENDPOINT
                      value: "false"    # why?
                    # - name: OLD
                  args: [ "--port", '8080' ]
              - name: log

                image: "busybox"
                command:
                  - sh
                  - -c
                  - |
                    # this is no comment
                    tail -f /var/log/web
            # the end
---
# the second
apiVersion: v1
kind: Pod
metadata:
  name: one
spec:
  nodeSelector: {}   # anywhere
  containers:
  - {name: one, image: redis}
# nothing follows
WEB
printf '%s\r\n' 'apiVersion: v1' 'kind: Pod' 'metadata:' '  name: dos # CRLF' 'spec:' '  nodeSelector:' '  containers:' \
	'  - image: redis' '    name: dos' >tree/dos.yaml
cat >tree/pretty.json <<'JSON'
{
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": { "name": "json", "annotations": {"note": "\ud83d\ude00"} },
    "spec": {
        "containers": [
            {
                "name": "json",
                "image": "nginx:1"
            }
        ]
    }
}
JSON
printf '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"small"},"spec":{"containers":[{"name":"a","image":"nginx"}]}}' \
	>tree/small.json
cat >tree/list.yaml <<'LIST'
apiVersion: v1
kind: List
items:
  # first
  - apiVersion: v1
    kind: Pod
    metadata: {name: a}
    spec: {containers: [{name: a, image: nginx}]} # in braces
  - apiVersion: batch/v1
    kind: CronJob
    metadata:
      name: b
    spec:
      schedule: "0 0 * * *"
      jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: b, image: nginx}]}}}}
LIST

status=0
"$FIPSGATE" check --diff tree >diff 2>text || status=$?
[ "$status" -eq 0 ] || [ "$status" -eq 1 ] || { cat text >&2; fail "--diff: exit $status"; }
! grep -q 'is left as it is' text || { cat text >&2; fail "repairs were left"; }
cp -r tree before
cp -r tree fixed
patch -s -p1 --binary <diff || fail "the difference does not apply"

# removed FILE LINES: how many lines of the old file are gone or changed
removed() {
	local gone
	gone=$(diff "before/$1" "tree/$1" | grep -c '^<' || true)
	[ "$gone" -eq "$2" ] || { diff "before/$1" "tree/$1" >&2 || true; fail "$1: $gone lines changed, wanted $2"; }
}
removed charts/web.yaml 5 # two images, a value, an empty selector, the pod in braces
removed dos.yaml 1
removed pretty.json 2 # two lines that get a comma
removed small.json 1
removed list.yaml 2

for file in charts/web.yaml dos.yaml list.yaml; do
	for side in before tree; do grep -oE '#.*' "$side/$file" | tr -d '\r' >"$side.comments"; done
	cmp -s before.comments tree.comments || { diff before.comments tree.comments >&2 || true; fail "$file: comments differ"; }
done
[ "$(grep -c $'\r$' tree/dos.yaml)" -eq "$(wc -l <tree/dos.yaml)" ] || fail "a line of dos.yaml ends otherwise"
[ "$(wc -l <tree/small.json)" -eq 0 ] || fail "small.json has become more than a line"
# shellcheck disable=SC2016 # jq's own
jq -e '.spec | .nodeSelector.fips == "on" and .containers[0].env[1] == {name: "GODEBUG", value: "fips140=on"}' tree/small.json \
	>answer || fail "small.json says something else: $(cat tree/small.json)"
grep -qF '\ud83d\ude00' tree/pretty.json || fail "pretty.json was spelled anew"
grep -q '^        "nodeSelector": {$' tree/pretty.json || { cat tree/pretty.json >&2; fail "pretty.json is not pretty"; }

cat >want <<'WANT'
            containers:
              # the server
              -   name: web
                  image: 'reg.example.gov/hub/library/nginx:1.27'   # pinned by hand
                  env:
                    - name: AWS_USE_FIPS_ENDPOINT
                      value: "true"    # why?
                    # - name: OLD
                    - name: GODEBUG
                      value: fips140=on
                  args: [ "--port", '8080' ]
WANT
sed -n '/^            containers:/,/args/p' tree/charts/web.yaml | diff want - || fail "web.yaml has become something else"

# What was repaired is clean, and there is nothing left to do.
"$FIPSGATE" check tree >text 2>&1 || { cat text >&2; fail "something is not clean after the repair"; }
"$FIPSGATE" check --diff tree >diff 2>text
[ ! -s diff ] || { cat diff >&2; fail "a second --diff has something to say"; }

# --fix writes the same, and twice is once.
(cd fixed && "$FIPSGATE" check --policies ../policies.yaml --fix . >text 2>&1) || true
rm -f fixed/text
diff -r tree fixed || fail "--fix writes something else"
cp -r fixed again
"$FIPSGATE" check --fix again >text 2>&1
diff -r fixed again || fail "a second --fix changes something"
! grep -q '^fixed' text || fail "a second --fix says that it changed something"

# What is reached through an alias is told, and left.
mkdir alias
cat >alias/a.yaml <<'ALIAS'
apiVersion: v1
kind: Pod
metadata: { name: a }
spec:
  nodeSelector: &nodes
    disk: ssd
  containers:
  - &one
    name: a
    image: &image nginx
  - <<: *one
    name: b
  initContainers:
  - { name: c, image: *image }
  affinity: { nodeAffinity: {}, podAffinity: *nodes }
ALIAS
cp alias/a.yaml before/alias.yaml
"$FIPSGATE" check --fix alias >text 2>&1 || true
for why in 'the alias on line 11 refers to' 'reached through `<<` on line 11' 'the alias on line 14'; do
	grep -qF -- "$why" text || { cat text >&2; fail "does not say: $why"; }
done
cp alias/a.yaml tree/alias.yaml
removed alias.yaml 1 # the container in braces, which gets an environment of its own
diff <(sed '/initContainers/,$d' before/alias.yaml) <(sed '/- name: AWS/,$d' tree/alias.yaml | sed '/ env:/d') ||
	fail "what an alias refers to was changed"
echo "repaired with comments, quotes, order and line ends; twice is once; aliases are left"
